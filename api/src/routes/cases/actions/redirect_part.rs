//! `POST /cases/{id}/redirect-part`: asks another department for a part of a split case.

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use domain::case::Command;
use domain::ids::{CaseId, DepartmentId};
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

/// Asks another department for a part, after an objection or while the one before has not replied; its
/// clocks begin anew, the answer's clock goes on. After two objections only the manager may.
#[utoipa::path(
    tag = "actions", operation_id = "redirect_part", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = RedirectPartBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/redirect-part")]
pub async fn redirect_part(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<RedirectPartBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// Who is asked now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedirectPartBody {
    /// The part.
    part: i16,
    /// The department.
    department_id: DepartmentId,
    /// What it is asked for, up to 1,000 characters; as before when absent.
    request: Option<String>,
    /// Until when; the committee's term when absent.
    due_on: Option<NaiveDate>,
}

impl RedirectPartBody {
    /// The command, with every field checked.
    fn parse(&self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let request = fields.optional_text("/request", self.request.as_deref(), Remark::parse);
        let Self { part, department_id, due_on, .. } = *self;
        fields.finish(Some(Command::RedirectPart { part, department_id, request, due_on }))
    }
}
