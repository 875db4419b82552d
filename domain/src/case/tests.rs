//! Stories and properties of the case as a whole.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::calendar::WorkCalendar;
use crate::deadline::{Stage, Terms};
use crate::ids::{CommitteeId, DepartmentId, MemberId, StationId};
use crate::role::{Party, Standing};
use crate::text::{AnswerText, Reason, Remark};
use crate::vocabulary::{Done, Evidence, Outcome, Solved};

pub(super) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// An open case that others may follow.
pub(super) fn leader() -> Leader {
    Leader {
        id: crate::ids::CaseId(id(99)),
        committee_id: CommitteeId(id(2)),
        state: State::InProgress,
        follows: None,
        heard_seq: 3,
    }
}

pub(super) fn context(calendar: &WorkCalendar, now: DateTime<Utc>) -> Context<'_> {
    let leader = Some(leader());
    Context {
        calendar,
        terms: Terms::default(),
        now,
        members_may_dispatch: true,
        leader,
        leads: false,
        presence: Presence::Here,
        signs_off: false,
        submitted: None,
    }
}

pub(super) fn calendar() -> &'static WorkCalendar {
    WorkCalendar::shipped().unwrap()
}

pub(super) fn reason() -> Reason {
    Reason::parse("不在本站范围").unwrap()
}

pub(super) fn new_case(member: Option<u128>) -> NewCase {
    NewCase {
        taken_in_by: Party::Resident,
        id: crate::ids::CaseId(id(1)),
        committee_id: CommitteeId(id(2)),
        station_id: StationId(id(3)),
        member_id: member.map(|n| MemberId(id(n))),
        resident_id: None,
    }
}

/// Monday 2026-03-02 09:30 in Shanghai.
pub(super) const MONDAY: &str = "2026-03-02T01:30:00Z";

pub(super) fn opened() -> Case {
    open_case(new_case(Some(4)), &context(calendar(), at(MONDAY))).case
}

fn assignee(member: Option<u128>) -> Assignee {
    Assignee { station_id: StationId(id(3)), member_id: member.map(|n| MemberId(id(n))) }
}

/// A department asked for its part.
pub(super) fn part_request(department: u128) -> PartRequest {
    let department_id = DepartmentId(id(department));
    PartRequest { department_id, request: Remark::parse("请现场查看").unwrap(), due_on: None }
}

/// The command, about the first part that is not settled, if there is one.
pub(super) fn aimed(mut command: Command, case: &Case) -> Command {
    let first = case.unsettled_parts().next().map(|part| part.ordinal);
    match &mut command {
        Command::Reply { part, .. } | Command::Object { part, .. } => *part = first,
        Command::RedirectPart { part, .. } | Command::TakeBackPart { part, .. } => {
            *part = first.unwrap_or(1);
        }
        _ => {}
    }
    command
}

