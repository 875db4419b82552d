//! What is known of a caller's account, kept for a few seconds: every request asks for it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::{AccountId, TokenFamilyId};
use domain::role::Binding;
use domain::vocabulary::AccountState;
use moka::sync::Cache;

use crate::store::{Database, StoreError, accounts, refresh_tokens};

/// How long another process may go on believing what has changed; this one is told at once.
const TTL: Duration = Duration::from_secs(5);
/// The most accounts and logins kept: a few megabytes.
const KEPT: u64 = 20_000;

/// The part of an account that decides what a caller may do.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whether it may log in.
    pub state: AccountState,
    /// Its roles, without `resident`.
    pub bindings: Arc<[Binding]>,
}

/// Looks accounts and logins up.
pub struct Accounts {
    accounts: Cache<AccountId, Option<Account>>,
    families: Cache<TokenFamilyId, bool>,
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            accounts: Cache::builder().max_capacity(KEPT).time_to_live(TTL).build(),
            families: Cache::builder().max_capacity(KEPT).time_to_live(TTL).build(),
        }
    }
}

impl Accounts {
    /// The account, if there is one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(&self, db: &Database, id: AccountId) -> Result<Option<Account>, StoreError> {
        if let Some(account) = self.accounts.get(&id) {
            return Ok(account);
        }
        let account = match accounts::find(db.reader(), id).await? {
            Some(account) => {
                let bindings = accounts::list_bindings(db.reader(), id).await?;
                Some(Account { state: account.state, bindings: bindings.into() })
            }
            None => None,
        };
        self.accounts.insert(id, account.clone());
        Ok(account)
    }

    /// Whether a login has been neither ended nor revoked.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn is_live(&self, db: &Database, family_id: TokenFamilyId) -> Result<bool, StoreError> {
        if let Some(live) = self.families.get(&family_id) {
            return Ok(live);
        }
        let live = refresh_tokens::is_family_live(db.reader(), family_id).await?;
        self.families.insert(family_id, live);
        Ok(live)
    }

    /// To be called after the account's state or roles have changed.
    pub fn forget(&self, id: AccountId) {
        self.accounts.invalidate(&id);
    }

    /// To be called after a login has been ended or revoked.
    pub fn forget_family(&self, family_id: TokenFamilyId) {
        self.families.invalidate(&family_id);
    }
}
