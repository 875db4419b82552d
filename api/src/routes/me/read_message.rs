//! `POST /me/messages/{id}/read`

use actix_web::{HttpResponse, post, web};
use domain::ids::MessageId;

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::guard;
use crate::service::notifications;
use crate::state::AppState;

/// Marks one of the caller's messages as read; again changes nothing.
#[utoipa::path(
    tag = "me",
    operation_id = "read_message",
    params(("id" = uuid::Uuid, Path, description = "The message.")),
    responses((status = 204, description = "It is marked as read.")),
    security(("account" = []))
)]
#[post("/messages/{id}/read")]
pub async fn read_message(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MessageId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    if notifications::mark_read(&state, caller.account_id, id.into_inner()).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(ApiError::new(ErrorCode::NotFound))
}
