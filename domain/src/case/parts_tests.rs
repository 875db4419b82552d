//! Splitting: several departments, one voice, and nothing that is left lying.

use chrono::TimeDelta;

use super::tests::{act, at, calendar, command, context, everybody, id, opened, part_request, reason};
use super::*;
use crate::calendar::shanghai_date;
use crate::ids::{DepartmentId, MemberId};
use crate::role::{Party, Standing};
use crate::text::AnswerText;

/// Tuesday 2026-03-03 10:00 in Shanghai.
const TUESDAY: &str = "2026-03-03T02:00:00Z";

fn in_progress() -> Case {
    act(&opened(), Action::Accept, at("2026-03-02T02:00:00Z"))
}

/// Split into the parts 1 and 2, for the departments 7 and 8.
fn split() -> Case {
    act(&in_progress(), Action::Split, at(TUESDAY))
}

fn officer(part: i16) -> Standing {
    Standing::STRANGER.with_part(part)
}

fn reply() -> Command {
    Command::Reply { part: None, text: AnswerText::parse("已清运").unwrap(), uploads: Vec::new() }
}

fn object() -> Command {
    Command::Object { part: None, reason: reason() }
}

fn redirect(part: i16, department: u128) -> Command {
    Command::RedirectPart { part, department_id: DepartmentId(id(department)), request: None, due_on: None }
}

fn done(case: &Case, command: &Command, standing: Standing, now: &str) -> Case {
    decide(case, command, standing, &context(calendar(), at(now))).unwrap().case
}

fn refused(case: &Case, command: &Command, standing: Standing, now: &str) -> CaseError {
    decide(case, command, standing, &context(calendar(), at(now))).unwrap_err()
}

fn states(case: &Case) -> Vec<PartState> {
    case.parts.iter().map(|part| part.state).collect()
}

#[test]
fn a_split_case_comes_back_to_its_member_with_the_last_part_and_its_clock_goes_on() {
    let case = split();
    assert_eq!((case.state, case.owner()), (State::Dispatched, Owner::Member(MemberId(id(4)))));
    assert_eq!((case.department_id, case.respond_by), (None, opened().respond_by));
    assert_eq!(case.parts[0].reply_by, at("2026-03-10T10:00:00Z"), "five working days");
    assert_eq!(case.parts[0].object_by, at("2026-03-05T10:00:00Z"), "two working days");
    let first = done(&case, &reply(), officer(2), TUESDAY);
    assert_eq!(
        (first.state, states(&first)),
        (State::Dispatched, vec![PartState::Asked, PartState::Replied])
    );
    assert_eq!((first.parts[1].reply.as_deref(), first.parts[1].reply_seq), (Some("已清运"), Some(4)));
    let last = done(&first, &reply(), officer(1), TUESDAY);
    assert_eq!((last.state, last.respond_by), (State::InProgress, opened().respond_by));
    assert!(!last.is_split());
}

#[test]
fn an_officer_speaks_for_his_part_only() {
    let case = split();
    let second =
        Command::Reply { part: Some(2), text: AnswerText::parse("好").unwrap(), uploads: Vec::new() };
    assert_eq!(refused(&case, &second, officer(1), TUESDAY), CaseError::UnknownPart { part: 2 });
    assert_eq!(refused(&case, &reply(), officer(1).with_part(2), TUESDAY), CaseError::WhichPart);
    let after = done(&case, &second, officer(1).with_part(2), TUESDAY);
    assert_eq!(states(&after), [PartState::Asked, PartState::Replied]);
    assert_eq!(refused(&after, &second, officer(2), TUESDAY), CaseError::UnknownPart { part: 2 });
    let dispatched = act(&in_progress(), Action::Dispatch, at(TUESDAY));
    assert_eq!(refused(&dispatched, &second, everybody(), TUESDAY), CaseError::UnknownPart { part: 2 });
}

