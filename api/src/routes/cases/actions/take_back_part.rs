//! `POST /cases/{id}/take-back-part`: does without a part of a split case.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use domain::text::Reason;
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

/// Does without a part; with the last one the case comes back to its member.
#[utoipa::path(
    tag = "actions", operation_id = "take_back_part", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = TakeBackPartBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/take-back-part")]
pub async fn take_back_part(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<TakeBackPartBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// Which part, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackPartBody {
    /// The part.
    part: i16,
    /// Why, up to 500 characters.
    reason: String,
}

impl TakeBackPartBody {
    /// The command, with every field checked.
    fn parse(&self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let reason = fields.text("/reason", &self.reason, Reason::parse);
        fields.finish(reason.map(|reason| Command::TakeBackPart { part: self.part, reason }))
    }
}
