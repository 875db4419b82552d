//! `POST /cases/{id}/plan`: the member promises a date.

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
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

/// Promises a date, which becomes the case's clock and is shown to the resident.
#[utoipa::path(
    tag = "actions", operation_id = "plan_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = PlanBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/plan")]
pub async fn plan_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<PlanBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// A promise with its date.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanBody {
    /// What is promised, up to 1,000 characters.
    promise: String,
    /// Until when: from tomorrow, within two years.
    promised_on: NaiveDate,
}

impl PlanBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let promise = fields.text("/promise", &self.promise, Remark::parse);
        fields.finish(promise.map(|promise| Command::Plan { promise, promised_on: self.promised_on }))
    }
}
