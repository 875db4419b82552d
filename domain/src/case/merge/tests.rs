//! Stories of merging: who may lead, and what the followers hear.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::tests::{MONDAY, act, at, calendar, command, context, everybody, id, leader, opened};
use super::super::{Action, Owner, allowed_actions, next_wake_at};
use super::*;
use crate::deadline::Terms;

const TUESDAY: &str = "2026-03-03T01:30:00Z";

fn merged() -> Case {
    act(&opened(), Action::Merge, at(MONDAY))
}

fn merge_into(leader: Leader, leads: bool) -> Result<Decision, CaseError> {
    let context = Context { leader: Some(leader), leads, ..context(calendar(), at(MONDAY)) };
    decide(&opened(), &Command::Merge { leading_case_id: leader.id }, everybody(), &context)
}

/// An event of the leading case.
fn event(action: Action, from: State, to: State) -> NewEvent {
    let body =
        EventBody { text: Some("已约物业修复".to_owned()), stars: Some(1), ..EventBody::default() };
    let at: DateTime<Utc> = at(TUESDAY);
    NewEvent { kind: action.into(), from: Some(from), to, party: Party::ItsMember, at, body }
}

fn hear(follower: &Case, events: &[(i32, NewEvent)]) -> Option<Decision> {
    follow(follower, events, &context(calendar(), at(TUESDAY))).unwrap()
}

fn kinds(decision: &Decision) -> Vec<EventKind> {
    decision.events.iter().map(|event| event.kind).collect()
}

#[test]
fn nobody_follows_himself_an_ended_case_a_follower_or_a_foreign_case() {
    let good = leader();
    for bad in [
        Leader { id: opened().id, ..good },
        Leader { state: State::Closed, ..good },
        Leader { state: State::Merged, follows: Some(opened().id), ..good },
        Leader { follows: Some(opened().id), ..good },
        Leader { committee_id: CommitteeId(id(77)), ..good },
    ] {
        assert_eq!(merge_into(bad, false), Err(CaseError::BadLeader { leading: bad.id }), "{bad:?}");
    }
    let merged = merge_into(good, false).unwrap().case;
    assert_eq!((merged.owner(), merged.leader_seq), (Owner::Leader(good.id), Some(3)));
}

#[test]
fn who_leads_follows_nobody() {
    assert_eq!(merge_into(leader(), true), Err(CaseError::LeadsOthers));
}

#[test]
fn a_case_to_follow_that_the_caller_may_not_know_is_unknown() {
    let context = Context { leader: None, ..context(calendar(), at(MONDAY)) };
    let refused = decide(&opened(), &command(Action::Merge, at(MONDAY)), everybody(), &context);
    assert_eq!(refused, Err(CaseError::UnknownLeader { leading: leader().id }));
}

#[test]
fn a_case_comes_back_as_it_went_with_the_time_that_it_had_left() {
    let case = merged();
    assert_eq!(next_wake_at(&case, &context(calendar(), at(MONDAY))), None, "the leading case has the clock");
    let back = act(&case, Action::Unmerge, at(TUESDAY));
    assert_eq!(
        (back.state, back.leading_case_id, back.merged_from, back.leader_seq),
        (State::Assigned, None, None, None)
    );
    assert_eq!(back.respond_by, opened().respond_by + TimeDelta::days(1), "a working day stood still");
    assert_eq!(back.accept_by, Some(at("2026-03-04T10:00:00Z")), "a day to accept, from now");
}

#[test]
fn what_waited_for_somebody_else_comes_back_to_its_member() {
    let accepted = act(&opened(), Action::Accept, at(MONDAY));
    for action in [Action::RequestInformation, Action::Plan, Action::Dispatch] {
        let merged = act(&act(&accepted, action, at(MONDAY)), Action::Merge, at(MONDAY));
        let back = act(&merged, Action::Unmerge, at(TUESDAY));
        assert_eq!(
            (back.state, back.department_id, back.promised_on),
            (State::InProgress, None, None),
            "{action}"
        );
    }
}

#[test]
fn an_answered_case_that_comes_back_can_still_be_contested() {
    let answered = act(&act(&opened(), Action::Accept, at(MONDAY)), Action::Respond, at(MONDAY));
    let merged = act(&answered, Action::Merge, at(TUESDAY));
    let back = act(&merged, Action::Unmerge, at("2026-04-03T01:30:00Z"));
    assert_eq!(back.state, State::Responded);
    assert_eq!(back.confirm_by, Some(at("2026-04-16T01:30:00Z")), "thirteen days were left");
}

