//! The first committee of an installation and its first admin: made on the command line, since nobody can
//! log in before.

use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{AccountId, CommitteeId};
use domain::role::{Binding, Role};
use domain::text::Name;
use domain::vocabulary::Level;
use entity::{committee, credential};
use serde_json::json;

use crate::auth::PasswordError;
use crate::service::audit::{self, Deed};
use crate::state::Parts;
use crate::store::{StoreError, accounts, credentials, rows};

/// Why nothing was founded.
#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    /// Somebody has this login name.
    #[error("the login name is taken")]
    LoginTaken,
    /// The password can't be hashed.
    #[error(transparent)]
    Hash(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for FoundingError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(_) => Self::LoginTaken,
            other => Self::Store(other),
        }
    }
}

/// What was founded.
#[derive(Debug)]
pub struct Founded {
    /// The committee.
    pub committee_id: CommitteeId,
    /// The admin's password, drawn at random, shown this once.
    pub password: String,
}

/// Founds a committee that has none above it, with an admin who logs in by password.
///
/// # Errors
/// [`FoundingError`]; nothing has been written then.
pub async fn found(state: &Parts, name: Name, level: Level, login: Name) -> Result<Founded, FoundingError> {
    let now = state.clock.now();
    let password = state.ids.secret();
    let password_hash = state.passwords.hash(&state.ids, password.clone().into()).await?;
    let (committee_id, account_id): (CommitteeId, AccountId) = (state.ids.next(), state.ids.next());
    let detail = json!({ "after": { "name": name.as_str(), "level": level, "admin": account_id } });

    let tx = state.db.begin().await?;
    let row = committee::Model {
        id: committee_id,
        parent_id: None,
        name: name.into_string(),
        level,
        created_at: now,
    };
    rows::insert(&tx, row).await?;
    accounts::insert(&tx, account_id, now).await?;
    let credential = credential::Model {
        account_id,
        login: login.into_string(),
        password_hash,
        totp_sealed: None,
        failures: 0,
        retry_at: None,
        created_at: now,
    };
    credentials::insert(&tx, credential).await?;
    let binding = Binding { role: Role::CommitteeAdmin, scope_id: committee_id.0 };
    accounts::bind(&tx, state.ids.next(), account_id, binding, now).await?;
    let deed = Deed {
        committee_id: Some(committee_id),
        action: AuditAction::Create,
        target: AuditTarget::Committee,
        target_id: committee_id.0,
        detail,
    };
    audit::record(state, &tx, None, deed).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Founded { committee_id, password })
}
