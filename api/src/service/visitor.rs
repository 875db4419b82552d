//! Who is at a case: somebody with an account, somebody with its ticket, or both.

use domain::ids::CommitteeId;
use domain::role::{CaseScope, Party, Standing};
use subtle::ConstantTimeEq;

use crate::auth::Caller;
use crate::seal::sha256;
use crate::service::idempotency::Owner;
use crate::store::cases::StoredCase;

/// The secret of one case, as it came.
#[derive(Clone)]
pub struct CaseTicket(String);

impl CaseTicket {
    /// The ticket as it was sent. Any text is a ticket; one that was never issued fits no case.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_ascii_lowercase())
    }

    /// The text, for counting its uses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        sha256(self.0.as_bytes())
    }
}

impl std::fmt::Debug for CaseTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CaseTicket(****)")
    }
}

/// Somebody who asks for a case; at least one of the two is there.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The account.
    pub caller: Option<Caller>,
    /// The ticket.
    pub ticket: Option<CaseTicket>,
}

impl Visitor {
    /// Whose the keys are that the visitor sends to make a repetition harmless.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match (&self.caller, &self.ticket) {
            (Some(caller), _) => Owner::Account(caller.account_id),
            (None, Some(ticket)) => Owner::Ticket(ticket.hash()),
            (None, None) => Owner::Anybody,
        }
    }

    /// What the visitor is to a case whose committee and those above it are `committees`.
    #[must_use]
    pub fn standing(&self, stored: &StoredCase, committees: &[CommitteeId]) -> Standing {
        let case = &stored.case;
        let scope = CaseScope {
            resident_id: case.resident_id,
            member_id: case.member_id,
            department_id: case.department_id,
            parts: &case.parts,
            station_id: case.station_id,
            committees,
        };
        let by_account = self.caller.as_ref().map_or(Standing::STRANGER, |caller| {
            Standing::of_account(caller.account_id, &caller.bindings, scope)
        });
        let ticket = self.ticket.as_ref();
        let by_ticket = ticket.is_some_and(|ticket| bool::from(ticket.hash().ct_eq(&stored.ticket_hash)));
        if by_ticket { by_account.and(Party::Resident) } else { by_account }
    }
}
