//! The one table of transitions. The API, its documentation, the mini-program's buttons and the
//! tests are all drawn from it.

use Action as A;
use Party as P;
use State as S;

use super::{Action, State};
use crate::role::Party;

/// Where an action leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To this state.
    To(State),
    /// To this state; a split case with the last of its parts, before that it stays.
    ToWithLastPart(State),
    /// To this state; to the manager's queue if its member is not there any more.
    ToItsMember(State),
    /// To this state; where the manager signs answers off, the state stays.
    ToUnlessSignedOff(State),
    /// The state stays.
    Same,
    /// The state stays, but a case that waits for the resident goes on.
    SameOrResume,
    /// Back to the state before merging.
    BeforeMerge,
}

/// One row: from these states, by these parties, to there.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The action.
    pub action: Action,
    /// The states it starts from.
    pub from: &'static [State],
    /// Where it leads.
    pub to: Target,
    /// Who may do it.
    pub who: &'static [Party],
    /// What the caller has to bring, in the words of the API.
    pub needs: &'static str,
}

const OPEN: &[State] = &[
    S::Received,
    S::Assigned,
    S::InProgress,
    S::AwaitingResident,
    S::Dispatched,
    S::Planned,
    S::Responded,
    S::Contested,
];
const BEFORE_RESPONSE: &[State] =
    &[S::Received, S::Assigned, S::InProgress, S::AwaitingResident, S::Dispatched, S::Planned];
const REASSIGNABLE: &[State] =
    &[S::Received, S::Assigned, S::InProgress, S::Dispatched, S::Planned, S::Contested];

const fn row(
    action: Action,
    from: &'static [State],
    to: Target,
    who: &'static [Party],
    needs: &'static str,
) -> Rule {
    Rule { action, from, to, who, needs }
}

/// All transitions, one row an action.
pub const RULES: &[Rule] = &[
    row(A::Assign, &[S::Received], Target::To(S::Assigned), &[P::System, P::Manager], "member, reason"),
    row(A::Accept, &[S::Assigned], Target::To(S::InProgress), &[P::ItsMember], ""),
    row(A::Return, &[S::Assigned, S::InProgress], Target::To(S::Received), &[P::ItsMember], "reason"),
    row(A::Reassign, REASSIGNABLE, Target::To(S::Assigned), &[P::Manager], "member or station, reason"),
    row(
        A::RequestInformation,
        &[S::InProgress],
        Target::To(S::AwaitingResident),
        &[P::ItsMember, P::Manager],
        "question",
    ),
    row(A::Supplement, OPEN, Target::SameOrResume, &[P::Resident], "text or uploads"),
    row(
        A::Dispatch,
        &[S::InProgress],
        Target::To(S::Dispatched),
        &[P::Manager, P::ItsMember],
        "department, request, due",
    ),
    row(
        A::Split,
        &[S::InProgress],
        Target::To(S::Dispatched),
        &[P::Manager, P::ItsMember],
        "2 to 6 parts: department, request, due",
    ),
    row(
        A::RedirectPart,
        &[S::Dispatched],
        Target::Same,
        &[P::Manager, P::ItsMember],
        "part, department, request?, due",
    ),
    row(
        A::TakeBackPart,
        &[S::Dispatched],
        Target::ToWithLastPart(S::InProgress),
        &[P::Manager, P::ItsMember],
        "part, reason",
    ),
    row(
        A::Reply,
        &[S::Dispatched],
        Target::ToWithLastPart(S::InProgress),
        &[P::Officer],
        "text, uploads?, part?",
    ),
    row(A::Object, &[S::Dispatched], Target::ToWithLastPart(S::InProgress), &[P::Officer], "reason, part?"),
    row(A::Plan, &[S::InProgress], Target::To(S::Planned), &[P::ItsMember], "promise, promised date"),
    row(
        A::Respond,
        &[S::InProgress, S::Planned],
        Target::ToUnlessSignedOff(S::Responded),
        &[P::ItsMember, P::Manager],
        "text, evidence kind, uploads?",
    ),
    row(A::Approve, &[S::InProgress, S::Planned], Target::To(S::Responded), &[P::Manager], "answer"),
    row(A::SendBack, &[S::InProgress, S::Planned], Target::Same, &[P::Manager], "answer, reason"),
    row(A::Confirm, &[S::Responded], Target::To(S::Closed), &[P::Resident], "solved, stars, comment?"),
    row(A::Contest, &[S::Responded], Target::To(S::Contested), &[P::Resident], "reason, stars?"),
    row(A::Reopen, &[S::Contested, S::Closed], Target::ToItsMember(S::InProgress), &[P::Manager], "reason"),
    row(A::Uphold, &[S::Contested], Target::To(S::Closed), &[P::Manager], "explanation"),
    row(A::Expire, &[S::Responded], Target::To(S::Closed), &[P::System], ""),
    row(A::Reject, &[S::Received, S::Assigned], Target::To(S::Rejected), &[P::Manager], "reason, shown"),
    row(A::Withdraw, BEFORE_RESPONSE, Target::To(S::Withdrawn), &[P::Resident], "reason?"),
    row(A::Merge, OPEN, Target::To(S::Merged), &[P::Manager], "leading case"),
    row(A::Unmerge, &[S::Merged], Target::BeforeMerge, &[P::System, P::Manager], ""),
    row(A::Escalate, OPEN, Target::Same, &[P::System, P::Manager, P::Resident], "reason"),
    row(A::Note, State::ALL, Target::Same, &[P::ItsMember, P::Manager, P::Officer], "text"),
    row(
        A::CorrectResponse,
        &[S::Responded, S::Closed],
        Target::Same,
        &[P::ItsMember, P::Manager],
        "text, reason",
    ),
    row(A::SecondLook, &[S::Closed], Target::Same, &[P::Resident], "done, comment?"),
];

/// The row of an action.
#[must_use]
#[expect(clippy::indexing_slicing, reason = "every action has its row, in the order of declaration (tested)")]
pub fn rule(action: Action) -> &'static Rule {
    &RULES[action as usize]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_has_exactly_one_row_for_every_action_in_the_order_of_declaration() {
        let actions: Vec<Action> = RULES.iter().map(|rule| rule.action).collect();
        assert_eq!(actions, Action::ALL);
        assert!(Action::ALL.iter().all(|action| rule(*action).action == *action));
    }

    #[test]
    fn every_state_can_be_reached_from_received() {
        let mut reached = BTreeSet::from([State::Received]);
        loop {
            let before = reached.len();
            for rule in RULES {
                if let Target::To(to) = rule.to
                    && rule.from.iter().any(|from| reached.contains(from))
                {
                    reached.insert(to);
                }
            }
            if reached.len() == before {
                break;
            }
        }
        assert_eq!(reached.into_iter().collect::<Vec<_>>(), State::ALL);
    }

    #[test]
    fn every_open_state_can_be_left_by_somebody_who_is_not_the_resident() {
        for state in State::ALL.iter().filter(|state| state.is_open()) {
            let way_out = RULES.iter().any(|rule| {
                rule.from.contains(state)
                    && matches!(rule.to, Target::To(to) if to != *state)
                    && rule.who.iter().any(|party| *party != Party::Resident)
            });
            assert!(way_out, "{state} is a dead end");
        }
    }

    #[test]
    fn the_named_sets_agree_with_the_states_own_words() {
        assert!(State::ALL.iter().all(|state| OPEN.contains(state) == state.is_open()));
        assert!(State::ALL.iter().all(|state| BEFORE_RESPONSE.contains(state) == state.is_before_response()));
    }
}
