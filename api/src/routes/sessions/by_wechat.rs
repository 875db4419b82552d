//! `POST /sessions/wechat`

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{self, SessionBody};
use crate::error::{ApiError, FieldError};
use crate::routes::body::Body;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::sessions;
use crate::state::AppState;
use crate::wechat::LoginCode;

/// A login by WeChat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeChatLogin {
    /// The code that `wx.login` gave; good once.
    #[schema(max_length = 128)]
    js_code: String,
}

problems!(Problems: WechatCodeInvalid, WechatUserBlocked, AccountDisabled, WechatUnavailable);

/// Logs in by WeChat. Who comes for the first time gets an account.
#[utoipa::path(
    tag = "sessions",
    operation_id = "log_in_with_wechat",
    request_body = WeChatLogin,
    responses((status = 201, description = "A session.", body = SessionBody), Problems)
)]
#[post("/sessions/wechat")]
pub async fn log_in_with_wechat(
    app: web::Data<AppState>,
    address: ClientAddress,
    body: Body<WeChatLogin>,
) -> Result<HttpResponse, ApiError> {
    guard::login(&app, address).await?;
    let code = LoginCode::parse(&body.value.js_code).ok_or_else(|| {
        ApiError::invalid(vec![FieldError::new("/js_code", "invalid", "微信登录凭证格式不正确。")])
    })?;
    Ok(view::created(sessions::log_in_with_wechat(&app, &code).await?))
}
