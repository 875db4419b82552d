//! `POST /cases/{id}/merge`: lets a case follow another one (并案).

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::call::ActionCallWith;
use crate::error::ApiError;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::routes::problems::problems;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

problems!(pub(super) MergeProblems: NotAllowed, WrongState, BadLeader, LeadsOthers, VersionConflict,
    IdempotencyKeyReused);

/// Lets a case follow another one of the committee, for a manager of both. Its resident hears the leading
/// case's answer. An ended case, a follower, or the case itself can't lead; a case that leads others can't
/// follow.
#[utoipa::path(
    tag = "actions", operation_id = "merge_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = MergeBody,
    responses((status = 200, body = CaseBody), MergeProblems),
    security(("account" = []))
)]
#[post("/merge")]
pub async fn merge_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<MergeBody>,
) -> Result<HttpResponse, ApiError> {
    call.act(&state, Command::Merge { leading_case_id: body.leading_case_id }).await
}

/// Which case it follows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    /// The leading case.
    leading_case_id: CaseId,
}