#[test]
fn a_follower_of_a_closed_case_stays_with_it() {
    let closed = Leader { state: State::Closed, ..leader() };
    let context = Context { leader: Some(closed), ..context(calendar(), at(TUESDAY)) };
    let refused = decide(&merged(), &Command::Unmerge, everybody(), &context);
    assert_eq!(refused, Err(CaseError::BadLeader { leading: closed.id }));
    assert!(!allowed_actions(&merged(), everybody(), &context).contains(&Action::Unmerge));
}

#[test]
fn followers_hear_the_answer_in_its_words_and_not_what_others_said_of_it() {
    let answer = event(Action::Respond, State::InProgress, State::Responded);
    let contested = event(Action::Contest, State::Responded, State::Contested);
    let reopened = event(Action::Reopen, State::Contested, State::InProgress);
    let closed = event(Action::Confirm, State::Responded, State::Closed);
    let all = [(4, answer.clone()), (5, contested), (6, reopened), (7, answer), (8, closed)];

    let heard = hear(&merged(), &all).unwrap();

    let responded = EventKind::LeaderResponded;
    assert_eq!(kinds(&heard), [responded, EventKind::LeaderReopened, responded, EventKind::LeaderClosed]);
    assert_eq!((heard.case.state, heard.case.leader_seq), (State::Merged, Some(8)));
    assert_eq!(heard.case.event_seq, merged().event_seq + 4);
    for event in &heard.events {
        let has_words = event.kind == responded;
        assert_eq!((event.body.text.is_some(), event.body.stars), (has_words, None), "{}", event.kind);
        assert_eq!((event.from, event.to), (Some(State::Merged), State::Merged));
    }
    assert_eq!(hear(&heard.case, &all), None, "twice says nothing twice");
}

#[test]
fn what_was_before_the_merge_is_not_told() {
    let answer = event(Action::Respond, State::InProgress, State::Responded);
    assert_eq!(hear(&merged(), &[(3, answer)]), None);
}

#[test]
fn a_case_reassigned_after_an_objection_is_taken_up_again() {
    let reassigned = event(Action::Reassign, State::Contested, State::Assigned);
    assert_eq!(kinds(&hear(&merged(), &[(4, reassigned)]).unwrap()), [EventKind::LeaderReopened]);
}

#[test]
fn followers_of_a_case_that_ends_without_an_answer_go_back_to_work() {
    for (action, from, to) in [
        (Action::Withdraw, State::InProgress, State::Withdrawn),
        (Action::Reject, State::Received, State::Rejected),
    ] {
        let heard = hear(&merged(), &[(4, event(action, from, to))]).unwrap();
        assert_eq!(kinds(&heard), [EventKind::Unmerge]);
        let back = &heard.case;
        assert_eq!((back.state, back.leading_case_id), (State::Assigned, None));
        assert_eq!(heard.events[0].body.text, None, "why is the other resident's own matter");
        assert!(next_wake_at(back, &context(calendar(), at(TUESDAY))).is_some(), "it has a clock again");
    }
}

#[test]
fn of_all_steps_of_a_leading_case_only_those_that_concern_its_followers_are_turns() {
    // A step is anything that the rules let happen to a case.
    let context = context(calendar(), at(MONDAY));
    let mut turns = std::collections::BTreeMap::new();
    for state in State::ALL.iter().filter(|state| **state != State::Merged) {
        let mut case = opened();
        case.state = *state;
        case.stopped_at = (!state.clock_runs()).then_some(at(MONDAY));
        case.confirm_by = Some(at(MONDAY) + TimeDelta::days(i64::from(Terms::default().confirm_days)));
        for action in Action::ALL {
            let Ok(decision) = decide(&case, &command(*action, at(MONDAY)), everybody(), &context) else {
                continue;
            };
            if let Some(turn) = decision.events.first().and_then(turn) {
                turns.entry(format!("{turn:?}")).or_insert_with(Vec::new).push(format!("{action} {state}"));
            }
        }
    }
    let responded =
        ["respond in_progress", "respond planned", "correct_response responded", "correct_response closed"];
    assert_eq!(
        turns["Responded"].iter().collect::<BTreeSet<_>>(),
        responded.map(str::to_owned).iter().collect()
    );
    assert_eq!(turns["Closed"], ["confirm responded", "uphold contested"]);
    assert_eq!(turns["Reopened"], ["reassign contested", "reopen contested", "reopen closed"]);
    assert_eq!(turns["Released"].len(), 2 + 6, "rejected from two states, withdrawn from six");
}
