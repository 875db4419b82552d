//! The whole phone number of whoever raised a case: for those who call back, and never without an entry in
//! the audit log.
//!
//! Everywhere else its middle is hidden. A department asks through the member.

use domain::audit::{AuditAction, AuditTarget};
use domain::ids::CaseId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::audit::{self, Deed};
use super::case_view::open_contact;
use super::casework::{CaseworkError, standing};
use super::visitor::Visitor;
use crate::state::Parts;
use crate::store::cases::CaseKey;
use crate::store::{self, StoreError};

/// Why no number is shown.
#[derive(Debug, thiserror::Error)]
pub enum RevealError {
    /// There is no such case, or not for this visitor.
    #[error("no such case for this visitor")]
    NotFound,
    /// The visitor is neither the member nor the manager, or whoever raised the case wants to stay unknown.
    #[error("not for this visitor to see")]
    NotAllowed,
    /// Nobody left a number.
    #[error("no number was left")]
    NoPhone,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RevealedPhone {
    /// The name that was left.
    pub name: Option<String>,
    /// The number, all digits of it.
    pub phone: String,
}

/// Shows the number of a case, and writes down who saw it and when.
///
/// # Errors
/// See [`RevealError`]; then nothing was shown and nothing written.
pub async fn reveal(state: &Parts, visitor: &Visitor, id: CaseId) -> Result<RevealedPhone, RevealError> {
    let tx = state.db.begin().await?;
    let stored = store::cases::find(&tx, CaseKey::Id(id)).await?.ok_or(RevealError::NotFound)?;
    let standing = standing(&tx, visitor, &stored).await.map_err(|error| match error {
        CaseworkError::Store(error) => RevealError::Store(error),
        _ => RevealError::NotFound,
    })?;
    if !standing.is_in_charge() || stored.anonymous {
        return Err(RevealError::NotAllowed);
    }
    let sealed = stored.contact_sealed.as_deref().ok_or(RevealError::NoPhone)?;
    let contact = open_contact(state, id, sealed)?;
    let phone = contact.phone.ok_or(RevealError::NoPhone)?;
    let deed = Deed {
        committee_id: Some(stored.case.committee_id),
        action: AuditAction::RevealPhone,
        target: AuditTarget::Case,
        target_id: id.0,
        detail: Value::Null,
    };
    let account_id = visitor.caller.as_ref().map(|caller| caller.account_id);
    audit::record(state, &tx, account_id, deed).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(RevealedPhone { name: contact.name, phone })
}
