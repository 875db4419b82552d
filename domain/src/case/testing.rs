//! A case that was just taken in, for tests of what is no action.

use uuid::Uuid;

use super::{Case, Context, NewCase, Presence, open_case};
use crate::calendar::WorkCalendar;
use crate::deadline::Terms;
use crate::ids::{AccountId, CaseId, CommitteeId, StationId};
use crate::role::Party;

/// A case of nobody, in the manager's queue.
pub(super) fn opened() -> Case {
    opened_for(None)
}

/// A case in the manager's queue.
pub(super) fn opened_for(resident_id: Option<AccountId>) -> Case {
    let calendar = WorkCalendar::default();
    let now = "2026-03-02T01:30:00Z".parse().unwrap();
    let context = Context {
        calendar: &calendar,
        terms: Terms::default(),
        now,
        members_may_dispatch: false,
        leader: None,
        leads: false,
        presence: Presence::Here,
        signs_off: false,
        submitted: None,
    };
    let id = Uuid::from_u128;
    let new = NewCase {
        id: CaseId(id(1)),
        committee_id: CommitteeId(id(2)),
        station_id: StationId(id(3)),
        member_id: None,
        resident_id,
        taken_in_by: Party::Manager,
    };
    open_case(new, &context).case
}
