//! A new case ticket for somebody without an account, whose slip is lost or was never printed.
//!
//! Which secret it is, is storage's; that it was given stands in the history for everybody to see: whoever
//! holds the ticket may speak as the resident.

use chrono::{DateTime, Utc};

use super::{Case, Decision, EventBody, EventKind, NewEvent};
use crate::role::{Party, Standing};

/// Why no new ticket is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// Only the manager gives one.
    #[error("only the manager gives a ticket")]
    NotAllowed,
    /// The case belongs to an account, which is the way to follow it.
    #[error("the case belongs to an account")]
    HasAccount,
}

/// Gives a case a new ticket.
///
/// # Errors
/// [`TicketError`]
pub fn reissue_ticket(case: &Case, standing: Standing, now: DateTime<Utc>) -> Result<Decision, TicketError> {
    if !standing.is(Party::Manager) {
        return Err(TicketError::NotAllowed);
    }
    if case.resident_id.is_some() {
        return Err(TicketError::HasAccount);
    }
    let mut after = case.clone();
    after.event_seq += 1;
    after.version += 1;
    let event = NewEvent {
        kind: EventKind::TicketIssued,
        from: Some(case.state),
        to: case.state,
        party: Party::Manager,
        at: now,
        body: EventBody::default(),
    };
    Ok(Decision { case: after, events: vec![event] })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::testing::opened_for;
    use super::*;
    use crate::ids::AccountId;

    #[test]
    fn the_manager_gives_one_to_a_case_of_nobody_and_the_history_says_so() {
        let case = opened_for(None);
        let decision = reissue_ticket(&case, Standing::of(Party::Manager), case.created_at).unwrap();
        assert_eq!(decision.case, Case { version: 2, event_seq: 2, ..case });
        assert_eq!(decision.events[0].kind, EventKind::TicketIssued);
        assert!(EventKind::TicketIssued.is_public(), "the resident sees it too");
    }

    #[test]
    fn nobody_else_gives_one_and_an_account_needs_none() {
        let case = opened_for(None);
        for party in Party::ALL.iter().filter(|party| **party != Party::Manager) {
            let refused = reissue_ticket(&case, Standing::of(*party), case.created_at);
            assert_eq!(refused, Err(TicketError::NotAllowed), "{party}");
        }
        let owned = opened_for(Some(AccountId(Uuid::from_u128(4))));
        let refused = reissue_ticket(&owned, Standing::of(Party::Manager), owned.created_at);
        assert_eq!(refused, Err(TicketError::HasAccount));
    }
}
