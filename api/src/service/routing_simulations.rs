//! What other rules or a member's absence would change: a period's cases, routed once more.
//!
//! Nothing is written. Each case is routed twice by today's directory and the period's roster, by the rules
//! that hold and by those that are tried, so that what differs comes from what is tried and from nothing
//! else. Where a case went in truth is told beside it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::start_of_day;
use domain::geo::Point;
use domain::ids::{CaseId, CommitteeId, MemberId, StationId};
use domain::routing::{
    Absence, Assignment, CodeTarget, DeskCase, Directory, PastCase, Reason, Routing, Rules, simulate,
};
use serde::Serialize;

use crate::auth::Caller;
use crate::service::administration::routing_rules::RulesChange;
use crate::service::authority::{AuthorityError, administers};
use crate::state::Parts;
use crate::store::past_cases::PastRow;
use crate::store::{StoreError, committee_rules, past_cases, routing_snapshot};

/// The most cases that are routed once more in one call.
pub const MOST_CASES: u64 = 5_000;
/// The most cases that lay on desks when the period began.
const MOST_ON_DESKS: u64 = 50_000;
/// The most cases that an answer names.
const MOST_NAMED: usize = 200;

/// Why there is no simulation.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// The caller does not administer the committee.
    #[error("no such committee for this caller")]
    Unknown,
    /// A member is none of the committee's.
    #[error("a member is not known in the committee")]
    UnknownMember(MemberId),
    /// The period has too many cases.
    #[error("more than {MOST_CASES} cases, or too many on desks")]
    TooManyCases,
    /// The simulation broke off.
    #[error("the simulation broke off")]
    BrokenOff(#[from] tokio::task::JoinError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for SimulationError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// What is tried.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What is changed of the rules that hold.
    pub rules: RulesChange,
    /// Members who take no cases in all of the period.
    pub absent_members: Vec<MemberId>,
}

/// Where a case goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Destination {
    /// The station.
    pub station_id: StationId,
    /// What it is called.
    pub station: String,
    /// The member; absent when it waits for the station's manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// What the member is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

/// A case that would go elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Diverted {
    /// The case.
    pub case_id: CaseId,
    /// The number that people use.
    pub number: String,
    /// When it came in.
    pub created_at: DateTime<Utc>,
    /// Where it went in truth, then.
    pub was: Option<Destination>,
    /// Where it would go by the rules that hold; absent when no station is open.
    pub by_rules: Option<Destination>,
    /// Where it would go by what is tried; absent when no station is open.
    pub would_be: Option<Destination>,
    /// Why it would go there.
    pub reasons: Vec<String>,
}

/// What a trial would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SimulationReport {
    /// Cases that were routed once more.
    pub cases: usize,
    /// Cases that would go elsewhere by what is tried than by the rules that hold.
    pub diverted: usize,
    /// Cases that would wait for a manager by the rules that hold.
    pub waiting_by_rules: usize,
    /// Cases that would wait for a manager by what is tried.
    pub waiting_would_be: usize,
    /// The first 200 that would go elsewhere, in the order in which they came in.
    pub items: Vec<Diverted>,
    /// How many more would go elsewhere.
    pub left_out: usize,
}

/// Routes the cases of a period once more.
///
/// # Errors
/// The caller does not administer the committee; there are too many cases; a member is unknown; the database
/// does not answer.
pub async fn run(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    trial: Trial,
) -> Result<SimulationReport, SimulationError> {
    administers(state, caller, committee_id).await?;
    let _simulating = state.boards.simulating.lock().await;
    let db = state.db.reader();
    let from = start_of_day(trial.from);
    let until = trial.to.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, start_of_day);
    if past_cases::count(db, committee_id, from, until, MOST_CASES + 1).await? > MOST_CASES {
        return Err(SimulationError::TooManyCases);
    }
    let on_desks = past_cases::list_on_desks(db, committee_id, from, MOST_ON_DESKS + 1).await?;
    if u64::try_from(on_desks.len()).is_ok_and(|count| count > MOST_ON_DESKS) {
        return Err(SimulationError::TooManyCases);
    }
    let directory = routing_snapshot::load_between(db, committee_id, state.clock.now(), from..until).await?;
    let known = |id: &MemberId| directory.members.iter().any(|member| member.id == *id);
    if let Some(unknown) = trial.absent_members.iter().find(|id| !known(id)) {
        return Err(SimulationError::UnknownMember(*unknown));
    }
    let own = committee_rules::find(db, committee_id).await?.routing;
    let rows = past_cases::list(db, committee_id, from, until, MOST_CASES).await?;
    let mut tried = own;
    trial.rules.apply(&mut tried);
    let rules = (own.over(Rules::default()), tried.over(Rules::default()));
    let work = move || compare(&rows, &on_desks, directory, rules, &trial.absent_members);
    Ok(tokio::task::spawn_blocking(work).await?)
}

