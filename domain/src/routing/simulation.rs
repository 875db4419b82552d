//! Routing a period's cases once more, by other rules or another directory.
//!
//! Loads follow from the simulation itself: whoever gets a case has it on the desk for as long as it was on
//! somebody's desk in truth.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use chrono::{DateTime, Utc};

use super::{Assignment, CodeTarget, Directory, Loads, Matter, Routing, Rules, route};
use crate::geo::Point;
use crate::ids::{CategoryId, MemberId, StationId};

/// A case as it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct PastCase {
    /// What the scanned code points to.
    pub code: Option<CodeTarget>,
    /// The station that the resident chose.
    pub chosen_station_id: Option<StationId>,
    /// The member that the resident chose.
    pub chosen_member_id: Option<MemberId>,
    /// What the case is about, when the resident said so.
    pub category_id: Option<CategoryId>,
    /// Where the matter is.
    pub place: Option<Point>,
    /// When it came in.
    pub at: DateTime<Utc>,
    /// When it was off the desk; none while it still lies there.
    pub until: Option<DateTime<Utc>>,
    /// What the resident wrote.
    pub text: String,
}

impl PastCase {
    fn matter(&self) -> Matter<'_> {
        Matter {
            code: self.code,
            chosen_station_id: self.chosen_station_id,
            chosen_member_id: self.chosen_member_id,
            category_id: self.category_id,
            place: self.place,
            at: self.at,
            text: &self.text,
            excluded: &[],
            returns: 0,
        }
    }
}

/// A case that lay on somebody's desk when the period began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskCase {
    /// On whose.
    pub member_id: MemberId,
    /// When it was off the desk; none while it still lies there.
    pub until: Option<DateTime<Utc>>,
}

/// Routes the cases in the order given, which is that of their coming in. One that can't be routed, since no
/// station is open, has no routing.
#[must_use]
pub fn simulate(
    cases: &[PastCase],
    on_desks: &[DeskCase],
    directory: &Directory,
    rules: &Rules,
) -> Vec<Option<Routing>> {
    let mut desks = Desks::default();
    on_desks.iter().for_each(|desk| desks.put(*desk));
    let mut routed = Vec::with_capacity(cases.len());
    for case in cases {
        desks.clear_until(case.at);
        let routing = route(&case.matter(), directory, &desks.loads, rules).ok();
        if let Some(Assignment::Assigned(member_id)) = routing.as_ref().map(|routing| routing.assignment) {
            desks.put(DeskCase { member_id, until: case.until });
        }
        routed.push(routing);
    }
    routed
}

/// What lies on the members' desks at a moment, and when each case will be off.
#[derive(Default)]
struct Desks {
    loads: Loads,
    leaving: BinaryHeap<Reverse<(DateTime<Utc>, MemberId)>>,
}

impl Desks {
    fn put(&mut self, case: DeskCase) {
        self.loads.add(case.member_id);
        self.leaving.extend(case.until.map(|until| Reverse((until, case.member_id))));
    }

    fn clear_until(&mut self, at: DateTime<Utc>) {
        while let Some(first) = self.leaving.peek_mut().filter(|first| first.0.0 <= at) {
            let Reverse((_, member_id)) = PeekMut::pop(first);
            self.loads.take(member_id);
        }
    }
}
