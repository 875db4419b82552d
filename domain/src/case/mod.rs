//! A case (件): what it is, which actions change it, who may do them, and what time does to it.
//!
//! Start at [`table`], the one list of all transitions. [`decide()`] applies it, [`tick()`] lets time
//! work, [`standing`](crate::role::Standing) says what a caller is to a case. **Nobody else
//! changes a case's state.**

mod action;
mod answering;
mod clock;
mod command;
mod content;
mod decide;
mod event;
mod holding;
#[cfg(test)]
mod holding_tests;
mod merge;
mod model;
mod number;
mod parts;
#[cfg(test)]
mod parts_tests;
mod presence;
mod recount;
#[cfg(test)]
mod second_look_tests;
mod state;
mod supervision;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tick;
mod ticket;
mod worklist;

pub use action::Action;
pub use command::{Assignee, Command};
pub use content::{NotTheManager, decide_content, hold_content};
pub use decide::{Context, Decision, NewCase, allowed_actions, decide, open_case};
pub use event::{DaysGiven, EventBody, EventKind, NewEvent};
pub use holding::{Course, Holder, Holding};
pub use merge::{Leader, Turn, follow, turn};
pub use model::{Case, Owner};
pub use number::{CaseNumber, NumberError};
pub use parts::{CasePart, MAX_PARTS, MIN_PARTS, PartAsked, PartRequest, PartState};
pub use presence::Presence;
pub use recount::{CaseClock, MovedDeadline, Recount, recount};
pub use state::State;
pub use supervision::Supervision;
pub use table::{RULES, Rule, Target, rule};
pub use tick::{next_wake_at, tick};
pub use ticket::{TicketError, reissue_ticket};
pub use worklist::Worklist;

use crate::ids::{CaseId, DepartmentId};

/// Why an action on a case was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// The action does not start from this state.
    #[error("{action} is not possible from {state}")]
    WrongState {
        /// The state of the case.
        state: State,
        /// What was tried.
        action: Action,
    },
    /// The caller may see the case but not do this.
    #[error("the caller may not {action}")]
    NotAllowed {
        /// What was tried.
        action: Action,
    },
    /// The case came back too often: only its manager decides now.
    #[error("the case has been returned {returns} times")]
    ReturnsExhausted {
        /// How often it was returned.
        returns: i16,
    },
    /// The time in which this could be done is over.
    #[error("the time for {action} is over")]
    TooLate {
        /// What was tried.
        action: Action,
    },
    /// The promised or due date is not after today or too far away.
    #[error("the date is not between tomorrow and the end of the year after next")]
    BadDate {
        /// What the date belongs to.
        action: Action,
    },
    /// There is no such case to follow, as far as the caller may know.
    #[error("there is no case {leading} to follow")]
    UnknownLeader {
        /// The case that was to lead.
        leading: CaseId,
    },
    /// A case can't be merged into itself, into an ended one, into one that follows another or into
    /// one of another committee; nor leave one that was closed with an answer.
    #[error("the case can't follow or leave {leading}")]
    BadLeader {
        /// The case that leads or was to lead.
        leading: CaseId,
    },
    /// Other cases follow it: it can't follow another one itself.
    #[error("other cases follow it")]
    LeadsOthers,
    /// It has been raised as high as it goes.
    #[error("the case has been raised to level {level} already")]
    RaisedAlready {
        /// How high.
        level: i16,
    },
    /// A supplement without text and pictures.
    #[error("nothing to add")]
    NothingToAdd,
    /// Another answer waits by now, or none.
    #[error("this answer does not wait any more")]
    AnswerChanged,
    /// An answer still has fields that nobody has filled in.
    #[error("the answer has unfilled fields")]
    Unfilled {
        /// The fields, as they stand there.
        fields: Vec<String>,
    },
    /// A case is split into 2 to 6 parts, and into 60 in all its life.
    #[error("a case is not split into so many parts")]
    BadPartCount,
    /// One department has one part of a case at a time.
    #[error("{department_id} has another part of the case")]
    SameDepartment {
        /// The department.
        department_id: DepartmentId,
    },
    /// There is no such part that is still unsettled, or it is not the caller's.
    #[error("there is no unsettled part {part}")]
    UnknownPart {
        /// The part.
        part: i16,
    },
    /// The caller has several parts, and did not say which.
    #[error("it was not said which part")]
    WhichPart,
    /// Stars are 1 to 5.
    #[error("stars are 1 to 5")]
    BadStars,
}