/// One command for every action, with inputs that fit.
pub(super) fn command(action: Action, now: DateTime<Utc>) -> Command {
    let remark = Remark::parse("请说明").unwrap();
    let text = AnswerText::parse("已现场查看").unwrap();
    let tomorrow = crate::calendar::shanghai_date(now) + TimeDelta::days(10);
    match action {
        Action::Assign => Command::Assign { to: assignee(Some(5)), reason: reason() },
        Action::Accept => Command::Accept,
        Action::Return => Command::Return { reason: reason() },
        Action::Reassign => Command::Reassign { to: assignee(Some(6)), reason: reason() },
        Action::RequestInformation => Command::RequestInformation { question: remark },
        Action::Supplement => Command::Supplement { text: Some(text), uploads: Vec::new() },
        Action::Dispatch => {
            Command::Dispatch { department_id: DepartmentId(id(7)), request: remark, due_on: None }
        }
        Action::Split => Command::Split { parts: vec![part_request(7), part_request(8)] },
        Action::RedirectPart => {
            let department_id = DepartmentId(id(9));
            Command::RedirectPart { part: 1, department_id, request: Some(remark), due_on: None }
        }
        Action::TakeBackPart => Command::TakeBackPart { part: 1, reason: reason() },
        Action::Reply => Command::Reply { part: None, text, uploads: Vec::new() },
        Action::Object => Command::Object { part: None, reason: reason() },
        Action::Plan => Command::Plan { promise: remark, promised_on: tomorrow },
        Action::Respond => Command::Respond { text, evidence: Evidence::Visit, uploads: Vec::new() },
        Action::Approve => Command::Approve { answer: 3 },
        Action::SendBack => Command::SendBack { answer: 3, reason: reason() },
        Action::Confirm => Command::Confirm { solved: Solved::Yes, stars: 5, comment: None },
        Action::Contest => Command::Contest { reason: reason(), stars: None },
        Action::Reopen => Command::Reopen { reason: reason() },
        Action::Uphold => Command::Uphold { explanation: remark },
        Action::Expire => Command::Expire,
        Action::Reject => Command::Reject { reason: reason() },
        Action::Withdraw => Command::Withdraw { reason: None },
        Action::Merge => Command::Merge { leading_case_id: crate::ids::CaseId(id(99)) },
        Action::Unmerge => Command::Unmerge,
        Action::Escalate => Command::Escalate { reason: reason() },
        Action::Note => Command::Note { text: remark },
        Action::CorrectResponse => Command::CorrectResponse { text, reason: reason() },
        Action::SecondLook => Command::SecondLook { done: Done::Partly, comment: None },
    }
}

pub(super) fn everybody() -> Standing {
    let parties = Party::ALL.iter().fold(Standing::STRANGER, |standing, party| standing.and(*party));
    (1..=60).fold(parties, Standing::with_part)
}

/// Does one action as everybody at once, after some time.
pub(super) fn act(case: &Case, action: Action, now: DateTime<Utc>) -> Case {
    decide(case, &command(action, now), everybody(), &context(calendar(), now)).unwrap().case
}

#[test]
fn the_main_line_leads_from_the_poster_to_a_solved_case() {
    let case = opened();
    assert_eq!((case.state, case.owner()), (State::Assigned, Owner::Member(MemberId(id(4)))));
    assert_eq!(case.respond_by, at("2026-03-11T10:00:00Z"), "the seventh working day at 18:00");
    assert_eq!(case.accept_by, Some(at("2026-03-03T10:00:00Z")));
    let case = act(&case, Action::Accept, at("2026-03-02T03:00:00Z"));
    let case = act(&case, Action::Respond, at("2026-03-04T03:00:00Z"));
    assert_eq!((case.state, case.owner()), (State::Responded, Owner::Resident));
    assert_eq!(case.confirm_by, Some(at("2026-03-18T03:00:00Z")));
    let case = act(&case, Action::Confirm, at("2026-03-05T03:00:00Z"));
    assert_eq!((case.state, case.outcome), (State::Closed, Some(Outcome::Solved)));
    assert_eq!(next_wake_at(&case, &context(calendar(), at("2026-03-05T03:00:00Z"))), None);
}

#[test]
fn passing_a_case_around_never_moves_its_deadline() {
    let due = opened().respond_by;
    let case = act(&opened(), Action::Return, at("2026-03-03T01:00:00Z"));
    assert_eq!((case.state, case.member_id, case.returns), (State::Received, None, 1));
    let case = act(&case, Action::Assign, at("2026-03-04T01:00:00Z"));
    let case = act(&case, Action::Reassign, at("2026-03-05T01:00:00Z"));
    assert_eq!(case.respond_by, due);
    assert_eq!(case.accept_by, Some(at("2026-03-06T10:00:00Z")), "the next one has his own day to accept");
}

#[test]
fn after_two_returns_the_manager_decides() {
    let now = at("2026-03-03T01:00:00Z");
    let mut case = opened();
    for _ in 0..2 {
        case = act(&act(&case, Action::Return, now), Action::Assign, now);
    }
    let third = decide(&case, &command(Action::Return, now), everybody(), &context(calendar(), now));
    assert_eq!(third, Err(CaseError::ReturnsExhausted { returns: 2 }));
}

