//! What the content check adds to a case's history: that words or pictures were held back, and what a person
//! decided.
//!
//! It changes neither the state nor a clock of the case: its matter goes on whatever it is written in.

use chrono::{DateTime, Utc};

use super::{Case, Decision, EventBody, EventKind, NewEvent};
use crate::content::Finding;
use crate::role::{Party, Standing};

/// Only whoever runs the case's station decides on what was held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only the manager decides on what was held back")]
pub struct NotTheManager;

/// Holds a piece of the entry `entry` back until a person has looked at it.
#[must_use]
pub fn hold_content(case: &Case, entry: i32, finding: Finding, now: DateTime<Utc>) -> Decision {
    let text = Some(finding.label().to_owned());
    add(case, EventKind::ContentHeld, Party::System, EventBody { text, ..of(entry) }, now)
}

/// Lets a piece that was held back be shown, or keeps it from everybody but staff.
///
/// # Errors
/// [`NotTheManager`]
pub fn decide_content(
    case: &Case,
    standing: Standing,
    entry: i32,
    allowed: bool,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Decision, NotTheManager> {
    if !standing.is(Party::Manager) {
        return Err(NotTheManager);
    }
    let kind = if allowed { EventKind::ContentAllowed } else { EventKind::ContentRefused };
    let body = EventBody { text: reason.map(str::to_owned), ..of(entry) };
    Ok(add(case, kind, Party::Manager, body, now))
}

fn of(entry: i32) -> EventBody {
    EventBody { entry: Some(entry), ..EventBody::default() }
}

fn add(case: &Case, kind: EventKind, party: Party, body: EventBody, now: DateTime<Utc>) -> Decision {
    let mut after = case.clone();
    after.event_seq += 1;
    let event = NewEvent { kind, from: Some(case.state), to: case.state, party, at: now, body };
    Decision { case: after, events: vec![event] }
}

#[cfg(test)]
mod tests {
    use super::super::testing::opened;
    use super::*;

    #[test]
    fn holding_back_changes_nothing_but_the_history() {
        let case = opened();
        let Decision { case: after, events } = hold_content(&case, 1, Finding::Review, case.created_at);
        assert_eq!(after, Case { event_seq: 2, ..case });
        let event = &events[0];
        assert_eq!(
            (event.kind, event.party, event.from),
            (EventKind::ContentHeld, Party::System, Some(event.to))
        );
        assert_eq!((event.body.entry, event.body.text.as_deref()), (Some(1), Some(Finding::Review.label())));
        assert!(!EventKind::ContentHeld.is_public() && !EventKind::ContentAllowed.is_public());
        assert!(EventKind::ContentRefused.has_public_text(), "whoever wrote it learns why it is not shown");
    }

    #[test]
    fn only_the_manager_decides() {
        let case = opened();
        for party in Party::ALL {
            for allowed in [true, false] {
                let decided = decide_content(
                    &case,
                    Standing::of(*party),
                    1,
                    allowed,
                    Some("涉及他人姓名"),
                    case.created_at,
                );
                assert_eq!(decided.is_ok(), *party == Party::Manager, "{party}");
                if let Ok(decision) = decided {
                    assert_eq!(decision.events[0].body.text.as_deref(), Some("涉及他人姓名"));
                    assert_eq!(decision.events[0].kind == EventKind::ContentAllowed, allowed);
                }
            }
        }
    }
}
