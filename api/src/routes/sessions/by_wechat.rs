//! `POST /sessions/wechat`

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{self, SessionBody};
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::client_address::ClientAddress;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::sessions;
use crate::state::AppState;
use crate::wechat::{LoginCode, WeChatError};

/// A login by WeChat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeChatLogin {
    /// The code that `wx.login` gave; good once.
    #[schema(max_length = 128)]
    js_code: String,
    /// The mini-program that it was given in. May be left out in the first or only one of the deployment.
    #[schema(max_length = 64)]
    appid: Option<String>,
}

problems!(Problems: WechatCodeInvalid, WechatUserBlocked, AccountDisabled, WechatUnavailable);

/// Logs in by WeChat. Who comes for the first time gets an account.
#[utoipa::path(
    tag = "sessions",
    operation_id = "log_in_with_wechat",
    request_body = WeChatLogin,
    responses((status = 201, description = "A session.", body = SessionBody), Problems)
)]
#[post("/wechat")]
pub async fn log_in_with_wechat(
    app: web::Data<AppState>,
    address: ClientAddress,
    body: Body<WeChatLogin>,
) -> Result<HttpResponse, ApiError> {
    guard::login(&app, address).await?;
    let WeChatLogin { js_code, appid } = &body.value;
    let mut fields = Fields::default();
    let code = LoginCode::parse(js_code);
    if code.is_none() {
        fields.wrong("/js_code", "invalid", "微信登录凭证格式不正确。");
    }
    // A package that does not send its appid is one of the first mini-program.
    let client = appid.as_ref().map_or_else(|| app.wechat.main(), |appid| app.wechat.of(appid));
    if let Err(WeChatError::UnknownApp { .. }) = &client {
        fields.wrong("/appid", "unknown", "这个小程序不属于本服务。");
    }
    let code = fields.finish(code)?;
    Ok(view::created(sessions::log_in_with_wechat(&app, client?, &code).await?))
}
