//! `POST /cases/{id}/split`: asks several departments, each for its part (拆分办理).

use std::collections::HashSet;

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use domain::case::{Command, MAX_PARTS, MIN_PARTS, PartRequest};
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

/// Asks 2 to 6 departments at once, each for its part and with its own clock; the member stays the one voice
/// towards the resident. With the last reply the case comes back to its member.
#[utoipa::path(
    tag = "actions", operation_id = "split_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = SplitBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/split")]
pub async fn split_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<SplitBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// The parts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitBody {
    /// 2 to 6, each for another department.
    parts: Vec<SplitPartBody>,
}

/// One part: who is asked for what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitPartBody {
    /// The department.
    department_id: DepartmentId,
    /// What it is asked for, up to 1,000 characters.
    request: String,
    /// Until when; the committee's term when absent.
    due_on: Option<NaiveDate>,
}

impl SplitBody {
    /// The command, with every field checked.
    fn parse(&self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        if !(MIN_PARTS..=MAX_PARTS).contains(&self.parts.len()) {
            fields.wrong("/parts", "out_of_range", format!("请拆分为 {MIN_PARTS} 至 {MAX_PARTS} 项。"));
            return fields.finish(None);
        }
        let mut asked = HashSet::new();
        let mut parts = Vec::with_capacity(self.parts.len());
        for (index, part) in self.parts.iter().enumerate() {
            if !asked.insert(part.department_id) {
                let pointer = format!("/parts/{index}/department_id");
                fields.wrong(&pointer, "duplicate", "同一承办单位只能承办其中一项。");
            }
            let request = fields.text(&format!("/parts/{index}/request"), &part.request, Remark::parse);
            let (department_id, due_on) = (part.department_id, part.due_on);
            parts.extend(request.map(|request| PartRequest { department_id, request, due_on }));
        }
        fields.finish(Some(Command::Split { parts }))
    }
}
