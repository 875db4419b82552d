//! The second look, and corrections of an answer.

use super::tests::{act, at, calendar, context, everybody, opened, reason};
use super::*;
use crate::text::AnswerText;
use crate::vocabulary::{Done, Evidence, SecondLookReason};
use chrono::{DateTime, TimeDelta, Utc};

/// Wednesday, the third day of the case.
const ANSWERED: &str = "2026-03-04T03:00:00Z";

fn answered(evidence: Evidence) -> Case {
    let case = act(&opened(), Action::Accept, at("2026-03-02T03:00:00Z"));
    answer(&case, evidence)
}

fn answer(case: &Case, evidence: Evidence) -> Case {
    let text = AnswerText::parse("已向物业核实").unwrap();
    let respond = Command::Respond { text, evidence, uploads: Vec::new() };
    decide(case, &respond, everybody(), &context(calendar(), at(ANSWERED))).unwrap().case
}

fn look(case: &Case, done: Done, now: DateTime<Utc>) -> Result<Decision, CaseError> {
    let look = Command::SecondLook { done, comment: None };
    decide(case, &look, everybody(), &context(calendar(), now))
}

#[test]
fn an_explanation_and_an_ended_promise_deserve_a_second_look_and_nothing_else_does() {
    for evidence in Evidence::ALL {
        let wanted = (*evidence == Evidence::Explanation).then_some(SecondLookReason::Explanation);
        assert_eq!(answered(*evidence).second_look, wanted, "{evidence}");
        let case = act(&opened(), Action::Accept, at("2026-03-02T03:00:00Z"));
        let planned = act(&case, Action::Plan, at("2026-03-03T03:00:00Z"));
        assert_eq!(answer(&planned, *evidence).second_look, Some(SecondLookReason::Promise), "{evidence}");
    }
}

#[test]
fn the_resident_is_asked_thirty_days_after_the_end_and_only_once() {
    let case = answered(Evidence::Explanation);
    assert_eq!(case.second_look_at, None, "not before the end");
    let end = at("2026-03-05T03:00:00Z");
    let case = act(&case, Action::Confirm, end);
    let wake = next_wake_at(&case, &context(calendar(), end)).unwrap();
    assert_eq!(wake, end + TimeDelta::days(30));
    assert_eq!(tick(&case, &context(calendar(), wake - TimeDelta::seconds(1))), None);
    let early = look(&case, Done::Yes, wake - TimeDelta::seconds(1));
    assert_eq!(early, Err(CaseError::NotAllowed { action: Action::SecondLook }), "not asked yet");

    let asked = tick(&case, &context(calendar(), wake)).unwrap();
    let kinds: Vec<EventKind> = asked.events.iter().map(|event| event.kind).collect();
    assert_eq!((kinds, asked.case.state), (vec![EventKind::SecondLookAsked], State::Closed));
    let later = wake + TimeDelta::days(400);
    assert_eq!(tick(&asked.case, &context(calendar(), later)), None);
    assert_eq!(next_wake_at(&asked.case, &context(calendar(), wake)), None);

    let by = asked.case.second_look_by.unwrap();
    assert_eq!(
        look(&asked.case, Done::No, by + TimeDelta::seconds(1)),
        Err(CaseError::TooLate { action: Action::SecondLook })
    );
    let said = look(&asked.case, Done::No, by).unwrap().case;
    assert_eq!((said.state, said.outcome), (State::Closed, case.outcome), "it never reopens by itself");
    assert_eq!(look(&said, Done::Yes, by), Err(CaseError::NotAllowed { action: Action::SecondLook }), "once");
}

#[test]
fn a_case_that_is_taken_up_again_is_asked_about_its_next_answer() {
    let end = at("2026-03-05T03:00:00Z");
    let case = act(&answered(Evidence::Explanation), Action::Confirm, end);
    let reopened = act(&case, Action::Reopen, end + TimeDelta::days(1));
    assert_eq!((reopened.second_look_at, reopened.second_look_by), (None, None));
    let again = act(&reopened, Action::Respond, end + TimeDelta::days(2));
    let closed = act(&again, Action::Confirm, end + TimeDelta::days(3));
    assert_eq!((closed.second_look, closed.second_look_at), (None, None), "this one rests on a visit");
}

#[test]
fn a_correction_leaves_state_and_days_and_grants_three_days_to_read_it() {
    let case = answered(Evidence::Visit);
    let by = case.confirm_by.unwrap();
    let early = act(&case, Action::CorrectResponse, at("2026-03-05T03:00:00Z"));
    assert_eq!((early.state, early.confirm_by), (State::Responded, Some(by)), "the days don't start again");
    assert_eq!(early.version, case.version + 1);
    let last_day = by - TimeDelta::days(1);
    let late = act(&case, Action::CorrectResponse, last_day);
    assert_eq!(late.confirm_by, Some(last_day + TimeDelta::days(3)));
    let closed = act(&case, Action::Confirm, last_day);
    let after = act(&closed, Action::CorrectResponse, last_day);
    assert_eq!(
        (after.state, after.ended_at, after.confirm_by),
        (State::Closed, closed.ended_at, closed.confirm_by)
    );
}

#[test]
fn what_goes_to_the_resident_has_no_open_fields() {
    let open = AnswerText::parse("已转{{单位}}").unwrap();
    let case = act(&opened(), Action::Accept, at("2026-03-02T03:00:00Z"));
    let respond = Command::Respond { text: open.clone(), evidence: Evidence::Visit, uploads: Vec::new() };
    let correct = Command::CorrectResponse { text: open, reason: reason() };
    for (case, command) in [(case, respond), (answered(Evidence::Visit), correct)] {
        let refused = decide(&case, &command, everybody(), &context(calendar(), at(ANSWERED)));
        assert_eq!(refused, Err(CaseError::Unfilled { fields: vec!["{{单位}}".to_owned()] }));
    }
}
