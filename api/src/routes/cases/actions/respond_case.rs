//! `POST /cases/{id}/respond`: the answer to the resident.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::{CaseId, UploadId};
use domain::text::AnswerText;
use domain::vocabulary::Evidence;
use serde::Deserialize;
use utoipa::ToSchema;

use super::call::ActionCallWith;
use super::{ActionProblems, check_uploads};
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

/// Answers the resident, who then has 14 days to confirm or contest. Where the station wants it, a member's
/// answer waits for the manager first: see `submitted_answer`.
#[utoipa::path(
    tag = "actions", operation_id = "respond_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = RespondBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/respond")]
pub async fn respond_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<RespondBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// The answer to the resident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RespondBody {
    /// The answer, up to 4,000 characters.
    text: String,
    /// What it rests on.
    evidence: Evidence,
    /// Pictures that were uploaded before, up to 9.
    #[serde(default)]
    uploads: Vec<UploadId>,
}

impl RespondBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let text = fields.text("/text", &self.text, AnswerText::parse);
        check_uploads(&mut fields, &self.uploads);
        fields.finish(text.map(|text| Command::Respond {
            text,
            evidence: self.evidence,
            uploads: self.uploads,
        }))
    }
}
