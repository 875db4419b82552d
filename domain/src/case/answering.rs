//! The answer to the resident: sent at once, or, where the station wants it, signed off by its manager first.
//!
//! An answer that waits is an entry of the history, and the case keeps its number: nothing is copied, and what
//! is signed off is what was written. The case stays where it is, with its clock; its next step is the
//! manager's.

use chrono::TimeDelta;

use super::{Action, Case, CaseError, Context, EventBody, EventKind, NewEvent, clock};
use crate::answer::unfilled;
use crate::role::{Party, Standing};
use crate::text::AnswerText;
use crate::vocabulary::{Evidence, SecondLookReason};

/// Whether the answer waits for the manager. His own does not.
pub(super) fn is_held(action: Action, standing: Standing, context: &Context<'_>) -> bool {
    action == Action::Respond && context.signs_off && !standing.is(Party::Manager)
}

/// What the history says of an action.
pub(super) fn event_kind(action: Action, standing: Standing, context: &Context<'_>) -> EventKind {
    match action {
        Action::Respond if is_held(action, standing, context) => EventKind::AnswerSubmitted,
        // What was signed off is sent as the answer that it is.
        Action::Approve => EventKind::Respond,
        other => other.into(),
    }
}

/// The entry before the one of the answer: who has signed it off.
pub(super) fn signed_off(
    case: &Case,
    action: Action,
    party: Party,
    context: &Context<'_>,
) -> Option<NewEvent> {
    (action == Action::Approve).then(|| NewEvent {
        kind: EventKind::Approve,
        from: Some(case.state),
        to: case.state,
        party,
        at: context.now,
        body: EventBody { answer: case.submitted_seq, ..EventBody::default() },
    })
}

