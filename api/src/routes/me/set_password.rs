//! `PUT /me/password`

use actix_web::{HttpResponse, put, web};
use domain::text::Name;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::body::Body;
use crate::routes::client_address::ClientAddress;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::own_password::{self, NewPassword, OwnPasswordError};
use crate::state::AppState;

/// The shortest password, in characters: NIST SP 800-63B asks for 8 at least, and for no rules beyond.
const SHORTEST: usize = 10;
/// The longest, in bytes.
const LONGEST: usize = 256;

/// A password to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The name to log in with; at most 60 characters.
    login: String,
    /// 10 characters at least, 256 bytes at most, without the login name.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// The password until now, where there is one.
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<SecretString>,
}

problems!(Problems: NotAllowed, LoginFailed, LoginDelayed, AlreadyExists);

/// Sets or changes the caller's password; all other logins of the account end. For staff.
#[utoipa::path(
    tag = "me",
    operation_id = "set_password",
    request_body = PasswordBody,
    responses((status = 204, description = "It is set."), Problems),
    security(("account" = []))
)]
#[put("/password")]
pub async fn set_password(
    state: web::Data<AppState>,
    caller: Caller,
    address: ClientAddress,
    body: Body<PasswordBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    guard::login(&state, address).await?;
    own_password::set(&state, &caller, body.value.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl PasswordBody {
    fn parse(self) -> Result<NewPassword, ApiError> {
        let mut fields = Fields::default();
        let login = fields.text("/login", &self.login, Name::parse);
        let password = self.password.expose_secret();
        if password.chars().count() < SHORTEST || password.len() > LONGEST {
            fields.wrong("/password", "invalid", "密码至少 10 个字符，最多 256 个字节。");
        } else if login.as_ref().is_some_and(|login| password.contains(login.as_str())) {
            fields.wrong("/password", "contains_login", "密码不能包含用户名。");
        }
        let (password, current) = (self.password, self.current_password);
        fields.finish(login.map(|login| NewPassword { login, password, current }))
    }
}

impl From<OwnPasswordError> for ApiError {
    fn from(error: OwnPasswordError) -> Self {
        match error {
            OwnPasswordError::NotStaff => Self::new(ErrorCode::NotAllowed),
            OwnPasswordError::LoginTaken => {
                Self::new(ErrorCode::AlreadyExists).detail("这个用户名已被使用，请换一个。")
            }
            OwnPasswordError::Current(error) => error.into(),
            OwnPasswordError::Hash(error) => Self::new(ErrorCode::Internal).source(error),
            OwnPasswordError::Store(error) => error.into(),
        }
    }
}