#[test]
fn an_objected_part_waits_for_another_department_and_the_case_with_it() {
    let case = done(&split(), &reply(), officer(2), TUESDAY);
    let case = done(&case, &object(), officer(1), TUESDAY);
    assert_eq!((case.state, states(&case)[0]), (State::Dispatched, PartState::Objected));
    assert_eq!(refused(&case, &reply(), officer(1), TUESDAY), CaseError::WhichPart, "it is not his any more");
    let case = done(&case, &redirect(1, 9), Standing::of(Party::Manager), "2026-03-04T02:00:00Z");
    assert_eq!((case.parts[0].department_id, case.parts[0].state), (DepartmentId(id(9)), PartState::Asked));
    assert_eq!(case.parts[0].object_by, at("2026-03-06T10:00:00Z"), "its own two days");
    assert_eq!(case.respond_by, opened().respond_by);
    let case = done(&case, &reply(), officer(1), "2026-03-05T02:00:00Z");
    assert_eq!(case.state, State::InProgress);
}

#[test]
fn after_two_objections_only_the_manager_decides_about_a_part() {
    let member = Standing::of(Party::ItsMember);
    let case = done(&split(), &object(), officer(1), TUESDAY);
    let case = done(&case, &redirect(1, 9), member, TUESDAY);
    let case = done(&case, &object(), officer(1), TUESDAY);
    let action = Action::RedirectPart;
    assert_eq!(refused(&case, &redirect(1, 10), member, TUESDAY), CaseError::NotAllowed { action });
    let take_back = command(Action::TakeBackPart, at(TUESDAY));
    let refusal = CaseError::NotAllowed { action: Action::TakeBackPart };
    assert_eq!(refused(&case, &take_back, member, TUESDAY), refusal);
    assert!(allowed_actions(&case, member, &context(calendar(), at(TUESDAY))).contains(&action), "part 2");
    let case = done(&case, &redirect(1, 10), Standing::of(Party::Manager), TUESDAY);
    assert_eq!((case.parts[0].objections, case.is_split()), (2, true));
    let strict = Context { members_may_dispatch: false, ..context(calendar(), at(TUESDAY)) };
    let split = command(Action::Split, at(TUESDAY));
    let refusal = CaseError::NotAllowed { action: Action::Split };
    assert_eq!(decide(&in_progress(), &split, member, &strict), Err(refusal), "where the station allows it");
}

#[test]
fn nobody_objects_after_two_working_days() {
    let late = "2026-03-05T10:00:01Z";
    let case = done(&split(), &redirect(2, 9), Standing::of(Party::Manager), "2026-03-05T02:00:00Z");
    assert_eq!(refused(&case, &object(), officer(1), late), CaseError::TooLate { action: Action::Object });
    let all = officer(1).with_part(2);
    let first = Command::Object { part: Some(1), reason: reason() };
    assert_eq!(refused(&case, &first, all, late), CaseError::TooLate { action: Action::Object });
    let second = Command::Object { part: Some(2), reason: reason() };
    assert_eq!(states(&done(&case, &second, all, late)), [PartState::Asked, PartState::Objected]);
}

#[test]
fn a_case_is_split_into_two_to_six_parts_for_different_departments() {
    let into = |departments: &[u128]| {
        let parts = departments.iter().map(|department| part_request(*department)).collect();
        decide(&in_progress(), &Command::Split { parts }, everybody(), &context(calendar(), at(TUESDAY)))
    };
    assert_eq!(into(&[7]), Err(CaseError::BadPartCount));
    assert_eq!(into(&[1, 2, 3, 4, 5, 6, 7]), Err(CaseError::BadPartCount));
    assert!(into(&[1, 2, 3, 4, 5, 6]).is_ok());
    let department_id = DepartmentId(id(7));
    assert_eq!(into(&[7, 8, 7]), Err(CaseError::SameDepartment { department_id }));
    let same = refused(&split(), &redirect(2, 7), everybody(), TUESDAY);
    assert_eq!(same, CaseError::SameDepartment { department_id });
    let yesterday = Some(shanghai_date(at(TUESDAY)));
    let parts = vec![part_request(7), PartRequest { due_on: yesterday, ..part_request(8) }];
    let bad = refused(&in_progress(), &Command::Split { parts }, everybody(), TUESDAY);
    assert_eq!(bad, CaseError::BadDate { action: Action::Split });
}

