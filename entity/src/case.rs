//! A case (件).
use domain::case::State;
use domain::deadline::Stage;
use domain::ids::{AccountId, CaseId, CategoryId, CodeId, CommitteeId, DepartmentId, MemberId, StationId};
use domain::vocabulary::{Outcome, SecondLookReason};
use sea_orm::entity::prelude::*;

/// A case (件).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cases")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CaseId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// The number that people use.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Grows with every change; the `ETag`.
    pub version: i32,
    /// The number of its last event.
    pub event_seq: i32,
    /// The responsible station.
    pub station_id: StationId,
    /// The responsible member.
    pub member_id: Option<MemberId>,
    /// The department asked, while dispatched.
    pub department_id: Option<DepartmentId>,
    /// The account that raised it.
    pub resident_id: Option<AccountId>,
    /// The code it came from.
    pub code_id: Option<CodeId>,
    /// What it is about.
    pub category_id: Option<CategoryId>,
    /// What the resident wrote.
    pub text: String,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
    /// What the place is called.
    pub place_name: Option<String>,
    /// Its address.
    pub place_address: Option<String>,
    /// Name, phone and on whose behalf: sealed personal data.
    pub contact_sealed: Option<Vec<u8>>,
    /// Whether handlers must not see who raised it.
    pub anonymous: bool,
    /// SHA-256 of the case ticket.
    pub ticket_hash: Vec<u8>,
    /// The reasons of the routing.
    pub routing: Json,
    /// When the member has to have accepted.
    pub accept_by: Option<DateTimeUtc>,
    /// When the late acceptance was announced.
    pub accept_overdue_at: Option<DateTimeUtc>,
    /// When the answer is due.
    pub respond_by: DateTimeUtc,
    /// Since when the answer clock stands still.
    pub stopped_at: Option<DateTimeUtc>,
    /// Working seconds the clock has stood still.
    pub stopped_total_s: i64,
    /// The part of it spent waiting for the resident, in seconds.
    pub waited_total_s: i64,
    /// When the department's reply is due.
    pub reply_by: Option<DateTimeUtc>,
    /// Until when the department may object.
    pub object_by: Option<DateTimeUtc>,
    /// The last day of the promise.
    pub promised_on: Option<Date>,
    /// When it was answered last.
    pub responded_at: Option<DateTimeUtc>,
    /// Until when the resident may confirm or contest.
    pub confirm_by: Option<DateTimeUtc>,
    /// When the resident is reminded of that; only when responded.
    pub confirm_reminder_at: Option<DateTimeUtc>,
    /// The number of the entry with the answer that waits for the manager to sign it off.
    pub submitted_seq: Option<i32>,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why the last answer deserves a second look.
    pub second_look: Option<SecondLookReason>,
    /// When the resident will be asked.
    pub second_look_at: Option<DateTimeUtc>,
    /// Until when the resident may say whether it was done.
    pub second_look_by: Option<DateTimeUtc>,
    /// How often a member handed it back.
    pub returns: i16,
    /// How often a department objected.
    pub objections: i16,
    /// The last stage of lateness announced.
    pub stage: Stage,
    /// How high it has been raised.
    pub escalation_level: i16,
    /// The case it follows.
    pub leading_case_id: Option<CaseId>,
    /// The number of that case's event up to which this one has heard.
    pub leader_seq: Option<i32>,
    /// The state before merging.
    pub merged_from: Option<State>,
    /// How many parts it was ever split into.
    pub part_count: i16,
    /// Whether residents read a sentence in place of its text.
    pub text_held: bool,
    /// When time has something to do with it next.
    pub wake_at: Option<DateTimeUtc>,
    /// Up to which event of its history it stands in the figures.
    pub figures_seq: i32,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
