//! `POST /cases/{id}/supplement`: the resident adds something.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::{CaseId, UploadId};
use domain::text::AnswerText;
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

/// Adds words or pictures; a case that waits for the resident goes on.
#[utoipa::path(
    tag = "actions", operation_id = "supplement_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = SupplementBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/supplement")]
pub async fn supplement_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<SupplementBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// What is added: words, pictures, or both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplementBody {
    /// Words, up to 4,000 characters.
    text: Option<String>,
    /// Pictures that were uploaded before, up to 9.
    #[serde(default)]
    uploads: Vec<UploadId>,
}

impl SupplementBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let text = fields.optional_text("/text", self.text.as_deref(), AnswerText::parse);
        check_uploads(&mut fields, &self.uploads);
        fields.finish(Some(Command::Supplement { text, uploads: self.uploads }))
    }
}
