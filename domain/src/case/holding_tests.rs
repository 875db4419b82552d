//! The time per holder: to whom it goes, and that it adds up.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::tests::{MONDAY, aimed, at, calendar, command, context, everybody, id, new_case};
use super::*;
use crate::ids::{CaseId, DepartmentId, MemberId, StationId};

/// A case with its history so far.
struct Walk {
    case: Case,
    history: Vec<NewEvent>,
}

impl Walk {
    fn begun(member: Option<u128>) -> Self {
        let Decision { case, events } = open_case(new_case(member), &context(calendar(), at(MONDAY)));
        Self { case, history: events }
    }

    /// Lets time work, then tries an action.
    fn go_on(&mut self, action: Action, now: DateTime<Utc>) {
        self.go_on_while(Presence::Here, action, now);
    }

    /// The same, while its member is there or not.
    fn go_on_while(&mut self, presence: Presence, action: Action, now: DateTime<Utc>) {
        let context = Context { presence, ..context(calendar(), now) };
        while let Some(ticked) = tick(&self.case, &context) {
            self.take(ticked);
        }
        if let Ok(decision) =
            decide(&self.case, &aimed(command(action, now), &self.case), everybody(), &context)
        {
            self.take(decision);
        }
    }

    fn take(&mut self, decision: Decision) {
        self.case = decision.case;
        self.history.extend(decision.events);
    }

    fn course(&self) -> Course {
        self.history.iter().fold(Course::default(), |mut course, event| {
            course.add(event, calendar());
            course
        })
    }

    /// Who has to act, by what the case says of itself.
    fn holder(&self) -> Option<Holder> {
        match (self.case.state, self.case.owner()) {
            (State::AwaitingResident, _) | (_, Owner::Resident) => Some(Holder::Resident),
            (State::Dispatched, _) if !self.case.is_split() => {
                self.case.department_id.map(Holder::Department)
            }
            (_, Owner::Manager(station)) => Some(Holder::Manager(station)),
            (_, Owner::Member(member)) => Some(Holder::Member(member)),
            (_, Owner::Leader(case)) => Some(Holder::Leader(case)),
            (_, Owner::Nobody) => None,
        }
    }
}

#[test]
fn everybody_answers_for_his_own_time_and_friday_evening_is_not_all_working_time() {
    let mut walk = Walk::begun(Some(4));
    let friday = "2026-03-06T10:00:00Z";
    for (action, time) in [
        (Action::Return, "2026-03-02T03:30:00Z"),
        (Action::Assign, "2026-03-03T03:30:00Z"),
        (Action::Accept, "2026-03-03T04:30:00Z"),
        (Action::Dispatch, friday),
        (Action::Reply, "2026-03-09T10:00:00Z"),
        (Action::Respond, "2026-03-09T11:00:00Z"),
        (Action::Confirm, "2026-03-10T11:00:00Z"),
    ] {
        walk.go_on(action, at(time));
    }
    assert_eq!(walk.case.state, State::Closed);
    let found = walk.course().finish(at("2026-04-01T00:00:00Z"), calendar());
    let found: Vec<_> = found
        .iter()
        .map(|h| (h.holder, h.turns, h.time.num_minutes(), h.working_time.num_minutes()))
        .collect();
    let member = Holder::Member(MemberId(id(5)));
    // From Tuesday 11:30 to Friday 18:00, and an hour on Monday.
    let with_member = 3 * 1440 + 390 + 60;
    assert_eq!(
        found,
        [
            (Holder::Member(MemberId(id(4))), 1, 120, 120),
            (Holder::Manager(StationId(id(3))), 1, 1440, 1440),
            (member, 2, with_member, with_member),
            (Holder::Department(DepartmentId(id(7))), 1, 3 * 1440, 1440),
            (Holder::Resident, 1, 1440, 1440),
        ]
    );
}

#[test]
fn a_case_that_follows_another_is_with_the_leading_one() {
    let mut walk = Walk::begun(Some(4));
    walk.go_on(Action::Merge, at("2026-03-02T02:30:00Z"));
    assert_eq!(walk.course().now_with(), Some(Holder::Leader(CaseId(id(99)))));
    walk.go_on(Action::Unmerge, at("2026-03-02T03:30:00Z"));
    assert_eq!(walk.course().now_with(), Some(Holder::Member(MemberId(id(4)))));
}

#[test]
fn a_case_that_is_taken_up_again_without_its_member_is_with_its_manager() {
    let mut walk = Walk::begun(Some(4));
    walk.go_on(Action::Accept, at("2026-03-02T02:30:00Z"));
    walk.go_on(Action::Respond, at("2026-03-02T03:30:00Z"));
    walk.go_on(Action::Contest, at("2026-03-03T03:30:00Z"));
    walk.go_on_while(Presence::Left, Action::Reopen, at("2026-03-04T03:30:00Z"));
    assert_eq!(walk.course().now_with(), Some(Holder::Manager(StationId(id(3)))));
    walk.go_on(Action::Assign, at("2026-03-04T04:30:00Z"));
    assert_eq!(walk.course().now_with(), Some(Holder::Member(MemberId(id(5)))));
}

proptest! {
    #[test]
    fn the_time_per_holder_adds_up_to_the_whole_exactly(
        member in prop::option::of(4_u128..6),
        steps in prop::collection::vec((0..Action::ALL.len(), 0_i64..200_000, any::<bool>()), 1..40),
    ) {
        let mut walk = Walk::begun(member);
        let mut now = at(MONDAY);
        let (mut whole, mut working) = (TimeDelta::zero(), TimeDelta::zero());
        for (action, seconds, left) in steps {
            let before = now;
            now += TimeDelta::seconds(seconds);
            if !matches!(walk.case.state, State::Closed | State::Rejected | State::Withdrawn) {
                whole += now - before;
                working += calendar().working_time_between(before, now);
            }
            let presence = if left { Presence::Left } else { Presence::Here };
            walk.go_on_while(presence, Action::ALL[action], now);
            prop_assert_eq!(walk.course().now_with(), walk.holder());
        }
        let holdings = walk.course().finish(now, calendar());
        prop_assert_eq!(holdings.iter().map(|holding| holding.time).sum::<TimeDelta>(), whole);
        prop_assert_eq!(holdings.iter().map(|holding| holding.working_time).sum::<TimeDelta>(), working);
    }
}
