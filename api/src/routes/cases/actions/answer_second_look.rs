//! `POST /cases/{id}/second-look`: the resident says, weeks later, whether it was really done.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use domain::text::Comment;
use domain::vocabulary::Done;
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

/// Says whether what was answered was really done. Possible once, after the question has come; the case stays
/// closed, and its manager may reopen it.
#[utoipa::path(
    tag = "actions", operation_id = "answer_second_look", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = SecondLookBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/second-look")]
pub async fn answer_second_look(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<SecondLookBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// What the resident says weeks later.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondLookBody {
    /// `yes`, `partly` or `no`.
    done: Done,
    /// A few words, up to 500 characters.
    comment: Option<String>,
}

impl SecondLookBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let comment = fields.optional_text("/comment", self.comment.as_deref(), Comment::parse);
        fields.finish(Some(Command::SecondLook { done: self.done, comment }))
    }
}
