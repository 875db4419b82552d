//! `POST /cases/{id}/uphold`: the manager keeps the answer.

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

/// Keeps a contested answer and closes the case.
#[utoipa::path(
    tag = "actions", operation_id = "uphold_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = UpholdCaseBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/uphold")]
pub async fn uphold_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<UpholdCaseBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// What is needed for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpholdCaseBody {
    /// Why the answer stands, up to 1,000 characters.
    explanation: String,
}

impl UpholdCaseBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let explanation = fields.text("/explanation", &self.explanation, Remark::parse);
        fields.finish(explanation.map(|explanation| Command::Uphold { explanation }))
    }
}
