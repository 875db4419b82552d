//! `POST /cases/{id}/reject`: a case is not taken on.

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

/// Does not take a case on; the reason is shown to the resident.
#[utoipa::path(
    tag = "actions", operation_id = "reject_case", params(("id" = CaseId, Path), IfMatchHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/cases/{id}/reject")]
pub async fn reject_case(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    seen: IfMatch,
    body: Body<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.value.parse()?;
    act(&state, &visitor, *id, seen, Command::Reject { reason }).await
}
