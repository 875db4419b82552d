//! `POST /cases/{id}/reopen`: the manager takes a case up again.

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

/// Takes a contested or closed case up again.
#[utoipa::path(
    tag = "actions", operation_id = "reopen_case", params(("id" = CaseId, Path), IfMatchHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/cases/{id}/reopen")]
pub async fn reopen_case(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    seen: IfMatch,
    body: Body<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.value.parse()?;
    act(&state, &visitor, *id, seen, Command::Reopen { reason }).await
}
