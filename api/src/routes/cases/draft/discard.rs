//! `DELETE /cases/{id}/draft`: throws the draft away.

use actix_web::{HttpResponse, delete, web};
use domain::ids::CaseId;

use super::DraftProblems;
use crate::error::ApiError;
use crate::routes::cases::actions::ActionCall;
use crate::routes::guard;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::drafts;
use crate::state::AppState;

/// Throws the draft away that `If-Match` names; another one answers 412 with it in `current`.
#[utoipa::path(
    tag = "drafts", operation_id = "discard_draft", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader),
    responses((status = 204, description = "It is gone."), DraftProblems),
    security(("account" = []))
)]
#[delete("/draft")]
pub async fn discard_draft(state: web::Data<AppState>, call: ActionCall) -> Result<HttpResponse, ApiError> {
    guard::visit(&state, &call.visitor)?;
    drafts::discard(&state, &call.visitor, call.id, call.seen.0, call.request.as_ref()).await?;
    Ok(HttpResponse::NoContent().finish())
}
