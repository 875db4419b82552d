//! What a resident gets for a report: number, ticket, who is responsible, until when, and why.

use chrono::{DateTime, Utc};
use domain::calendar::WorkCalendar;
use domain::case::{CaseNumber, Decision, State};
use domain::ids::{CaseId, MemberId, StationId};
use domain::routing::{Directory, Reason, Routing};
use serde::Serialize;

/// What a resident gets for a report.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Receipt {
    /// The case.
    pub id: CaseId,
    /// The number to read out on the phone.
    pub number: String,
    /// `assigned`, or `received` when a manager has to decide.
    pub state: State,
    /// The responsible station.
    pub station: Named<StationId>,
    /// The responsible member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Named<MemberId>>,
    /// When the answer is due.
    pub respond_by: DateTime<Utc>,
    /// Whether that may still move, because the holidays of its year are not known yet.
    pub respond_by_provisional: bool,
    /// The secret with which the case can be followed without an account. Shown once.
    pub case_ticket: String,
    /// Why it went there.
    pub routing: Explanation,
}

/// Something with a name.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Named<Id> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
}

/// Why a case went where it went.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// One sentence a step.
    pub reasons: Vec<String>,
}

impl Receipt {
    /// The receipt of a case that was just opened.
    #[must_use]
    pub fn new(
        decision: &Decision,
        number: CaseNumber,
        routing: &Routing,
        directory: &Directory,
        calendar: &WorkCalendar,
        ticket: &str,
    ) -> Self {
        let case = &decision.case;
        let station = directory.stations.iter().find(|station| station.id == case.station_id);
        let member = directory.members.iter().find(|member| Some(member.id) == case.member_id);
        Self {
            id: case.id,
            number: number.to_string(),
            state: case.state,
            station: Named {
                id: case.station_id,
                name: station.map(|station| station.name.clone()).unwrap_or_default(),
            },
            member: member.map(|member| Named { id: member.id, name: member.name.as_str().to_owned() }),
            respond_by: case.respond_by,
            respond_by_provisional: calendar.is_provisional_at(case.respond_by),
            case_ticket: ticket.to_owned(),
            routing: Explanation {
                reasons: routing.reasons.iter().filter_map(sentence_for_residents).collect(),
            },
        }
    }
}

/// A reason in words for the resident; those about other members are for staff alone.
fn sentence_for_residents(reason: &Reason) -> Option<String> {
    match reason {
        Reason::MemberPassedOver { .. }
        | Reason::NamedInCase { .. }
        | Reason::NobodyFits { .. }
        | Reason::LightestLoad { .. }
        | Reason::EqualLoad { .. } => None,
        Reason::Queued { .. } => Some("由站长尽快安排委员办理。".to_owned()),
        other => Some(other.sentence()),
    }
}
