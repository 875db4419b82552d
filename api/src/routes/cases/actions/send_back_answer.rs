//! `POST /cases/{id}/send-back`: the manager gives the member's answer back.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ActionProblems;
use super::call::ActionCallWith;
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::routes::problems::problems;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

problems!(Problems: AnswerChanged);

/// Gives the answer that waits back to its member, who writes another one. The clock goes on.
#[utoipa::path(
    tag = "actions", operation_id = "send_back_answer", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = SendBackBody,
    responses((status = 200, body = CaseBody), ActionProblems, Problems),
    security(("account" = []))
)]
#[post("/send-back")]
pub async fn send_back_answer(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<SendBackBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// Which answer, and what is to be put right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBackBody {
    /// `submitted_answer.seq` of the case.
    answer: i32,
    /// What is to be put right, up to 500 characters.
    reason: String,
}

impl SendBackBody {
    /// The command, with every field checked.
    fn parse(&self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let reason = fields.text("/reason", &self.reason, Reason::parse);
        fields.finish(reason.map(|reason| Command::SendBack { answer: self.answer, reason }))
    }
}
