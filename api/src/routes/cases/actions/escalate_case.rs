//! `POST /cases/{id}/escalate`: raises a case (督办).

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;

use super::ReasonBody;
use super::call::ActionCallWith;
use crate::error::ApiError;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::routes::problems::problems;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

problems!(EscalateProblems: NotAllowed, WrongState, RaisedAlready, VersionConflict, IdempotencyKeyReused);

/// Raises a case one level: to the station's managers, to the committee, to the committee above. The
/// resident may when it is overdue.
#[utoipa::path(
    tag = "actions", operation_id = "escalate_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), EscalateProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/escalate")]
pub async fn escalate_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.parse()?;
    call.act(&state, Command::Escalate { reason }).await
}
