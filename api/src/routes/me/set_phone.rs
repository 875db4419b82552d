//! `PUT /me/phone`

use actix_web::{HttpResponse, put, web};
use domain::text::Phone;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::own_phone::{self, OwnPhoneError};
use crate::state::AppState;

/// A number for text messages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneBody {
    /// 7 to 15 digits; blanks, hyphens, brackets and a leading `+` are fine.
    #[schema(value_type = String, max_length = 30)]
    phone: SecretString,
}

problems!(Problems: NotAllowed);

/// Sets or changes the number to which the caller is told by text message what WeChat did not bring. For
/// staff; text messages name station, number and what there is to do, and nobody.
#[utoipa::path(
    tag = "me",
    operation_id = "set_phone",
    request_body = PhoneBody,
    responses((status = 204, description = "It is set."), Problems),
    security(("account" = []))
)]
#[put("/phone")]
pub async fn set_phone(
    state: web::Data<AppState>,
    caller: Caller,
    body: Body<PhoneBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let phone = Phone::parse(body.value.phone.expose_secret());
    if phone.is_none() {
        fields.wrong("/phone", "invalid", "请填写正确的电话号码。");
    }
    own_phone::set(&state, &caller, &fields.finish(phone)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<OwnPhoneError> for ApiError {
    fn from(error: OwnPhoneError) -> Self {
        match error {
            OwnPhoneError::NotStaff => Self::new(ErrorCode::NotAllowed),
            OwnPhoneError::Seal(error) => Self::new(ErrorCode::Internal).source(error),
            OwnPhoneError::Store(error) => error.into(),
        }
    }
}
