//! A case as it is sent: what a [`CaseView`] lets its visitor know.

use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{Action, State};
use domain::deadline::Stage;
use domain::ids::{CaseId, CategoryId, DepartmentId, MemberId, StationId};
use domain::role::Party;
use domain::routing::Reason;
use domain::text::Phone;
use domain::vocabulary::Outcome;
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::case_parts::{CasePicture, CaseRating, CaseResponse, SecondLook};
use crate::service::case_split::PartBody;
use crate::service::case_view::{CaseView, LeaderView};
use crate::service::content;
use crate::service::receipt::Named;
use crate::service::sign_off::SubmittedAnswer;
use crate::service::viewers::Viewer;

/// A case, as far as the caller may see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
pub struct CaseBody {
    /// The case.
    pub id: CaseId,
    /// The number to read out on the phone.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// The same in Chinese.
    pub state_label: &'static str,
    /// Grows with every change; also the `ETag`.
    pub version: i32,
    /// What the resident wrote; for others than staff a sentence in its place while `text_held`.
    pub text: String,
    /// Whether its words wait for a person to look at them, or are not shown: staff read them all the same.
    pub text_held: bool,
    /// The responsible station.
    pub station: Named<StationId>,
    /// The responsible member.
    pub member: Option<Named<MemberId>>,
    /// What it is about.
    pub category: Option<Named<CategoryId>>,
    /// The department asked, while dispatched.
    pub department_id: Option<DepartmentId>,
    /// Where the matter is.
    pub location: Option<LocationBody>,
    /// Whether handlers must not see who raised it.
    pub anonymous: bool,
    /// Who raised it; the phone number is masked.
    pub contact: Option<ContactBody>,
    /// When it was taken in.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
    /// When the member has to have accepted.
    pub accept_by: Option<DateTime<Utc>>,
    /// When the answer is due.
    pub respond_by: DateTime<Utc>,
    /// Whether that may still move, because the holidays of its year are not known yet.
    pub respond_by_provisional: bool,
    /// When the department's reply is due.
    pub reply_by: Option<DateTime<Utc>>,
    /// The last day of the promise.
    pub promised_on: Option<NaiveDate>,
    /// When it was answered last.
    pub responded_at: Option<DateTime<Utc>>,
    /// Until when the resident may confirm or contest.
    pub confirm_by: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// How late it is.
    pub stage: Stage,
    /// How high it has been raised.
    pub escalation_level: i16,
    /// How often a member handed it back.
    pub returns: i16,
    /// The case it follows; for staff.
    pub leading_case_id: Option<CaseId>,
    /// What became of the case it follows.
    pub leader: Option<LeaderBody>,
    /// How many cases follow it; for staff.
    pub followers: Option<u64>,
    /// The parts that it was split into: all for its member and its manager, for an officer those that his
    /// department is asked.
    pub parts: Vec<PartBody>,
    /// The member's answer that waits for the manager to sign it off; for these two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_answer: Option<SubmittedAnswer>,
    /// The answers, oldest first.
    pub responses: Vec<CaseResponse>,
    /// What the resident said of them.
    pub ratings: Vec<CaseRating>,
    /// What the resident was asked weeks after the end: whether it was really done.
    pub second_looks: Vec<SecondLook>,
    /// The pictures.
    pub uploads: Vec<CasePicture>,
    /// Why it went where it went; for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing: Option<RoutingBody>,
    /// Who else of the staff has opened it in the last minute; for staff, in `GET /cases/{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewed_by: Option<Vec<Viewer>>,
    /// What the caller is to the case.
    pub parties: Vec<Party>,
    /// What the caller can do now.
    pub allowed_actions: Vec<Action>,
}

