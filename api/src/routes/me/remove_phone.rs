//! `DELETE /me/phone`

use actix_web::{HttpResponse, delete, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::own_phone;
use crate::state::AppState;

/// Removes the caller's number: no text message goes there any more. Repeating it changes nothing.
#[utoipa::path(
    tag = "me",
    operation_id = "remove_phone",
    responses((status = 204, description = "There is none any more.")),
    security(("account" = []))
)]
#[delete("/phone")]
pub async fn remove_phone(state: web::Data<AppState>, caller: Caller) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    own_phone::remove(&state, caller.account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
