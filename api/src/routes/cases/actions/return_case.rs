//! `POST /cases/{id}/return`: the member hands a case back.

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

/// Hands a case back to the station manager; its clock goes on.
#[utoipa::path(
    tag = "actions", operation_id = "return_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/return")]
pub async fn return_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.parse()?;
    call.act(&state, Command::Return { reason }).await
}
