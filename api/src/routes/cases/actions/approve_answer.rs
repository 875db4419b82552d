//! `POST /cases/{id}/approve`: the manager signs the member's answer off.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ActionProblems;
use super::call::ActionCallWith;
use crate::error::ApiError;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::routes::problems::problems;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

problems!(Problems: AnswerChanged);

/// Sends the answer that waits, as the member's. The resident then has 14 days to confirm or contest.
#[utoipa::path(
    tag = "actions", operation_id = "approve_answer", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ApproveBody,
    responses((status = 200, body = CaseBody), ActionProblems, Problems),
    security(("account" = []))
)]
#[post("/approve")]
pub async fn approve_answer(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ApproveBody>,
) -> Result<HttpResponse, ApiError> {
    call.act(&state, Command::Approve { answer: body.answer }).await
}

/// Which answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    /// `submitted_answer.seq` of the case: nobody signs words off that he has not seen.
    answer: i32,
}
