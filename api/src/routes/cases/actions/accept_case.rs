//! `POST /cases/{id}/accept`: the member takes a case on.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;

use super::ActionProblems;
use super::call::ActionCall;
use crate::error::ApiError;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

/// Takes an assigned case on.
#[utoipa::path(
    tag = "actions", operation_id = "accept_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader),
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/accept")]
pub async fn accept_case(state: web::Data<AppState>, call: ActionCall) -> Result<HttpResponse, ApiError> {
    call.act(&state, Command::Accept).await
}
