//! `GET /cases/{id}/holders`: who has held a case for how long.

use actix_web::{get, web};
use domain::case::Holder;
use domain::ids::CaseId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::case_holders::{self, NamedHolding};
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// The time per holder. The parts add up to the whole exactly.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseHolders {
    /// The time in which the case had not ended, in seconds.
    pub whole_s: i64,
    /// The part of it on working days, in seconds.
    pub working_s: i64,
    /// In the order in which they first had it.
    pub holders: Vec<CaseHolder>,
}

/// What one holder's turns add up to.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseHolder {
    /// `manager`, `member`, `department`, `resident` (asked for more, or to confirm) or `leader` (the case
    /// that it follows).
    pub kind: &'static str,
    /// Of the station, the member, the department or the leading case.
    pub id: Option<Uuid>,
    /// What station, member or department are called.
    pub name: Option<String>,
    /// How often it came to them.
    pub turns: u32,
    /// In seconds.
    pub time_s: i64,
    /// The part of it on working days, in seconds.
    pub working_s: i64,
}

impl From<NamedHolding> for CaseHolder {
    fn from(NamedHolding { holding, name }: NamedHolding) -> Self {
        let (kind, id) = match holding.holder {
            Holder::Manager(station) => ("manager", Some(station.0)),
            Holder::Member(member) => ("member", Some(member.0)),
            Holder::Department(department) => ("department", Some(department.0)),
            Holder::Resident => ("resident", None),
            Holder::Leader(case) => ("leader", Some(case.0)),
        };
        let (time_s, working_s) = (holding.time.num_seconds(), holding.working_time.num_seconds());
        Self { kind, id, name, turns: holding.turns, time_s, working_s }
    }
}

problems!(ListHoldersProblems: NotAllowed);

/// Who has held a case for how long, for the staff who work on it (首接负责).
#[utoipa::path(
    tag = "cases", operation_id = "list_case_holders", params(("id" = CaseId, Path)),
    responses((status = 200, body = CaseHolders), ListHoldersProblems),
    security(("account" = []))
)]
#[get("/holders")]
pub async fn list_case_holders(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
) -> Result<web::Json<CaseHolders>, ApiError> {
    guard::visit(&state, &visitor)?;
    let holdings = case_holders::list(&state, &visitor, *id).await?;
    let holders: Vec<CaseHolder> = holdings.into_iter().map(CaseHolder::from).collect();
    let whole_s = holders.iter().map(|holder| holder.time_s).sum();
    let working_s = holders.iter().map(|holder| holder.working_s).sum();
    Ok(web::Json(CaseHolders { whole_s, working_s, holders }))
}
