//! `POST /sessions/password`

use actix_web::{HttpResponse, post, web};
use domain::text::Name;
use secrecy::{ExposeSecret, SecretString};
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

/// The longest password that is looked at, in bytes.
const MAX_PASSWORD: usize = 256;

/// A login of staff.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordLogin {
    /// The login name.
    #[schema(max_length = 60)]
    login: String,
    /// The password.
    #[schema(value_type = String, format = Password, max_length = 256)]
    password: SecretString,
    /// The six digits of the second factor, where one is set.
    #[schema(value_type = Option<String>, pattern = "^[0-9]{6}$")]
    totp: Option<SecretString>,
}

impl PasswordLogin {
    /// The login name, when all fields can be what they claim to be.
    fn check(&self) -> Result<Name, ApiError> {
        let mut faults = Vec::new();
        let login = Name::parse(&self.login)
            .inspect_err(|_| faults.push(FieldError::new("/login", "invalid", "用户名应为 1 到 60 个字。")))
            .ok();
        if !(1..=MAX_PASSWORD).contains(&self.password.expose_secret().len()) {
            faults.push(FieldError::new("/password", "invalid", "密码长度不正确。"));
        }
        let six_digits = |code: &str| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        if self.totp.as_ref().is_some_and(|totp| !six_digits(totp.expose_secret())) {
            faults.push(FieldError::new("/totp", "invalid", "动态口令应为 6 位数字。"));
        }
        login.filter(|_| faults.is_empty()).ok_or_else(|| ApiError::invalid(faults))
    }
}

problems!(Problems: LoginFailed, AccountDisabled, LoginDelayed);

/// Logs staff in by password. After five wrong passwords each further one must wait, longer and
/// longer, also the right one.
#[utoipa::path(
    tag = "sessions",
    operation_id = "log_in_with_password",
    request_body = PasswordLogin,
    responses((status = 201, description = "A session.", body = SessionBody), Problems)
)]
#[post("/password")]
pub async fn log_in_with_password(
    app: web::Data<AppState>,
    address: ClientAddress,
    body: Body<PasswordLogin>,
) -> Result<HttpResponse, ApiError> {
    guard::login(&app, address).await?;
    let login = body.value.check()?;
    let PasswordLogin { password, totp, .. } = body.value;
    let totp = totp.as_ref().map(ExposeSecret::expose_secret);
    Ok(view::created(sessions::log_in_with_password(&app, &login, password, totp).await?))
}