/// The case that one follows: its answer is the answer to both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeadingCase)]
pub struct LeaderBody {
    /// The number to read out on the phone.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// The same in Chinese.
    pub state_label: &'static str,
    /// The last day of its promise.
    pub promised_on: Option<NaiveDate>,
    /// Its last answer; while it is taken up again, a new one follows.
    pub answer: Option<CaseResponse>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

impl From<LeaderView> for LeaderBody {
    fn from(LeaderView { number, case, answer }: LeaderView) -> Self {
        Self {
            number,
            state: case.state,
            state_label: case.state.label(),
            promised_on: case.promised_on,
            answer,
            ended_at: case.ended_at,
            outcome: case.outcome,
        }
    }
}

/// Where the matter of a case is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseLocation)]
pub struct LocationBody {
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
    /// What the place is called.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
}

/// Who raised a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseContact)]
pub struct ContactBody {
    /// The name.
    pub name: Option<String>,
    /// The phone number with its middle hidden.
    pub phone: Option<String>,
    /// The person for whom the case was raised.
    pub on_behalf_of: Option<String>,
}

/// Why a case went where it went, for staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseRouting)]
pub struct RoutingBody {
    /// One step each.
    pub reasons: Vec<ReasonBody>,
}

/// One step of an explanation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoutingReason)]
pub struct ReasonBody {
    /// The step with its data.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub reason: Reason,
    /// The same in Chinese.
    pub sentence: String,
}

impl From<CaseView> for CaseBody {
    fn from(view: CaseView) -> Self {
        let CaseView {
            stored,
            standing,
            allowed_actions,
            stage,
            respond_by_provisional,
            leader,
            followers,
            names,
            parts,
            submitted_answer,
            responses,
            ratings,
            second_looks,
            uploads,
            contact,
            viewed_by,
        } = view;
        let case = stored.case;
        let place = stored.place;
        let somewhere = place.point.is_some() || place.name.is_some() || place.address.is_some();
        let explain = |reason: Reason| ReasonBody { sentence: reason.sentence(), reason };
        Self {
            id: case.id,
            number: stored.number,
            state: case.state,
            state_label: case.state.label(),
            version: case.version,
            text: match stored.text_held && !standing.is_staff() {
                true => content::IN_PLACE.to_owned(),
                false => stored.text,
            },
            text_held: stored.text_held,
            station: Named { id: case.station_id, name: names.station },
            member: case.member_id.map(|id| Named { id, name: names.member.unwrap_or_default() }),
            category: stored.category_id.map(|id| Named { id, name: names.category.unwrap_or_default() }),
            department_id: case.department_id.filter(|_| standing.is_staff()),
            location: somewhere.then(|| LocationBody {
                lat: place.point.map(|(lat, _)| lat),
                lng: place.point.map(|(_, lng)| lng),
                name: place.name,
                address: place.address,
            }),
            anonymous: stored.anonymous,
            contact: contact.map(|contact| ContactBody {
                name: contact.name,
                phone: contact.phone.as_deref().and_then(Phone::parse).map(|phone| phone.masked()),
                on_behalf_of: contact.on_behalf_of,
            }),
            created_at: case.created_at,
            updated_at: stored.updated_at,
            accept_by: case.accept_by,
            respond_by: case.respond_by,
            respond_by_provisional,
            reply_by: case.reply_by.filter(|_| standing.is_staff()),
            promised_on: case.promised_on,
            responded_at: case.responded_at,
            confirm_by: case.confirm_by,
            ended_at: case.ended_at,
            outcome: case.outcome,
            stage,
            escalation_level: case.escalation_level,
            returns: case.returns,
            leading_case_id: case.leading_case_id.filter(|_| standing.is_staff()),
            leader: leader.map(LeaderBody::from),
            followers,
            parts,
            submitted_answer,
            responses,
            ratings,
            second_looks,
            uploads,
            viewed_by,
            routing: standing
                .is_staff()
                .then(|| RoutingBody { reasons: stored.routing.into_iter().map(explain).collect() }),
            parties: Party::ALL.iter().copied().filter(|party| standing.is(*party)).collect(),
            allowed_actions,
        }
    }
}
