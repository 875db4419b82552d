//! Who works in a committee: listing roles, taking them back, shutting accounts.

use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{AccountId, BindingId, CommitteeId};
use domain::role::{Binding, Role};
use domain::vocabulary::AccountState;
use entity::{account, role_binding};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::auth::Caller;
use crate::service::audit::{self, Deed};
use crate::service::authority::{AuthorityError, administers};
use crate::state::Parts;
use crate::store::staff::{self, StaffRow};
use crate::store::{StoreError, accounts, reach, rows};

/// Why nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// It does not exist, or not for this caller.
    #[error("no such role or account for this caller")]
    Unknown,
    /// Nobody shuts himself out.
    #[error("one's own admin role or account")]
    Own,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for StaffError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// A role that somebody has.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StaffEntry {
    /// The role's key, by which it is taken back.
    pub id: BindingId,
    /// Who has it.
    pub account_id: AccountId,
    /// Whether the account may log in.
    pub account_state: AccountState,
    /// What to call the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The role.
    pub role: Role,
    /// What it is for.
    pub scope_id: Uuid,
    /// What that is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope_name: Option<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// The roles in a committee, its stations, departments and members, after `last`.
///
/// # Errors
/// The caller does not administer the committee; the database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    last: Option<BindingId>,
    limit: u64,
) -> Result<Vec<StaffEntry>, StaffError> {
    administers(state, caller, committee_id).await?;
    let db = state.db.reader();
    let found = staff::list(db, committee_id, last, limit).await?;
    let bindings: Vec<Binding> =
        found.iter().map(|row| Binding { role: row.role, scope_id: row.scope_id }).collect();
    let names = reach::list_scope_names(db, &bindings).await?;
    let entry = |row: StaffRow| StaffEntry {
        scope_name: names.get(&row.scope_id).cloned(),
        id: row.id,
        account_id: row.account.id,
        account_state: row.account.state,
        display_name: row.account.display_name,
        role: row.role,
        scope_id: row.scope_id,
        created_at: row.created_at,
    };
    Ok(found.into_iter().map(entry).collect())
}

/// Takes a role back; again changes nothing.
///
/// # Errors
/// The caller does not administer what the role is for; it is his own admin role; the database does not
/// answer.
pub async fn revoke_role(state: &Parts, caller: &Caller, id: BindingId) -> Result<(), StaffError> {
    let db = state.db.reader();
    let known: role_binding::Model = rows::find(db, id).await?.ok_or(StaffError::Unknown)?;
    let binding = Binding { role: known.role, scope_id: known.scope_id };
    let committee_id = reach::committee_of(db, binding).await?.ok_or(StaffError::Unknown)?;
    administers(state, caller, committee_id).await?;
    let tx = state.db.begin().await?;
    let row: role_binding::Model = rows::lock(&tx, id).await?.ok_or(StaffError::Unknown)?;
    if row.account_id == caller.account_id && row.role == Role::CommitteeAdmin {
        return Err(StaffError::Own);
    }
    if row.revoked_at.is_some() {
        return Ok(());
    }
    staff::revoke(&tx, id, state.clock.now()).await?;
    let deed = Deed {
        committee_id: Some(committee_id),
        action: AuditAction::RevokeRole,
        target: AuditTarget::Account,
        target_id: row.account_id.0,
        detail: json!({ "role": row.role, "scope_id": row.scope_id }),
    };
    audit::record(state, &tx, Some(caller.account_id), deed).await?;
    tx.commit().await.map_err(StoreError::from)?;
    state.accounts.forget(row.account_id);
    Ok(())
}

/// Shuts an account, or opens it again.
///
/// # Errors
/// Some role of the account is out of the caller's reach, or it has none; it is his own; the database does
/// not answer.
pub async fn set_account_state(
    state: &Parts,
    caller: &Caller,
    id: AccountId,
    wanted: AccountState,
) -> Result<(), StaffError> {
    let db = state.db.reader();
    let mut committee_id = None;
    for binding in accounts::list_bindings(db, id).await? {
        let found = reach::committee_of(db, binding).await?.ok_or(StaffError::Unknown)?;
        administers(state, caller, found).await?;
        committee_id = Some(found);
    }
    let tx = state.db.begin().await?;
    let mut row: account::Model = rows::lock(&tx, id).await?.ok_or(StaffError::Unknown)?;
    // Residents erase their accounts themselves, and nobody else may shut them out.
    if committee_id.is_none() || row.state == AccountState::Erased {
        return Err(StaffError::Unknown);
    }
    if id == caller.account_id {
        return Err(StaffError::Own);
    }
    if row.state == wanted {
        return Ok(());
    }
    row.state = wanted;
    rows::replace(&tx, row).await?;
    let disabled = wanted == AccountState::Disabled;
    let action = if disabled { AuditAction::DisableAccount } else { AuditAction::EnableAccount };
    let deed =
        Deed { committee_id, action, target: AuditTarget::Account, target_id: id.0, detail: json!({}) };
    audit::record(state, &tx, Some(caller.account_id), deed).await?;
    tx.commit().await.map_err(StoreError::from)?;
    state.accounts.forget(id);
    Ok(())
}
