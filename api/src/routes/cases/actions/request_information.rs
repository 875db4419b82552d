//! `POST /cases/{id}/request-information`: asks the resident something.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use domain::text::Remark;
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

/// Asks the resident; the clock pauses, at most five working days in all.
#[utoipa::path(
    tag = "actions", operation_id = "request_information", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = RequestInformationBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/request-information")]
pub async fn request_information(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<RequestInformationBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// What is needed for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestInformationBody {
    /// The question, up to 1,000 characters.
    question: String,
}

impl RequestInformationBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let question = fields.text("/question", &self.question, Remark::parse);
        fields.finish(question.map(|question| Command::RequestInformation { question }))
    }
}
