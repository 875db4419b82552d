//! `POST /cases/{id}/reject`: a case is not taken on.

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

/// Does not take a case on; the reason is shown to the resident.
#[utoipa::path(
    tag = "actions", operation_id = "reject_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/reject")]
pub async fn reject_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.parse()?;
    call.act(&state, Command::Reject { reason }).await
}
