//! `POST /cases/{id}/contest`: the resident says that it is not solved.

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

/// Contests the answer; the station manager takes over.
#[utoipa::path(
    tag = "actions", operation_id = "contest_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ContestBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/contest")]
pub async fn contest_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ContestBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// What is not solved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContestBody {
    /// Why, up to 500 characters.
    reason: String,
    /// 1 to 5.
    stars: Option<i16>,
}

impl ContestBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let reason = fields.text("/reason", &self.reason, Reason::parse);
        fields.finish(reason.map(|reason| Command::Contest { reason, stars: self.stars }))
    }
}
