//! Logging in by WeChat or by password, staying logged in, and logging out.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, TokenFamilyId};
use domain::role::{Binding, Role};
use domain::text::Name;
use domain::vocabulary::AccountState;
use entity::{credential, refresh_token, wechat_identity};
use secrecy::SecretString;

use crate::auth::{PasswordError, TokenError, delay_after};
use crate::seal::{SealError, sha256};
use crate::state::Parts;
use crate::store::{StoreError, Transaction, accounts, credentials, refresh_tokens};
use crate::wechat::{LoginCode, WeChat, WeChatError, WeChatUser};

/// The place that the secret of a second factor is sealed for.
pub const TOTP_CONTEXT: &str = "credentials.totp";

/// What a login gives.
#[derive(Debug)]
pub struct Session {
    /// For the `Authorization` header.
    pub access_token: String,
    /// For the next session, once.
    pub refresh_token: String,
    /// How long the access token lives.
    pub expires_in: TimeDelta,
    /// Whose it is.
    pub account: Identity,
}

/// An account and all that it may be, `resident` included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub id: AccountId,
    /// Its roles.
    pub roles: Vec<Binding>,
}

impl Identity {
    /// Adds the role that every account has.
    #[must_use]
    pub fn new(id: AccountId, bindings: &[Binding]) -> Self {
        let resident = Binding { role: Role::Resident, scope_id: id.0 };
        Self { id, roles: std::iter::once(resident).chain(bindings.iter().copied()).collect() }
    }
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// WeChat refuses, or does not answer.
    #[error(transparent)]
    WeChat(#[from] WeChatError),
    /// Login, password or second factor is wrong; nobody is told which.
    #[error("login, password or second factor is wrong")]
    LoginFailed,
    /// Wrong passwords came before.
    #[error("wrong passwords came before; {0} to wait")]
    LoginDelayed(TimeDelta),
    /// The account may not log in.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The refresh token is unknown, used, revoked or over its time.
    #[error("the refresh token is {0}")]
    RefreshTokenInvalid(&'static str),
    /// A password can't be checked.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The second factor's secret can't be read.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An access token can't be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Logs in by WeChat, in the mini-program that the code was given in. Who comes for the first time gets
/// an account; two first logins at the same time get the same one.
///
/// # Errors
/// [`SessionError`].
pub async fn log_in_with_wechat(
    app: &Parts,
    client: &WeChat,
    code: &LoginCode,
) -> Result<Session, SessionError> {
    let user = client.login(code).await?;
    match log_in_user(app, client.appid(), &user).await {
        // Another request has just made the account: it is there now.
        Err(SessionError::Store(StoreError::Duplicate(_))) => log_in_user(app, client.appid(), &user).await,
        result => result,
    }
}

async fn log_in_user(app: &Parts, appid: &str, user: &WeChatUser) -> Result<Session, SessionError> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let id = match accounts::find_by_openid(&tx, appid, &user.openid).await? {
        Some(id) => id,
        None => {
            let id: AccountId = app.ids.next();
            accounts::insert(&tx, id, now).await?;
            let identity = wechat_identity::Model {
                appid: appid.to_owned(),
                openid: user.openid.clone(),
                account_id: id,
                unionid: user.unionid.clone(),
                created_at: now,
            };
            accounts::insert_identity(&tx, identity).await?;
            id
        }
    };
    begin_session(app, tx, id, app.ids.next(), now).await
}

/// Logs staff in by password and, where one is set, second factor.
///
/// An attempt is counted before its password is looked at, and taken back by a right one: so many
/// attempts at the same moment are no way around the delay.
///
/// # Errors
/// [`SessionError`].
pub async fn log_in_with_password(
    app: &Parts,
    login: &Name,
    password: SecretString,
    totp: Option<&str>,
) -> Result<Session, SessionError> {
    let credential = count_attempt(app, login).await?;
    let hash = credential.as_ref().map(|credential| credential.password_hash.clone());
    let right = app.passwords.verify(password, hash).await?;
    let Some(credential) = credential.filter(|_| right) else { return Err(SessionError::LoginFailed) };
    let now = app.clock.now();
    if let Some(sealed) = &credential.totp_sealed {
        let secret = app.sealer.open(TOTP_CONTEXT, sealed)?;
        let code = totp.ok_or(SessionError::LoginFailed)?;
        if !app.second_factor.accept(credential.account_id, &secret, code, now) {
            return Err(SessionError::LoginFailed);
        }
    }
    let tx = app.db.begin().await?;
    credentials::set_failures(&tx, credential.account_id, 0, None).await?;
    begin_session(app, tx, credential.account_id, app.ids.next(), now).await
}

/// Counts an attempt at the password of a login name, before the password is looked at.
///
/// # Errors
/// [`SessionError::LoginDelayed`] after too many wrong ones; the database does not answer.
pub(super) async fn count_attempt(
    app: &Parts,
    login: &Name,
) -> Result<Option<credential::Model>, SessionError> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let Some(credential) = credentials::lock_by_login(&tx, login.as_str()).await? else { return Ok(None) };
    if let Some(retry_at) = credential.retry_at.filter(|at| *at > now) {
        return Err(SessionError::LoginDelayed(retry_at - now));
    }
    let failures = credential.failures.saturating_add(1);
    let retry_at = delay_after(failures).map(|delay| now + delay);
    credentials::set_failures(&tx, credential.account_id, failures, retry_at).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Some(credential))
}