#[test]
fn a_question_stops_the_clock_until_the_answer() {
    let case = act(&opened(), Action::Accept, at("2026-03-02T02:00:00Z"));
    let case = act(&case, Action::RequestInformation, at("2026-03-03T02:00:00Z"));
    let case = act(&case, Action::Supplement, at("2026-03-05T02:00:00Z"));
    assert_eq!(case.state, State::InProgress);
    assert_eq!(case.respond_by, at("2026-03-13T10:00:00Z"), "two working days later than before");
    assert_eq!(case.waited_total, TimeDelta::days(2));
}

#[test]
fn an_unanswered_question_goes_on_by_itself_after_five_working_days() {
    let case = act(&opened(), Action::Accept, at("2026-03-02T02:00:00Z"));
    let case = act(&case, Action::RequestInformation, at("2026-03-03T02:00:00Z"));
    let wake = next_wake_at(&case, &context(calendar(), at("2026-03-03T02:00:00Z")));
    assert_eq!(wake, Some(at("2026-03-10T02:00:00Z")));
    assert_eq!(tick(&case, &context(calendar(), at("2026-03-10T01:59:59Z"))), None);
    let resumed = tick(&case, &context(calendar(), at("2026-03-10T02:00:00Z"))).unwrap();
    assert_eq!(resumed.case.state, State::InProgress);
    assert_eq!(resumed.events.first().map(|event| event.kind), Some(EventKind::Resumed));
    let again = command(Action::RequestInformation, at("2026-03-10T02:00:00Z"));
    let again = decide(&resumed.case, &again, everybody(), &context(calendar(), at("2026-03-10T02:00:00Z")));
    assert_eq!(again, Err(CaseError::TooLate { action: Action::RequestInformation }), "five days in all");
}

#[test]
fn lateness_is_announced_stage_by_stage_and_only_once() {
    let mut case = act(&opened(), Action::Accept, at("2026-03-02T02:00:00Z"));
    let mut announced = Vec::new();
    let mut now = at("2026-03-02T02:00:00Z");
    while let Some(wake) = next_wake_at(&case, &context(calendar(), now)) {
        assert!(wake > now, "time moves on");
        now = wake;
        let ticked = tick(&case, &context(calendar(), now)).unwrap();
        assert_eq!(tick(&ticked.case, &context(calendar(), now)), None, "twice changes nothing");
        announced.extend(ticked.events.iter().map(|event| event.kind));
        case = ticked.case;
    }
    assert_eq!(announced, [EventKind::DueSoon, EventKind::Overdue, EventKind::Red, EventKind::Supervised]);
    assert_eq!((case.stage, case.escalation_level), (Stage::Supervised, 2));
}

#[test]
fn a_case_that_was_missed_for_weeks_is_announced_at_its_highest_stage() {
    let case = opened();
    let ticked = tick(&case, &context(calendar(), at("2026-04-30T02:00:00Z"))).unwrap();
    let kinds: Vec<EventKind> = ticked.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::AcceptOverdue, EventKind::Supervised]);
    assert_eq!(ticked.case.event_seq, 3);
}

#[test]
fn an_answer_that_nobody_confirms_ends_unconfirmed_after_fourteen_days_and_a_reminder() {
    let case = act(&opened(), Action::Accept, at("2026-03-02T02:00:00Z"));
    let case = act(&case, Action::Respond, at("2026-03-04T03:00:00Z"));
    let by = case.confirm_by.unwrap();
    let reminder = by - TimeDelta::days(3);
    assert_eq!(next_wake_at(&case, &context(calendar(), at("2026-03-04T03:00:00Z"))), Some(reminder));
    assert_eq!(tick(&case, &context(calendar(), reminder - TimeDelta::seconds(1))), None);
    let reminded = tick(&case, &context(calendar(), reminder)).unwrap();
    let told: Vec<_> = reminded.events.iter().map(|event| (event.kind, event.body.due_at)).collect();
    assert_eq!(told, [(EventKind::ConfirmDue, Some(by))]);
    assert_eq!(tick(&reminded.case, &context(calendar(), by - TimeDelta::seconds(1))), None, "once");
    assert_eq!(next_wake_at(&reminded.case, &context(calendar(), reminder)), Some(by));
    let confirmed = act(&case, Action::Confirm, at("2026-03-05T03:00:00Z"));
    assert_eq!((confirmed.confirm_reminder_at, case.confirm_reminder_at), (None, Some(reminder)));

    // A service that stood still meanwhile does not remind of what is over.
    let closed = tick(&case, &context(calendar(), by)).unwrap().case;
    assert_eq!((closed.state, closed.outcome), (State::Closed, Some(Outcome::Unconfirmed)));
}

