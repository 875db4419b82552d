//! `DELETE /sessions/current`

use actix_web::{HttpResponse, delete, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::sessions;
use crate::state::AppState;

/// Logs out: the access token and all refresh tokens of this login are no good any more.
#[utoipa::path(
    tag = "sessions",
    operation_id = "end_session",
    security(("account" = [])),
    responses((status = 204, description = "The login has ended."))
)]
#[delete("/current")]
pub async fn end_session(app: web::Data<AppState>, caller: Caller) -> Result<HttpResponse, ApiError> {
    guard::account(&app, &caller)?;
    sessions::log_out(&app, caller.family_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
