//! Who has held a case for how long (首接负责): read from its history, and adding up exactly.
//!
//! A [`Course`] is told the events in their order. What it says of the present agrees with
//! [`Case::owner`](super::Case::owner) but for two states in which the member stays responsible and
//! somebody else has to act: dispatched to one department, it is its time, and waiting, the resident's.
//!
//! Instants are cut to whole seconds before they are compared, so that the parts still add up as such.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::{EventKind, NewEvent, State};
use crate::calendar::WorkCalendar;
use crate::ids::{CaseId, DepartmentId, MemberId, StationId};

/// Whoever had to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The manager of this station.
    Manager(StationId),
    /// This member.
    Member(MemberId),
    /// This department, asked by the member or the manager.
    Department(DepartmentId),
    /// The resident: asked for more, or to confirm the answer.
    Resident,
    /// Whoever holds the leading case.
    Leader(CaseId),
}

/// What one holder's turns with a case add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Who.
    pub holder: Holder,
    /// How often it came to them.
    pub turns: u32,
    /// From taking to giving away, in all.
    pub time: TimeDelta,
    /// The part of it on working days, as [`WorkCalendar::working_time_between`] counts.
    pub working_time: TimeDelta,
}

/// A case's way from hand to hand.
#[derive(Debug, Clone, Default)]
pub struct Course {
    station_id: Option<StationId>,
    member_id: Option<MemberId>,
    department_id: Option<DepartmentId>,
    leading_case_id: Option<CaseId>,
    is_submitted: bool,
    now_with: Option<Holder>,
    since: Option<DateTime<Utc>>,
    holdings: Vec<Holding>,
}

impl Course {
    /// Whose it is after the last event; nobody's when it has ended, or nothing has happened.
    #[must_use]
    pub const fn now_with(&self) -> Option<Holder> {
        self.now_with
    }

    /// Goes on with the next event.
    pub fn add(&mut self, event: &NewEvent, calendar: &WorkCalendar) {
        let body = &event.body;
        match event.kind {
            EventKind::Created | EventKind::Assign | EventKind::Reassign => {
                self.station_id = body.station_id.or(self.station_id);
                self.member_id = body.member_id;
            }
            EventKind::Return => self.member_id = None,
            // Taken up again without its member, who is not there.
            EventKind::Reopen | EventKind::Unmerge if body.from_member_id.is_some() => self.member_id = None,
            EventKind::Dispatch => self.department_id = body.department_id,
            // With several departments it is the time of the member, the one voice.
            EventKind::Split => self.department_id = None,
            EventKind::Merge => self.leading_case_id = body.leading_case_id,
            _ => {}
        }
        // An answer waits for the manager until he decides on it, or the case goes another way.
        self.is_submitted = match event.kind {
            EventKind::AnswerSubmitted => true,
            EventKind::SendBack => false,
            _ => self.is_submitted && event.from == Some(event.to),
        };
        let holder = self.holder(event.to);
        if holder != self.now_with {
            self.close(event.at, calendar);
            (self.now_with, self.since) = (holder, Some(event.at));
            if let Some(holder) = holder {
                self.of(holder).turns += 1;
            }
        }
    }

    /// What everybody's turns add up to at `now`, in the order in which they first came.
    #[must_use]
    pub fn finish(mut self, now: DateTime<Utc>, calendar: &WorkCalendar) -> Vec<Holding> {
        self.close(now, calendar);
        self.holdings
    }

    fn close(&mut self, at: DateTime<Utc>, calendar: &WorkCalendar) {
        let (Some(holder), Some(since)) = (self.now_with, self.since) else { return };
        let (since, at) = (since.trunc_subsecs(0), at.trunc_subsecs(0));
        let holding = self.of(holder);
        holding.time += at - since;
        holding.working_time += calendar.working_time_between(since, at);
    }

    fn of(&mut self, holder: Holder) -> &mut Holding {
        let place = self.holdings.iter().position(|holding| holding.holder == holder);
        let place = place.unwrap_or(self.holdings.len());
        if place == self.holdings.len() {
            let (time, working_time) = (TimeDelta::zero(), TimeDelta::zero());
            self.holdings.push(Holding { holder, turns: 0, time, working_time });
        }
        #[expect(clippy::indexing_slicing, reason = "found, or just pushed")]
        &mut self.holdings[place]
    }

    fn holder(&self, state: State) -> Option<Holder> {
        let manager = self.station_id.map(Holder::Manager);
        let member = self.member_id.map(Holder::Member).or(manager);
        match state {
            State::Received | State::Contested => manager,
            State::InProgress | State::Planned if self.is_submitted => manager,
            State::Assigned | State::InProgress | State::Planned => member,
            State::Dispatched => self.department_id.map(Holder::Department).or(member),
            State::AwaitingResident | State::Responded => Some(Holder::Resident),
            State::Merged => self.leading_case_id.map(Holder::Leader),
            State::Closed | State::Rejected | State::Withdrawn => None,
        }
    }
}