#[test]
fn a_case_that_leaves_its_departments_takes_back_what_is_unsettled_and_says_so_first() {
    let case = done(&split(), &reply(), officer(2), TUESDAY);
    for action in [Action::Reassign, Action::Withdraw, Action::Merge] {
        let context = context(calendar(), at(TUESDAY));
        let decision = decide(&case, &command(action, at(TUESDAY)), everybody(), &context).unwrap();
        assert_eq!(states(&decision.case), [PartState::TakenBack, PartState::Replied], "{action}");
        let kinds: Vec<EventKind> = decision.events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::PartsEnded, action.into()]);
        assert_eq!(decision.events[0].body.parts.len(), 1, "who has replied has done his part");
        assert_eq!(decision.case.event_seq, case.event_seq + 2);
    }
    let merged = act(&case, Action::Merge, at(TUESDAY));
    let back = act(&merged, Action::Unmerge, at(TUESDAY));
    assert_eq!((back.state, back.is_split()), (State::InProgress, false));
}

#[test]
fn a_case_that_is_taken_up_again_can_be_split_again_with_new_numbers() {
    let case = done(&done(&split(), &reply(), officer(2), TUESDAY), &reply(), officer(1), TUESDAY);
    let case = act(&act(&case, Action::Respond, at(TUESDAY)), Action::Contest, at(TUESDAY));
    let case = act(&act(&case, Action::Reopen, at(TUESDAY)), Action::Split, at(TUESDAY));
    let ordinals: Vec<i16> = case.parts.iter().map(|part| part.ordinal).collect();
    assert_eq!((ordinals, case.unsettled_parts().count()), (vec![1, 2, 3, 4], 2));
    assert_eq!(case.parts[0].reply.as_deref(), Some("已清运"), "what was replied stays in view");
}

#[test]
fn taking_back_the_last_part_gives_the_case_back() {
    let manager = Standing::of(Party::Manager);
    let take_back = |part| Command::TakeBackPart { part, reason: reason() };
    let case = done(&split(), &take_back(1), manager, TUESDAY);
    assert_eq!(case.state, State::Dispatched);
    assert_eq!(refused(&case, &take_back(1), manager, TUESDAY), CaseError::UnknownPart { part: 1 });
    let case = done(&case, &take_back(2), manager, TUESDAY);
    assert_eq!((case.state, states(&case)), (State::InProgress, vec![PartState::TakenBack; 2]));
}

#[test]
fn a_late_part_is_announced_once_and_anew_when_another_department_is_late() {
    let due = split().parts[0].reply_by;
    let case = done(&split(), &redirect(2, 9), Standing::of(Party::Manager), "2026-03-06T02:00:00Z");
    assert_eq!(
        tick(&case, &context(calendar(), due - TimeDelta::seconds(1))).map(|it| it.events[0].kind),
        Some(EventKind::DueSoon)
    );
    let ticked = tick(&case, &context(calendar(), due)).unwrap();
    assert_eq!(ticked.events[0].kind, EventKind::PartOverdue);
    assert_eq!((ticked.events[0].body.part, ticked.events[0].body.due_at), (Some(1), Some(due)));
    assert_eq!(tick(&ticked.case, &context(calendar(), due)), None, "twice changes nothing");
    let case = done(&ticked.case, &redirect(1, 10), Standing::of(Party::Manager), "2026-03-11T02:00:00Z");
    assert_eq!(case.parts[0].late_at, None);
    let later = case.parts[0].reply_by;
    let ticked = tick(&case, &context(calendar(), later)).unwrap();
    let late = ticked.events.iter().filter(|event| event.kind == EventKind::PartOverdue);
    let late: Vec<Option<i16>> = late.map(|event| event.body.part).collect();
    assert_eq!(late, [Some(1), Some(2)]);
}

#[test]
fn only_the_departments_that_are_out_know_the_case() {
    let case = done(&split(), &reply(), officer(2), TUESDAY);
    let of = |department: u128| {
        let binding =
            crate::role::Binding { role: crate::role::Role::DepartmentOfficer, scope_id: id(department) };
        let scope = crate::role::CaseScope {
            resident_id: None,
            member_id: case.member_id,
            department_id: case.department_id,
            parts: &case.parts,
            station_id: case.station_id,
            committees: &[],
        };
        Standing::of_account(crate::ids::AccountId(id(50)), &[binding], scope)
    };
    assert_eq!((of(7), of(8), of(9)), (officer(1), Standing::STRANGER, Standing::STRANGER));
    assert!(of(7).reads_part(1) && !of(7).reads_part(2) && Standing::of(Party::ItsMember).reads_part(2));
}
