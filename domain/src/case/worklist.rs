//! The member's list (履职清单): what is his to do, what waits for somebody else, what is done.

use super::State;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// One of the three parts of a member's list. Every case of the member is in exactly one.
    Worklist {
        /// The next step is the member's.
        Todo = "todo" "待办",
        /// Somebody else has the next step: the resident, a department, the manager, or a promised day.
        Waiting = "waiting" "等待中",
        /// It has ended.
        Done = "done" "已办",
    }
}

impl Worklist {
    /// Where a case of this state stands. A promise is the member's to keep from its last day on; an answer
    /// that waits to be signed off is the manager's turn.
    #[must_use]
    pub const fn of(state: State, promise_is_due: bool, is_submitted: bool) -> Self {
        match state {
            State::InProgress | State::Planned if is_submitted => Self::Waiting,
            State::Received | State::Assigned | State::InProgress => Self::Todo,
            State::Planned if promise_is_due => Self::Todo,
            State::Planned
            | State::AwaitingResident
            | State::Dispatched
            | State::Responded
            | State::Contested => Self::Waiting,
            State::Closed | State::Rejected | State::Withdrawn | State::Merged => Self::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_done_and_only_a_promise_depends_on_the_day() {
        for state in State::ALL {
            let (before, due) = (Worklist::of(*state, false, false), Worklist::of(*state, true, false));
            assert_eq!(before == Worklist::Done, !state.is_open(), "{state}");
            assert_eq!(before != due, *state == State::Planned, "{state}");
        }
        assert_eq!(Worklist::of(State::Planned, true, false), Worklist::Todo);
        assert_eq!(Worklist::of(State::Planned, true, true), Worklist::Waiting);
        assert_eq!(Worklist::of(State::InProgress, false, true), Worklist::Waiting);
    }
}