/// Routes everything twice, and tells what differs.
fn compare(
    rows: &[PastRow],
    on_desks: &[DeskCase],
    directory: Directory,
    (rules, tried): (Rules, Rules),
    absent: &[MemberId],
) -> SimulationReport {
    let cases: Vec<PastCase> = rows.iter().map(|row| past_case(row, &directory)).collect();
    let by_rules = simulate(&cases, on_desks, &directory, &rules);
    let directory = Arc::new(directory);
    let would_be = simulate(&cases, on_desks, &without(&directory, absent), &tried);
    let waiting = |routed: &[Option<Routing>]| {
        let waits = |routing: &&Routing| matches!(routing.assignment, Assignment::Queue(_));
        routed.iter().flatten().filter(waits).count()
    };
    let (waiting_by_rules, waiting_would_be) = (waiting(&by_rules), waiting(&would_be));
    let pairs = rows.iter().zip(by_rules.into_iter().zip(would_be));
    let mut diverted: Vec<Diverted> = pairs
        .filter(|(_, (now, then))| now.as_ref().map(place) != then.as_ref().map(place))
        .map(|(row, (now, then))| Diverted {
            case_id: row.id,
            number: row.number.clone(),
            created_at: row.created_at,
            was: row.station_id.map(|station_id| destination(&directory, station_id, row.member_id)),
            by_rules: now.map(|routing| going(&directory, &routing)),
            reasons: then.iter().flat_map(|routing| routing.reasons.iter().map(Reason::sentence)).collect(),
            would_be: then.map(|routing| going(&directory, &routing)),
        })
        .collect();
    let count = diverted.len();
    diverted.truncate(MOST_NAMED);
    SimulationReport {
        cases: rows.len(),
        diverted: count,
        waiting_by_rules,
        waiting_would_be,
        left_out: count - diverted.len(),
        items: diverted,
    }
}

fn place(routing: &Routing) -> (StationId, Option<MemberId>) {
    let member_id = match routing.assignment {
        Assignment::Assigned(member_id) => Some(member_id),
        Assignment::Queue(_) => None,
    };
    (routing.station_id, member_id)
}

fn going(directory: &Directory, routing: &Routing) -> Destination {
    let (station_id, member_id) = place(routing);
    destination(directory, station_id, member_id)
}

fn destination(directory: &Directory, station_id: StationId, member_id: Option<MemberId>) -> Destination {
    let station = directory.stations.iter().find(|station| station.id == station_id);
    let member = directory.members.iter().find(|member| Some(member.id) == member_id);
    Destination {
        station_id,
        station: station.map_or_else(String::new, |station| station.name.clone()),
        member_id,
        member: member.map(|member| member.name.as_str().to_owned()),
    }
}

/// The directory as if these members took no cases.
fn without(directory: &Directory, absent: &[MemberId]) -> Directory {
    let mut directory = directory.clone();
    for member in directory.members.iter_mut().filter(|member| absent.contains(&member.id)) {
        let (from, until) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        member.absences.push(Absence { from, until });
    }
    directory
}

/// A case as it came in. What the resident chose is not stored as such: the reasons tell it.
fn past_case(row: &PastRow, directory: &Directory) -> PastCase {
    let says = |wanted: fn(&Reason) -> bool| row.reasons.iter().any(wanted);
    let station_chosen = says(|reason| matches!(reason, Reason::StationChosen { .. }));
    let member_chosen = says(|reason| matches!(reason, Reason::MemberChosen { .. }));
    let hinted = says(|reason| matches!(reason, Reason::CategoryHint { .. }));
    PastCase {
        code: row.code.map(|(station_id, member_id)| match member_id {
            Some(member_id) => CodeTarget::Member(member_id, Some(station_id)),
            None => CodeTarget::Station(station_id),
        }),
        chosen_station_id: row.station_id.filter(|_| station_chosen),
        chosen_member_id: row.member_id.filter(|_| member_chosen).or_else(|| passed_over(row, directory)),
        category_id: row.category_id.filter(|_| !hinted),
        place: row.point.and_then(|(lat, lng)| Point::new(lat, lng).ok()),
        at: row.created_at,
        until: row.until,
        text: row.text.clone(),
    }
}

/// The member whom the resident chose and who could not have the case: known by name, where only one has it.
fn passed_over(row: &PastRow, directory: &Directory) -> Option<MemberId> {
    let names = row.reasons.iter().filter_map(|reason| match reason {
        Reason::MemberPassedOver { member: Some(name), .. } => Some(name),
        _ => None,
    });
    let scanned = row.code.and_then(|(_, member_id)| member_id);
    let one_of = |name: &String| {
        let mut named = directory.members.iter().filter(|member| member.name.as_str() == name);
        let first = named.next().filter(|member| Some(member.id) != scanned)?;
        named.next().is_none().then_some(first.id)
    };
    names.filter_map(one_of).next()
}
