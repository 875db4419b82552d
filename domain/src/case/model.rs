//! The case itself, as far as rules look at it. Long texts, pictures and contacts stay in storage.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{CasePart, Context, State, clock};
use crate::deadline::Stage;
use crate::ids::{AccountId, CaseId, CommitteeId, DepartmentId, MemberId, StationId};
use crate::vocabulary::{Outcome, SecondLookReason};

/// Who has to act next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The manager of this station.
    Manager(StationId),
    /// This member.
    Member(MemberId),
    /// The resident who raised the case.
    Resident,
    /// Nobody: the case has ended.
    Nobody,
    /// The leading case.
    Leader(CaseId),
}

/// What the rules know of a case.
///
/// Invariant (property-tested): an open case has an owner and a [clock](super::next_wake_at).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Where it stands.
    pub state: State,
    /// Grows by one with every change that somebody else has to know before acting; the `ETag`.
    pub version: i32,
    /// The number of the last event of its history.
    pub event_seq: i32,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// The responsible station.
    pub station_id: StationId,
    /// The responsible member; set in every state that a member owns.
    pub member_id: Option<MemberId>,
    /// The department asked, while dispatched.
    pub department_id: Option<DepartmentId>,
    /// The account that raised it, if any.
    pub resident_id: Option<AccountId>,
    /// When it was taken in.
    pub created_at: DateTime<Utc>,
    /// When the member has to have accepted; only while assigned.
    pub accept_by: Option<DateTime<Utc>>,
    /// When the late acceptance was announced.
    pub accept_overdue_at: Option<DateTime<Utc>>,
    /// When the answer is due. Moves only by pauses, never by passing the case around.
    pub respond_by: DateTime<Utc>,
    /// Since when the answer clock stands still: waiting for the resident, planned, answered, ended.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Working time that the clock has stood still so far, for whatever reason.
    pub stopped_total: TimeDelta,
    /// The part of it spent waiting for the resident; capped by `Terms::resident_days`.
    pub waited_total: TimeDelta,
    /// When a department's reply is due.
    pub reply_by: Option<DateTime<Utc>>,
    /// Until when the department may object.
    pub object_by: Option<DateTime<Utc>>,
    /// The last day of the promise.
    pub promised_on: Option<NaiveDate>,
    /// When it was answered last.
    pub responded_at: Option<DateTime<Utc>>,
    /// Until when the resident may confirm or contest.
    pub confirm_by: Option<DateTime<Utc>>,
    /// When the resident is reminded of that; only when responded.
    pub confirm_reminder_at: Option<DateTime<Utc>>,
    /// The number of the entry with the answer that waits for the manager to sign it off.
    pub submitted_seq: Option<i32>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended; only when closed.
    pub outcome: Option<Outcome>,
    /// Why the last answer deserves a second look, if it does.
    pub second_look: Option<SecondLookReason>,
    /// When the resident will be asked; only when closed.
    pub second_look_at: Option<DateTime<Utc>>,
    /// Until when the resident may say whether it was done; only when asked and not answered yet.
    pub second_look_by: Option<DateTime<Utc>>,
    /// How often a member handed it back.
    pub returns: i16,
    /// How often a department objected.
    pub objections: i16,
    /// The last stage of lateness that was announced.
    pub stage: Stage,
    /// How high it has been raised since it was taken up: 0 not at all, else a [`Supervision`](super::Supervision).
    pub escalation_level: i16,
    /// The case it follows, when merged.
    pub leading_case_id: Option<CaseId>,
    /// The number of the leading case's event up to which this one has heard, when merged.
    pub leader_seq: Option<i32>,
    /// The state before merging.
    pub merged_from: Option<State>,
    /// The parts that it was split into, in order; those of earlier times too.
    pub parts: Vec<CasePart>,
}

impl Case {
    /// Who has to act next.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match self.state {
            State::Received | State::Contested => Owner::Manager(self.station_id),
            State::InProgress | State::Planned if self.submitted_seq.is_some() => {
                Owner::Manager(self.station_id)
            }
            State::Assigned
            | State::InProgress
            | State::AwaitingResident
            | State::Dispatched
            | State::Planned => self.member_id.map_or(Owner::Manager(self.station_id), Owner::Member),
            State::Responded => Owner::Resident,
            State::Closed | State::Rejected | State::Withdrawn => Owner::Nobody,
            State::Merged => self.leading_case_id.map_or(Owner::Nobody, Owner::Leader),
        }
    }

    /// How late the running clock is at `context.now`; the stage last announced when none runs.
    #[must_use]
    pub fn stage_at(&self, context: &Context<'_>) -> Stage {
        clock::stage(self, context)
    }
}
