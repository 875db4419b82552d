//! `POST /cases/{id}/unmerge`: lets a case go its own way again.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;

use super::call::ActionCall;
use super::merge_case::MergeProblems;
use crate::error::ApiError;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

/// Takes a case out of its leading case, back to where it stood, unless that one was closed with an answer.
#[utoipa::path(
    tag = "actions", operation_id = "unmerge_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader),
    responses((status = 200, body = CaseBody), MergeProblems),
    security(("account" = []))
)]
#[post("/unmerge")]
pub async fn unmerge_case(state: web::Data<AppState>, call: ActionCall) -> Result<HttpResponse, ApiError> {
    call.act(&state, Command::Unmerge).await
}
