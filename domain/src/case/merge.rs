//! Merging (并案): a case follows another one, whose answer is the answer to both.
//!
//! **Who leads follows nobody, and who follows leads nobody**: there are no chains, and so no circles.
//! A follower has no clock of its own; it hears of every [`Turn`] that its leading case takes, and
//! goes back to work when that one ends without an answer, so that nothing is left without one.

use super::{Case, CaseError, Command, Context, Decision, EventBody, EventKind, NewEvent, State, decide};
use crate::ids::{CaseId, CommitteeId};
use crate::role::{Party, Standing};

/// What a decision has to know of the case that leads, or is to lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leader {
    /// Its id.
    pub id: CaseId,
    /// Its tenant.
    pub committee_id: CommitteeId,
    /// Where it stands.
    pub state: State,
    /// The case that it follows itself, if any.
    pub follows: Option<CaseId>,
    /// The number of its event up to which a new follower knows what has happened: the one before
    /// the answer that stands, else its last.
    pub heard_seq: i32,
}

impl Leader {
    /// Whether the case may follow it.
    pub(super) fn can_lead(&self, case: &Case) -> bool {
        self.id != case.id
            && self.committee_id == case.committee_id
            && self.state.is_open()
            && self.follows.is_none()
    }

    /// Whether its followers may leave it: not after it has been closed with an answer.
    pub(super) const fn lets_go(&self) -> bool {
        !matches!(self.state, State::Closed)
    }
}

/// What an event of a leading case means to its followers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// There is an answer, theirs too.
    Responded,
    /// It is taken up again: the answer does not stand any more.
    Reopened,
    /// It is closed, and they with it.
    Closed,
    /// It has ended without an answer: they go back to work.
    Released,
}

/// The turn that a leading case has taken with this event, if any.
#[must_use]
pub const fn turn(event: &NewEvent) -> Option<Turn> {
    let Some(from) = event.from else { return None };
    if matches!(event.kind, EventKind::CorrectResponse) {
        // What was corrected is theirs too.
        return Some(Turn::Responded);
    }
    match (from, event.to) {
        (State::Responded, State::Responded) | (State::Closed, State::Closed) => None,
        (_, State::Responded) => Some(Turn::Responded),
        (_, State::Closed) => Some(Turn::Closed),
        (State::Rejected, State::Rejected) | (State::Withdrawn, State::Withdrawn) => None,
        (_, State::Rejected | State::Withdrawn) => Some(Turn::Released),
        (
            State::Responded | State::Contested | State::Closed,
            State::Received
            | State::Assigned
            | State::InProgress
            | State::AwaitingResident
            | State::Dispatched
            | State::Planned,
        ) => Some(Turn::Reopened),
        (_, _) => None,
    }
}

/// Lets a follower hear what has happened to its leading case: events with their numbers, in order.
/// What it has heard already is passed over; `None` when there is nothing new to it.
///
/// # Errors
/// It can't go back to work although its leading case has ended without an answer.
pub fn follow(
    follower: &Case,
    leading: &[(i32, NewEvent)],
    context: &Context<'_>,
) -> Result<Option<Decision>, CaseError> {
    let mut heard = Decision { case: follower.clone(), events: Vec::new() };
    for (seq, event) in leading {
        let Some(leading_case_id) = heard.case.leading_case_id else { break };
        let is_new = heard.case.leader_seq.is_some_and(|heard| heard < *seq);
        let Some(turn) = turn(event).filter(|_| is_new) else { continue };
        heard.case.leader_seq = Some(*seq);
        let kind = match turn {
            Turn::Responded => EventKind::LeaderResponded,
            Turn::Reopened => EventKind::LeaderReopened,
            Turn::Closed => EventKind::LeaderClosed,
            Turn::Released => {
                let released = release(&heard.case, leading_case_id, event.to, context)?;
                heard.case = released.case;
                heard.events.extend(released.events);
                continue;
            }
        };
        heard.case.event_seq += 1;
        heard.case.version += 1;
        heard.events.push(told(kind, &heard.case, leading_case_id, event, context));
    }
    Ok((!heard.events.is_empty()).then_some(heard))
}

fn release(follower: &Case, id: CaseId, state: State, context: &Context<'_>) -> Result<Decision, CaseError> {
    let leader = Leader { id, committee_id: follower.committee_id, state, follows: None, heard_seq: 0 };
    let context = Context { leader: Some(leader), ..*context };
    decide(follower, &Command::Unmerge, Standing::of(Party::System), &context)
}

/// The entry in the follower's history. An answer is given in its own words; what the other resident
/// said of it is not for the followers.
fn told(
    kind: EventKind,
    follower: &Case,
    leading_case_id: CaseId,
    event: &NewEvent,
    context: &Context<'_>,
) -> NewEvent {
    let answer = (kind == EventKind::LeaderResponded).then_some(&event.body);
    let body = EventBody {
        leading_case_id: Some(leading_case_id),
        text: answer.and_then(|answer| answer.text.clone()),
        evidence: answer.and_then(|answer| answer.evidence),
        member_id: answer.and_then(|answer| answer.member_id),
        ..EventBody::default()
    };
    NewEvent {
        kind,
        from: Some(follower.state),
        to: follower.state,
        party: Party::System,
        at: context.now,
        body,
    }
}

#[cfg(test)]
mod tests;
