//! `DELETE /me/case-views/{id}`

use actix_web::{HttpResponse, delete, web};
use domain::ids::SavedViewId;

use super::KeepProblems;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::service::saved_views;
use crate::state::AppState;

/// Removes one of the caller's views.
#[utoipa::path(
    tag = "me", operation_id = "delete_case_view", params(("id" = SavedViewId, Path), IdempotencyKeyHeader),
    responses((status = 204, description = "It is gone."), KeepProblems),
    security(("account" = []))
)]
#[delete("/{id}")]
pub async fn delete_case_view(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<SavedViewId>,
    key: MaybeIdempotencyKey,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let content = format!("DELETE {id}");
    let request = key.request("case-views", Some(caller.account_id), content.as_bytes());
    saved_views::remove(&state, &caller, *id, request.as_ref()).await?;
    Ok(HttpResponse::NoContent().finish())
}
