//! `PUT /cases/{id}/draft`: keeps what is written so far.

use actix_web::{HttpResponse, put, web};
use domain::ids::{CaseId, UploadId};
use domain::text::AnswerText;
use domain::vocabulary::Evidence;
use serde::Deserialize;
use utoipa::ToSchema;

use super::DraftProblems;
use super::show::answer;
use crate::error::ApiError;
use crate::routes::cases::actions::{ActionCallWith, check_uploads};
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::drafts::{self, Draft, NewDraft};
use crate::state::AppState;

/// What is written so far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepDraftBody {
    /// The words so far, up to 4,000 characters. Unfilled fields may stand in it.
    text: String,
    /// What the answer will rest on.
    evidence: Option<Evidence>,
    /// Pictures that were uploaded before, up to 9: all that the draft is to name.
    #[serde(default)]
    uploads: Vec<UploadId>,
}

impl KeepDraftBody {
    /// The draft, with every field checked.
    fn parse(self, seen_version: Option<i32>) -> Result<NewDraft, ApiError> {
        let mut fields = Fields::default();
        let text = fields.text("/text", &self.text, AnswerText::parse);
        check_uploads(&mut fields, &self.uploads);
        let (evidence, uploads) = (self.evidence, self.uploads);
        fields.finish(text.map(|text| NewDraft { text, evidence, uploads, seen_version }))
    }
}

/// Keeps a draft of the answer. The first one needs no `If-Match`; one that is there is replaced only by
/// naming its version, so that nobody overwrites what he has not seen: else 412 with it in `current`.
#[utoipa::path(
    tag = "drafts", operation_id = "keep_draft", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader),
    request_body = KeepDraftBody,
    responses((status = 200, body = Draft, headers(("ETag" = String, description = "The version."))), DraftProblems),
    security(("account" = []))
)]
#[put("/draft")]
pub async fn keep_draft(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<KeepDraftBody>,
) -> Result<HttpResponse, ApiError> {
    guard::visit(&state, &call.visitor)?;
    let new = body.parse(call.seen.0)?;
    let kept = drafts::keep(&state, &call.visitor, call.id, new, call.request.as_ref()).await?;
    Ok(answer(&kept))
}
