//! `POST /cases/{id}/escalate`: raises a case (督办).

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;

use super::{ActionProblems, ReasonBody, act};
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::cases::body::CaseBody;
use crate::routes::if_match::{IfMatch, IfMatchHeader};
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// Raises a case one level; the resident may when it is overdue.
#[utoipa::path(
    tag = "actions", operation_id = "escalate_case", params(("id" = CaseId, Path), IfMatchHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/cases/{id}/escalate")]
pub async fn escalate_case(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    seen: IfMatch,
    body: Body<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.value.parse()?;
    act(&state, &visitor, *id, seen, Command::Escalate { reason }).await
}
