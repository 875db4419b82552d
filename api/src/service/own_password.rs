//! The password that somebody of the staff sets for himself, to log in where there is no WeChat.

use domain::text::Name;
use entity::credential;
use secrecy::SecretString;

use crate::auth::{Caller, PasswordError};
use crate::service::sessions::{self, SessionError};
use crate::state::Parts;
use crate::store::{StoreError, credentials, refresh_tokens};

/// Why a password is not set.
#[derive(Debug, thiserror::Error)]
pub enum OwnPasswordError {
    /// Only staff log in by password.
    #[error("the account has no role")]
    NotStaff,
    /// Somebody else has this login name.
    #[error("the login name is taken")]
    LoginTaken,
    /// There is a password already, and it did not come, or another one came.
    #[error(transparent)]
    Current(#[from] SessionError),
    /// The password can't be hashed.
    #[error(transparent)]
    Hash(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for OwnPasswordError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(_) => Self::LoginTaken,
            other => Self::Store(other),
        }
    }
}

/// A password to be set.
#[derive(Debug)]
pub struct NewPassword {
    /// The name to log in with.
    pub login: Name,
    /// The password.
    pub password: SecretString,
    /// The one that it replaces, where there is one.
    pub current: Option<SecretString>,
}

/// Sets or changes the caller's password, and ends all other logins of the account.
///
/// # Errors
/// [`OwnPasswordError`].
pub async fn set(state: &Parts, caller: &Caller, new: NewPassword) -> Result<(), OwnPasswordError> {
    if caller.bindings.is_empty() {
        return Err(OwnPasswordError::NotStaff);
    }
    let known = credentials::find_login(state.db.reader(), caller.account_id).await?;
    if let Some(login) = &known {
        check_current(state, login, new.current).await?;
    }
    let now = state.clock.now();
    let password_hash = state.passwords.hash(&state.ids, new.password).await?;
    let tx = state.db.begin().await?;
    let row = match credentials::lock(&tx, caller.account_id).await? {
        Some(row) => credential::Model {
            login: new.login.into_string(),
            password_hash,
            failures: 0,
            retry_at: None,
            ..row
        },
        None => credential::Model {
            account_id: caller.account_id,
            login: new.login.into_string(),
            password_hash,
            totp_sealed: None,
            failures: 0,
            retry_at: None,
            created_at: now,
        },
    };
    match known {
        Some(_) => crate::store::rows::replace(&tx, row).await?,
        None => credentials::insert(&tx, row).await?,
    }
    refresh_tokens::revoke_others(&tx, caller.account_id, caller.family_id, now).await?;
    Ok(tx.commit().await.map_err(StoreError::from)?)
}

/// A stolen session must not be enough to take the account over: the password is asked for, with the same
/// delays as at the login.
async fn check_current(
    state: &Parts,
    login: &str,
    current: Option<SecretString>,
) -> Result<(), OwnPasswordError> {
    let login = Name::parse(login)
        .map_err(|error| StoreError::inconsistent("credentials", login, format!("login is {error}")))?;
    let current = current.ok_or(SessionError::LoginFailed)?;
    let credential = sessions::count_attempt(state, &login).await?;
    let hash = credential.map(|credential| credential.password_hash);
    if state.passwords.verify(current, hash).await? { Ok(()) } else { Err(SessionError::LoginFailed.into()) }
}
