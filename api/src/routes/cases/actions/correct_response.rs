//! `POST /cases/{id}/correct-response`: puts a sent answer right, beside what was sent.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use domain::text::{AnswerText, Reason};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ActionProblems;
use super::call::ActionCallWith;
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

/// Corrects the last answer. Nobody edits a sent answer: the correction stands beside it, and the resident is
/// told. The days to confirm don't start again; at least three are left to read it.
#[utoipa::path(
    tag = "actions", operation_id = "correct_response", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = CorrectionBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/correct-response")]
pub async fn correct_response(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<CorrectionBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// A correction of an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionBody {
    /// The whole answer as it should be, up to 4,000 characters.
    text: String,
    /// Why, shown to the resident; up to 500 characters.
    reason: String,
}

impl CorrectionBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let text = fields.text("/text", &self.text, AnswerText::parse);
        let reason = fields.text("/reason", &self.reason, Reason::parse);
        fields.finish(text.zip(reason).map(|(text, reason)| Command::CorrectResponse { text, reason }))
    }
}
