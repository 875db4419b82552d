//! `POST /cases/{id}/confirm`: the resident confirms the answer.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use domain::text::Comment;
use domain::vocabulary::Solved;
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

/// Confirms the answer and closes the case.
#[utoipa::path(
    tag = "actions", operation_id = "confirm_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ConfirmBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/confirm")]
pub async fn confirm_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ConfirmBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// What the resident says of the answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// `yes` or `partly`.
    solved: Solved,
    /// 1 to 5.
    stars: i16,
    /// A few words, up to 500 characters.
    comment: Option<String>,
}

impl ConfirmBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let comment = fields.optional_text("/comment", self.comment.as_deref(), Comment::parse);
        fields.finish(Some(Command::Confirm { solved: self.solved, stars: self.stars, comment }))
    }
}
