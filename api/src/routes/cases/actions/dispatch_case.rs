//! `POST /cases/{id}/dispatch`: asks a department for its part.

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

/// Asks a department, which has its own clock; the member stays responsible.
#[utoipa::path(
    tag = "actions", operation_id = "dispatch_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = DispatchBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/dispatch")]
pub async fn dispatch_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<DispatchBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// Who is asked for what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchBody {
    /// The department.
    department_id: DepartmentId,
    /// What it is asked for, up to 1,000 characters.
    request: String,
    /// Until when; five working days when absent.
    due_on: Option<NaiveDate>,
}

impl DispatchBody {
    /// The command, with every field checked.
    fn parse(self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let request = fields.text("/request", &self.request, Remark::parse);
        fields.finish(request.map(|request| Command::Dispatch {
            department_id: self.department_id,
            request,
            due_on: self.due_on,
        }))
    }
}
