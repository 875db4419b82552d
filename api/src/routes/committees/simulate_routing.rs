//! `POST /committees/{id}/routing-simulations`

use std::ops::RangeInclusive;

use actix_web::{post, web};
use chrono::{Datelike, NaiveDate};
use domain::ids::{CommitteeId, MemberId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::routing_rules::RoutingRulesBody;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::routing_simulations::{self, MOST_CASES, SimulationError, SimulationReport, Trial};
use crate::state::AppState;

/// The most days of a period.
const MOST_DAYS: i64 = 366;
/// The most members who are taken away.
const MOST_MEMBERS: usize = 100;
/// Years that a period may be in.
const YEARS: RangeInclusive<i32> = 2000..=2100;

/// What is tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulationBody {
    /// The first day, in Shanghai.
    from: NaiveDate,
    /// The last day; at most a year after the first.
    to: NaiveDate,
    /// What is changed of the rules that hold.
    #[serde(default)]
    rules: RoutingRulesBody,
    /// Members who take no cases in all of the period; at most 100.
    #[serde(default)]
    absent_members: Vec<MemberId>,
}

impl SimulationBody {
    fn parse(self) -> Result<Trial, ApiError> {
        let mut fields = Fields::default();
        for (pointer, day) in [("/from", self.from), ("/to", self.to)] {
            fields.in_range(pointer, Some(day.year()), YEARS);
        }
        if self.to < self.from || (self.to - self.from).num_days() >= MOST_DAYS {
            fields.wrong("/to", "out_of_range", "应不早于起始日，且时段不超过 366 天。");
        }
        fields.at_most("/absent_members", Some(&self.absent_members), MOST_MEMBERS);
        let rules = self.rules.read("/rules", &mut fields);
        let absent_members = self.absent_members;
        fields.finish(Some(Trial { from: self.from, to: self.to, rules, absent_members }))
    }
}

problems!(Problems: ValidationFailed);

/// Routes the cases of a period once more by changed rules or without some members, and tells which would go
/// elsewhere. Nothing is changed; at most 5000 cases. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "simulate_routing",
    params(("id" = CommitteeId, Path, description = "The committee.")),
    request_body = SimulationBody,
    responses((status = 200, description = "What would be different.", body = SimulationReport), Problems),
    security(("account" = []))
)]
#[post("/routing-simulations")]
pub async fn simulate_routing(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    body: Body<SimulationBody>,
) -> Result<web::Json<SimulationReport>, ApiError> {
    guard::account(&state, &caller)?;
    let trial = body.value.parse()?;
    Ok(web::Json(routing_simulations::run(&state, &caller, *id, trial).await?))
}

impl From<SimulationError> for ApiError {
    fn from(error: SimulationError) -> Self {
        match error {
            SimulationError::Unknown => Self::new(ErrorCode::NotFound),
            SimulationError::UnknownMember(_) => {
                let detail = "有委员不存在，或不在该委员会履职。";
                Self::invalid(vec![FieldError::new("/absent_members", "unknown", detail)])
            }
            SimulationError::TooManyCases => {
                let detail = format!("该时段的件超过 {MOST_CASES} 件，请缩短时段。");
                Self::invalid(vec![FieldError::new("/to", "too_many_cases", detail)])
            }
            SimulationError::BrokenOff(error) => Self::new(ErrorCode::Internal).source(error),
            SimulationError::Store(error) => error.into(),
        }
    }
}
