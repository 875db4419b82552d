//! `POST /me/bindings`

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::routes::sessions::AccountBody;
use crate::service::invitations::{self, InviteCode};
use crate::state::AppState;
use crate::wechat::PhoneCode;

/// What proves that the caller is the invited person: exactly one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBinding {
    /// The code of an invitation.
    #[schema(max_length = 64)]
    invite_code: Option<String>,
    /// What WeChat's phone button gave, where the invitation names the phone number.
    #[schema(max_length = 128)]
    phone_code: Option<String>,
}

problems!(Problems: InvitationInvalid, NotAllowed, WechatCodeInvalid, WechatUnavailable);

/// Takes an invitation: the caller becomes the member, manager, officer or admin that it names.
/// Repeating it changes nothing.
#[utoipa::path(
    tag = "me",
    operation_id = "bind_me",
    security(("account" = [])),
    request_body = NewBinding,
    responses((status = 201, description = "The caller with all roles.", body = AccountBody), Problems)
)]
#[post("/bindings")]
pub async fn bind_me(
    app: web::Data<AppState>,
    caller: Caller,
    body: Body<NewBinding>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&app, &caller)?;
    let identity = match (&body.value.invite_code, &body.value.phone_code) {
        (Some(code), None) => {
            let code = InviteCode::parse(code).ok_or_else(|| ApiError::new(ErrorCode::InvitationInvalid))?;
            invitations::accept_code(&app, caller.account_id, &code).await?
        }
        (None, Some(code)) => {
            let code = PhoneCode::parse(code).ok_or_else(|| {
                ApiError::invalid(vec![FieldError::new("/phone_code", "invalid", "手机号凭证格式不正确。")])
            })?;
            invitations::accept_phone(&app, caller.account_id, &code).await?
        }
        _ => {
            let detail = "请提供邀请码或手机号凭证中的一项。";
            return Err(ApiError::invalid(vec![FieldError::new("", "exactly_one", detail)]));
        }
    };
    let body = AccountBody::from(identity);
    Ok(HttpResponse::Created().insert_header((CACHE_CONTROL, "no-store")).json(body))
}