#[test]
fn a_contested_answer_gives_the_clock_back_what_was_left() {
    let case = act(&opened(), Action::Accept, at("2026-03-02T02:00:00Z"));
    let case = act(&case, Action::Respond, at("2026-03-10T02:00:00Z"));
    let case = act(&case, Action::Contest, at("2026-03-17T02:00:00Z"));
    assert_eq!(case.owner(), Owner::Manager(StationId(id(3))));
    assert_eq!(case.respond_by, at("2026-03-18T10:00:00Z"), "32 working hours were left");
}

#[test]
fn a_case_goes_back_to_its_member_only_if_he_is_there() {
    let now = at("2026-03-10T02:00:00Z");
    let contested =
        act(&act(&act(&opened(), Action::Accept, now), Action::Respond, now), Action::Contest, now);
    let merged = act(&act(&opened(), Action::Accept, at(MONDAY)), Action::Merge, now);
    let cases = [(contested, Action::Reopen), (merged, Action::Unmerge)];
    // One day to accept ends on Wednesday at 18:00.
    let soon_back = Presence::AwayUntil(at("2026-03-11T10:00:00Z"));
    let long_away = Presence::AwayUntil(at("2026-03-11T10:00:01Z"));
    for (case, action) in &cases {
        for (presence, stays) in
            [(Presence::Here, true), (soon_back, true), (long_away, false), (Presence::Left, false)]
        {
            let context = Context { presence, ..context(calendar(), now) };
            let decision = decide(case, &command(*action, now), everybody(), &context).unwrap();
            let after = decision.case;
            let (owner, from) = match stays {
                true => (Owner::Member(MemberId(id(4))), None),
                false => (Owner::Manager(StationId(id(3))), Some(MemberId(id(4)))),
            };
            assert_eq!((after.owner(), decision.events[0].body.from_member_id), (owner, from), "{action}");
            assert_eq!(after.state, if stays { State::InProgress } else { State::Received });
            assert_eq!(after.respond_by, cases_due(case, *action, now), "the clock knows nothing of it");
        }
    }
    let unaccepted = act(&opened(), Action::Merge, at(MONDAY));
    let context = Context { presence: Presence::Left, ..context(calendar(), at(MONDAY)) };
    let back = decide(&unaccepted, &Command::Unmerge, everybody(), &context).unwrap().case;
    assert_eq!((back.state, back.accept_by), (State::Received, None));
}

/// When the answer is due if the member is there.
fn cases_due(case: &Case, action: Action, now: DateTime<Utc>) -> DateTime<Utc> {
    act(case, action, now).respond_by
}

#[test]
fn a_case_is_raised_level_by_level_and_anew_when_it_is_taken_up_again() {
    let now = at(MONDAY);
    let mut case = act(&opened(), Action::Accept, now);
    for level in [Supervision::Station, Supervision::Committee, Supervision::Above] {
        let raised = decide(&case, &command(Action::Escalate, now), everybody(), &context(calendar(), now));
        let raised = raised.unwrap();
        assert_eq!(raised.events[0].body.level, Some(level.number()));
        case = raised.case;
        assert!(level.is_reached_by(case.escalation_level));
    }
    let again = decide(&case, &command(Action::Escalate, now), everybody(), &context(calendar(), now));
    assert_eq!(again, Err(CaseError::RaisedAlready { level: 3 }));
    let answered = act(&case, Action::Respond, now);
    assert_eq!(answered.escalation_level, 3, "an answer does not hide how high it had to go");
    let reopened = act(&act(&answered, Action::Contest, now), Action::Reopen, now);
    assert_eq!(act(&reopened, Action::Escalate, now).escalation_level, 1);
}

