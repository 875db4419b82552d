//! `POST /cases/{id}/accept`: the member takes a case on.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;

use super::{ActionProblems, act};
use crate::error::ApiError;
use crate::routes::cases::body::CaseBody;
use crate::routes::if_match::{IfMatch, IfMatchHeader};
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// Takes an assigned case on.
#[utoipa::path(
    tag = "actions", operation_id = "accept_case", params(("id" = CaseId, Path), IfMatchHeader),
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/cases/{id}/accept")]
pub async fn accept_case(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    seen: IfMatch,
) -> Result<HttpResponse, ApiError> {
    act(&state, &visitor, *id, seen, Command::Accept).await
}