/// Exchanges a refresh token, once. A token that comes a second time has been stolen, or its
/// answer was: the whole login ends, for the thief and for the owner.
///
/// # Errors
/// [`SessionError`].
pub async fn refresh(app: &Parts, refresh_token: &str) -> Result<Session, SessionError> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let token = refresh_tokens::lock_by_hash(&tx, &sha256(refresh_token.as_bytes())).await?;
    let token = token.ok_or(SessionError::RefreshTokenInvalid("unknown"))?;
    if token.revoked_at.is_some() {
        return Err(SessionError::RefreshTokenInvalid("revoked"));
    }
    if token.expires_at <= now {
        return Err(SessionError::RefreshTokenInvalid("over its time"));
    }
    if token.used_at.is_some() {
        end_family(app, tx, token.family_id, now).await?;
        return Err(SessionError::RefreshTokenInvalid("used; its login has been ended"));
    }
    refresh_tokens::mark_used(&tx, token.id, now).await?;
    begin_session(app, tx, token.account_id, token.family_id, now).await
}

/// Logs out: ends the login that the caller's token descends from.
///
/// # Errors
/// The database does not answer.
pub async fn log_out(app: &Parts, family_id: TokenFamilyId) -> Result<(), SessionError> {
    let tx = app.db.begin().await?;
    Ok(end_family(app, tx, family_id, app.clock.now()).await?)
}

async fn end_family(
    app: &Parts,
    tx: Transaction,
    family_id: TokenFamilyId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    refresh_tokens::revoke_family(&tx, family_id, now).await?;
    tx.commit().await?;
    app.accounts.forget_family(family_id);
    Ok(())
}

/// Gives an active account its tokens, and commits.
async fn begin_session(
    app: &Parts,
    tx: Transaction,
    id: AccountId,
    family_id: TokenFamilyId,
    now: DateTime<Utc>,
) -> Result<Session, SessionError> {
    let account = accounts::find(&tx, id).await?;
    if account.is_none_or(|account| account.state != AccountState::Active) {
        return Err(SessionError::AccountDisabled);
    }
    let bindings = accounts::list_bindings(&tx, id).await?;
    let refresh_token = app.ids.secret();
    let row = refresh_token::Model {
        id: app.ids.next(),
        family_id,
        account_id: id,
        token_hash: sha256(refresh_token.as_bytes()),
        expires_at: now + TimeDelta::days(i64::from(app.config.auth.refresh_ttl_days)),
        used_at: None,
        revoked_at: None,
        created_at: now,
    };
    refresh_tokens::insert(&tx, row).await?;
    let access_token = app.tokens.issue(id, family_id, now)?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Session {
        access_token,
        refresh_token,
        expires_in: app.tokens.ttl(),
        account: Identity::new(id, &bindings),
    })
}

#[cfg(test)]
mod tests;
