//! `POST /cases/{id}/note`: a note among staff.

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

/// Leaves a note that residents never see.
#[utoipa::path(
    tag = "actions", operation_id = "note_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = NoteCaseBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/note")]
pub async fn note_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<NoteCaseBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// What is needed for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteCaseBody {
    /// The note, up to 1,000 characters.
    text: String,
}

impl NoteCaseBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let text = fields.text("/text", &self.text, Remark::parse);
        fields.finish(text.map(|text| Command::Note { text }))
    }
}
