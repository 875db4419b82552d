//! `POST /cases/{id}/assign`: gives a received case to a member.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::{CaseId, MemberId, StationId};
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ActionProblems;
use super::call::ActionCallWith;
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::assignment::{self, Wish};
use crate::service::case_body::CaseBody;
use crate::state::AppState;

/// Gives a received case to a member, or lets routing choose at a station.
#[utoipa::path(
    tag = "actions", operation_id = "assign_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = AssignCaseBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/assign")]
pub async fn assign_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<AssignCaseBody>,
) -> Result<HttpResponse, ApiError> {
    let mut fields = Fields::default();
    let reason = fields.text("/reason", &body.reason, Reason::parse);
    let reason = fields.finish(reason)?;
    let wish = Wish { member_id: body.member_id, station_id: body.station_id };
    let to = assignment::assignee(&state, &call.visitor, call.id, wish).await?;
    call.act(&state, Command::Assign { to, reason }).await
}

/// To whom, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignCaseBody {
    /// The member; without one, routing chooses at the station.
    member_id: Option<MemberId>,
    /// The station; without one it stays.
    station_id: Option<StationId>,
    /// Why, up to 500 characters.
    reason: String,
}
