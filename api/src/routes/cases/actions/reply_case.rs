//! `POST /cases/{id}/reply`: the department replies.

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

/// The department's part, for the member who answers with one voice.
#[utoipa::path(
    tag = "actions", operation_id = "reply_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ReplyBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/reply")]
pub async fn reply_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ReplyBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// The department's part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyBody {
    /// Words, up to 4,000 characters.
    text: String,
    /// Pictures that were uploaded before, up to 9.
    #[serde(default)]
    uploads: Vec<UploadId>,
    /// The part of a split case; needed only by who has several.
    part: Option<i16>,
}

impl ReplyBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let text = fields.text("/text", &self.text, AnswerText::parse);
        check_uploads(&mut fields, &self.uploads);
        fields.finish(text.map(|text| Command::Reply { part: self.part, text, uploads: self.uploads }))
    }
}
