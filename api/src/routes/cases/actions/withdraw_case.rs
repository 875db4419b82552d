//! `POST /cases/{id}/withdraw`: the resident takes the case back.

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

/// Takes the case back, as long as it has not been answered.
#[utoipa::path(
    tag = "actions", operation_id = "withdraw_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = WithdrawBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []), ("ticket" = []))
)]
#[post("/withdraw")]
pub async fn withdraw_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<WithdrawBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// Why, if the resident says so.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawBody {
    /// Why, up to 500 characters.
    reason: Option<String>,
}

impl WithdrawBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let reason = fields.optional_text("/reason", self.reason.as_deref(), Reason::parse);
        fields.finish(Some(Command::Withdraw { reason }))
    }
}
