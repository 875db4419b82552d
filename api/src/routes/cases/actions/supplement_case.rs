//! `POST /cases/{id}/supplement`: the resident adds something.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::{CaseId, UploadId};
use domain::text::AnswerText;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ActionProblems, act, check_uploads};
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::cases::body::CaseBody;
use crate::routes::fields::Fields;
use crate::routes::if_match::{IfMatch, IfMatchHeader};
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// Adds words or pictures; a case that waits for the resident goes on.
#[utoipa::path(
    tag = "actions", operation_id = "supplement_case", params(("id" = CaseId, Path), IfMatchHeader), request_body = SupplementBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/cases/{id}/supplement")]
pub async fn supplement_case(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    seen: IfMatch,
    body: Body<SupplementBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.value.parse()?;
    act(&state, &visitor, *id, seen, command).await
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
