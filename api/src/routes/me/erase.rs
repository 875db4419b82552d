//! `DELETE /me`

use actix_web::{HttpResponse, delete, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::accounts;
use crate::state::AppState;

/// Erases the caller. The cases stay, without a trace of who raised them.
#[utoipa::path(
    tag = "me",
    operation_id = "erase_me",
    security(("account" = [])),
    responses((status = 204, description = "The account is erased."))
)]
#[delete("")]
pub async fn erase_me(app: web::Data<AppState>, caller: Caller) -> Result<HttpResponse, ApiError> {
    guard::account(&app, &caller)?;
    accounts::erase(&app, caller.account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
