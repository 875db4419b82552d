//! `POST /cases/{id}/reopen`: the manager takes a case up again.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;

use super::call::ActionCallWith;
use super::{ActionProblems, ReasonBody};
use crate::error::ApiError;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

/// Takes a contested or closed case up again.
#[utoipa::path(
    tag = "actions", operation_id = "reopen_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/reopen")]
pub async fn reopen_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.parse()?;
    call.act(&state, Command::Reopen { reason }).await
}
