//! `POST /cases/{id}/object`: the department objects to a dispatch.

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

/// The department objects, within two working days of the dispatch.
#[utoipa::path(
    tag = "actions", operation_id = "object_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ReasonBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/cases/{id}/object")]
pub async fn object_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ReasonBody>,
) -> Result<HttpResponse, ApiError> {
    let reason = body.parse()?;
    call.act(&state, Command::Object { reason }).await
}