/// Answers, or hands the answer in.
pub(super) fn respond(
    case: &mut Case,
    text: &str,
    evidence: Evidence,
    body: &mut EventBody,
    (standing, context): (Standing, &Context<'_>),
) {
    if is_held(Action::Respond, standing, context) {
        case.submitted_seq = Some(case.event_seq.saturating_add(1));
    } else {
        send(case, evidence, body, context);
    }
    body.member_id = case.member_id;
    body.text = Some(text.to_owned());
    body.evidence = Some(evidence);
}

/// Sends the answer that waits, in its words and with its pictures.
pub(super) fn approve(
    case: &mut Case,
    answer: i32,
    body: &mut EventBody,
    context: &Context<'_>,
) -> Result<(), CaseError> {
    check_named(case, answer)?;
    let submitted = context.submitted.ok_or(CaseError::AnswerChanged)?;
    let (text, evidence) = submitted.text.clone().zip(submitted.evidence).ok_or(CaseError::AnswerChanged)?;
    send(case, evidence, body, context);
    body.member_id = submitted.member_id;
    body.text = Some(text);
    body.evidence = Some(evidence);
    body.uploads.clone_from(&submitted.uploads);
    Ok(())
}

/// Gives the answer that waits back to its member.
pub(super) fn send_back(case: &mut Case, answer: i32, body: &mut EventBody) -> Result<(), CaseError> {
    check_named(case, answer)?;
    body.answer = case.submitted_seq.take();
    body.member_id = case.member_id;
    Ok(())
}

/// A case that goes another way, or to somebody else, leaves the answer behind that waited.
pub(super) fn drop_if_moved(before: &Case, after: &mut Case) {
    let place = |case: &Case| (case.state, case.station_id, case.member_id);
    if place(before) != place(after) {
        after.submitted_seq = None;
    }
}

/// A text that goes to the resident has no open fields.
pub(super) fn check_filled(text: &AnswerText) -> Result<(), CaseError> {
    let fields = unfilled(text.as_str());
    if fields.is_empty() { Ok(()) } else { Err(CaseError::Unfilled { fields }) }
}

/// Nobody decides on words that he has not seen: a newer answer has another number.
fn check_named(case: &Case, answer: i32) -> Result<(), CaseError> {
    if case.submitted_seq == Some(answer) { Ok(()) } else { Err(CaseError::AnswerChanged) }
}

fn send(case: &mut Case, evidence: Evidence, body: &mut EventBody, context: &Context<'_>) {
    let confirm_by = context.now + TimeDelta::days(i64::from(context.terms.confirm_days));
    case.responded_at = Some(context.now);
    case.confirm_by = Some(confirm_by);
    case.confirm_reminder_at = clock::reminder_of(confirm_by, context.now);
    case.second_look = second_look(case, evidence);
    body.due_at = Some(confirm_by);
}

/// Why the resident is to be asked once more about an answer: nothing but words, or a promise that it ends.
fn second_look(case: &Case, evidence: Evidence) -> Option<SecondLookReason> {
    if case.promised_on.is_some() {
        return Some(SecondLookReason::Promise);
    }
    (evidence == Evidence::Explanation).then_some(SecondLookReason::Explanation)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::super::tests::{MONDAY, act, at, calendar, command, context, opened, reason};
    use super::super::{Command, Course, Decision, Holder, Owner, State, allowed_actions, decide};
    use super::*;
    use crate::ids::{MemberId, StationId};

    fn signing(now: DateTime<Utc>) -> Context<'static> {
        Context { signs_off: true, ..context(calendar(), now) }
    }

    /// The member's answer, handed in.
    fn submitted() -> Decision {
        let case = act(&opened(), Action::Accept, at(MONDAY));
        let now = at("2026-03-04T03:00:00Z");
        decide(&case, &command(Action::Respond, now), Standing::of(Party::ItsMember), &signing(now)).unwrap()
    }

    fn manager_decides(case: &Case, command: &Command, answer: &EventBody) -> Result<Decision, CaseError> {
        let context = Context { submitted: Some(answer), ..signing(at("2026-03-05T03:00:00Z")) };
        decide(case, command, Standing::of(Party::Manager), &context)
    }

    #[test]
    fn an_answer_waits_for_the_manager_and_the_clock_does_not() {
        let Decision { case, events } = submitted();
        assert_eq!((case.state, case.submitted_seq), (State::InProgress, Some(case.event_seq)));
        assert!(matches!(case.owner(), Owner::Manager(_)));
        assert_eq!((case.stopped_at, case.responded_at, case.confirm_by), (None, None, None));
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].kind, EventKind::AnswerSubmitted);
        assert!(!events[0].kind.is_public());
    }

    #[test]
    fn what_is_signed_off_is_sent_as_the_members_answer() {
        let Decision { case, events } = submitted();
        let answer = &events[0].body;
        let Decision { case: sent, events } =
            manager_decides(&case, &Command::Approve { answer: case.event_seq }, answer).unwrap();
        assert_eq!((sent.state, sent.submitted_seq), (State::Responded, None));
        assert_eq!(sent.event_seq, case.event_seq + 2);
        let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::Approve, EventKind::Respond]);
        let body = &events[1].body;
        assert_eq!(
            (&body.text, body.evidence, body.member_id),
            (&answer.text, answer.evidence, case.member_id)
        );
        assert_eq!((body.due_at, sent.confirm_by), (sent.confirm_by, Some(at("2026-03-19T03:00:00Z"))));
    }

    #[test]
    fn what_is_given_back_is_the_members_again_and_another_answer_has_another_number() {
        let Decision { case, events } = submitted();
        let answer = &events[0].body;
        let back = Command::SendBack { answer: case.event_seq, reason: reason() };
        let back = manager_decides(&case, &back, answer).unwrap().case;
        assert_eq!((back.state, back.submitted_seq), (State::InProgress, None));
        assert!(matches!(back.owner(), Owner::Member(_)));
        let gone = Command::Approve { answer: case.event_seq };
        let refused = CaseError::WrongState { state: State::InProgress, action: Action::Approve };
        assert_eq!(manager_decides(&back, &gone, answer), Err(refused));
        let again = command(Action::Respond, at(MONDAY));
        let again = decide(&back, &again, Standing::of(Party::ItsMember), &signing(at(MONDAY))).unwrap().case;
        assert_eq!(manager_decides(&again, &gone, answer), Err(CaseError::AnswerChanged));
        let back = Command::SendBack { answer: case.event_seq, reason: reason() };
        assert_eq!(manager_decides(&again, &back, answer), Err(CaseError::AnswerChanged));
    }

    #[test]
    fn only_the_manager_decides_and_his_own_answer_waits_for_nobody() {
        let Decision { case, .. } = submitted();
        let context = signing(at("2026-03-05T03:00:00Z"));
        let signing = [Action::Approve, Action::SendBack];
        let offered = |party| {
            let offered = allowed_actions(&case, Standing::of(party), &context);
            offered.into_iter().filter(|action| signing.contains(action)).collect::<Vec<_>>()
        };
        for party in Party::ALL {
            let expected = if *party == Party::Manager { signing.to_vec() } else { Vec::new() };
            assert_eq!(offered(*party), expected, "{party}");
        }
        let own =
            decide(&case, &command(Action::Respond, at(MONDAY)), Standing::of(Party::Manager), &context);
        let own = own.unwrap().case;
        assert_eq!((own.state, own.submitted_seq), (State::Responded, None));
    }

    #[test]
    fn a_case_that_goes_another_way_leaves_its_answer_behind() {
        let now = at("2026-03-05T03:00:00Z");
        for action in [
            Action::Return,
            Action::Reassign,
            Action::RequestInformation,
            Action::Dispatch,
            Action::Split,
            Action::Plan,
            Action::Withdraw,
            Action::Merge,
        ] {
            assert_eq!(act(&submitted().case, action, now).submitted_seq, None, "{action}");
        }
        for action in [Action::Supplement, Action::Escalate, Action::Note] {
            assert!(act(&submitted().case, action, now).submitted_seq.is_some(), "{action}");
        }
    }

    #[test]
    fn while_it_waits_it_is_the_managers_time() {
        let Decision { case, events } = submitted();
        let created =
            super::super::open_case(super::super::tests::new_case(Some(4)), &context(calendar(), at(MONDAY)));
        let mut course = Course::default();
        for event in created.events.iter().chain(&events) {
            course.add(event, calendar());
        }
        assert_eq!(course.now_with(), Some(Holder::Manager(StationId(case.station_id.0))));
        let back = Command::SendBack { answer: case.event_seq, reason: reason() };
        let back = manager_decides(&case, &back, &events[0].body).unwrap();
        for event in &back.events {
            course.add(event, calendar());
        }
        assert_eq!(course.now_with(), case.member_id.map(Holder::Member));
        assert_eq!(case.member_id, Some(MemberId(super::super::tests::id(4))));
    }
}