#[test]
fn every_action_from_every_state_by_every_party_is_what_the_table_says() {
    let now = at(MONDAY);
    for state in State::ALL {
        let mut case = opened();
        case.state = *state;
        case.stopped_at = (!state.clock_runs()).then_some(now);
        case.promised_on = Some(crate::calendar::shanghai_date(now));
        case.confirm_by = Some(now + TimeDelta::days(1));
        for action in Action::ALL {
            for party in Party::ALL {
                let of_parts = matches!(action, Action::RedirectPart | Action::TakeBackPart);
                let of_submitted = matches!(action, Action::Approve | Action::SendBack);
                let entitled = rule(*action).who.contains(party);
                let possible = rule(*action).from.contains(state) && !of_parts && !of_submitted;
                let decided =
                    decide(&case, &command(*action, now), Standing::of(*party), &context(calendar(), now));
                let what = format!("{action} from {state} by {party}");
                match decided {
                    Ok(_) => assert!(entitled && possible, "{what}"),
                    Err(CaseError::NotAllowed { .. }) => {
                        let conditional =
                            matches!(action, Action::Expire | Action::Escalate | Action::SecondLook);
                        assert!(!entitled || conditional, "{what}");
                    }
                    Err(CaseError::WrongState { .. }) => assert!(entitled && !possible, "{what}"),
                    Err(error) => panic!("{what}: {error}"),
                }
            }
        }
    }
}

#[test]
fn a_stranger_is_told_nothing_about_states() {
    let mut case = opened();
    case.state = State::Closed;
    let refused = decide(&case, &Command::Accept, Standing::STRANGER, &context(calendar(), at(MONDAY)));
    assert_eq!(refused, Err(CaseError::NotAllowed { action: Action::Accept }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_happens_an_open_case_has_an_owner_and_a_clock(
        member in prop::option::of(4_u128..6),
        steps in prop::collection::vec((0..Action::ALL.len(), 0_i64..200_000), 1..40),
    ) {
        let mut now = at(MONDAY);
        let mut case = open_case(new_case(member), &context(calendar(), now)).case;
        let first_due = case.respond_by;
        for (action, seconds) in steps {
            now += TimeDelta::seconds(seconds);
            let context = context(calendar(), now);
            while let Some(ticked) = tick(&case, &context) {
                prop_assert!(ticked.case.version > case.version);
                case = ticked.case;
            }
            let command = aimed(command(Action::ALL[action], now), &case);
            let Ok(decision) = decide(&case, &command, everybody(), &context) else { continue };
            let after = decision.case;
            prop_assert_eq!(after.event_seq, case.event_seq + i32::try_from(decision.events.len()).unwrap());
            prop_assert!(after.respond_by >= first_due, "no action shortens the clock");
            let asked = after.department_id.is_some() || after.is_split();
            prop_assert_eq!(after.state == State::Dispatched, asked, "somebody is asked while dispatched");
            prop_assert_eq!(after.state.is_open(), !matches!(after.owner(), Owner::Nobody | Owner::Leader(_)));
            if after.state.is_open() {
                let announced = after.stage == Stage::Supervised;
                prop_assert!(announced || next_wake_at(&after, &context).is_some(), "{:?} has no clock", after.state);
            } else {
                prop_assert_eq!(next_wake_at(&after, &context), after.second_look_at);
                prop_assert!(after.second_look_at.is_none() || after.state == State::Closed);
            }
            prop_assert!(after.confirm_reminder_at.is_none() || after.state == State::Responded);
            prop_assert_eq!(after.state == State::Closed, after.outcome.is_some());
            prop_assert_eq!(after.stopped_at.is_some(), !after.state.clock_runs());
            let offered = allowed_actions(&case, everybody(), &context);
            prop_assert!(offered.contains(&Action::ALL[action]), "what works is offered");
            case = after;
        }
    }
}
