//! Invitations: who may invite whom into which role, and how an invited person takes it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{AccountId, CommitteeId, MemberId, StationId};
use domain::role::{Binding, Role};
use domain::text::Phone;
use entity::invitation;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::audit::{self, Deed};
use super::idempotency::{self, IdempotencyError};
use super::mini_program;
use super::sessions::Identity;
use crate::auth::Caller;
use crate::seal::sha256;
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction, accounts, reach};
use crate::wechat::{PhoneCode, WeChatError};

/// The place that the hash of an invited number is made for.
const PHONE_CONTEXT: &str = "invitations.phone";

/// Why an invitation is not made, or not taken.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// The caller may not give this role.
    #[error("the caller may not give this role")]
    NotAllowed,
    /// What the role is for does not exist, or not for this caller.
    #[error("the scope is out of the caller's reach")]
    UnknownScope,
    /// The invitation is unknown, somebody else's, or over its time.
    #[error("the invitation is {0}")]
    Invalid(&'static str),
    /// WeChat refuses, or does not answer.
    #[error(transparent)]
    WeChat(#[from] WeChatError),
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An invitation to be made.
#[derive(Debug)]
pub struct NewInvitation {
    /// The role, and what it is for.
    pub binding: Binding,
    /// How long it can be used.
    pub life: TimeDelta,
    /// Whose it is: the person may then come without the code, by the number that WeChat vouches for.
    pub phone: Option<Phone>,
}

/// An invitation that was made.
#[derive(Debug, Serialize, Deserialize)]
pub struct Invitation {
    /// To be given to the person; it is shown this once.
    pub code: InviteCode,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// The code of an invitation: 80 random bits in 16 letters and digits, to be typed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteCode(String);

impl InviteCode {
    /// Reads what was typed: case, blanks and hyphens don't matter.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.len() > 64 {
            return None;
        }
        let code: String = raw.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let code = code.to_ascii_uppercase();
        let base32 = code.bytes().all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte));
        (base32 && code.len() == 16).then_some(Self(code))
    }

    /// The code of ten random bytes; what comes after them does not count.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(data_encoding::BASE32_NOPAD.encode(bytes).chars().take(16).collect())
    }

    /// The code as it is given out.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> Vec<u8> {
        sha256(self.0.as_bytes())
    }
}

/// Invites somebody into a role below the caller's own.
///
/// # Errors
/// [`InvitationError`].
pub async fn invite(
    app: &Parts,
    caller: &Caller,
    new: NewInvitation,
    request: Option<&idempotency::Request>,
) -> Result<Invitation, InvitationError> {
    let committee_id = authorise(app, caller, new.binding).await?;
    let now = app.clock.now();
    let code = InviteCode::of(&app.ids.bytes::<10>());
    let expires_at = now + new.life;
    let row = invitation::Model {
        id: app.ids.next(),
        code_hash: code.hash(),
        role: new.binding.role,
        scope_id: new.binding.scope_id,
        phone_hash: new.phone.map(|phone| phone_hash(app, &phone)),
        expires_at,
        used_at: None,
        used_by: None,
        created_at: now,
    };
    idempotency::once(app, request, idempotency::CREATED, async |tx| {
        let deed = Deed {
            committee_id: Some(committee_id),
            action: AuditAction::Invite,
            target: AuditTarget::Invitation,
            target_id: row.id.0,
            detail: json!({ "role": row.role, "scope_id": row.scope_id }),
        };
        store::invitations::insert(tx, row).await?;
        audit::record(app, tx, Some(caller.account_id), deed).await?;
        Ok(Invitation { code, expires_at })
    })
    .await
}

/// An admin gives the roles of his committee and of those below it; a manager makes the members of
/// his station members here. Nobody gives `operator` by an invitation.
///
/// Gives the committee that the role is in.
async fn authorise(app: &Parts, caller: &Caller, binding: Binding) -> Result<CommitteeId, InvitationError> {
    let db = app.db.reader();
    let committees: Vec<CommitteeId> = caller.scopes(Role::CommitteeAdmin).map(CommitteeId).collect();
    let stations: Vec<StationId> = caller.scopes(Role::StationManager).map(StationId).collect();
    let by_admin = !committees.is_empty() && !matches!(binding.role, Role::Resident | Role::Operator);
    let by_manager = !stations.is_empty() && binding.role == Role::Member;
    if !by_admin && !by_manager {
        return Err(InvitationError::NotAllowed);
    }
    let committee_id = reach::committee_of(db, binding).await?.ok_or(InvitationError::UnknownScope)?;
    if by_admin && reach::is_at_or_below(db, committee_id, &committees).await? {
        return Ok(committee_id);
    }
    if by_manager && reach::is_member_of(db, MemberId(binding.scope_id), &stations).await? {
        return Ok(committee_id);
    }
    Err(InvitationError::UnknownScope)
}

/// Takes an invitation by its code. The same account may repeat itself; any other is refused.
///
/// # Errors
/// [`InvitationError`].
pub async fn accept_code(
    app: &Parts,
    account_id: AccountId,
    code: &InviteCode,
) -> Result<Identity, InvitationError> {
    let tx = app.db.begin().await?;
    let found = store::invitations::lock_by_code(&tx, &code.hash()).await?;
    accept(app, tx, account_id, found.into_iter().collect()).await
}

/// Takes all invitations of the phone number that WeChat vouches for.
///
/// # Errors
/// [`InvitationError`].
pub async fn accept_phone(
    app: &Parts,
    account_id: AccountId,
    code: &PhoneCode,
) -> Result<Identity, InvitationError> {
    app.wechat.main()?;
    let (client, openid) =
        mini_program::of_account(app, account_id).await?.ok_or(InvitationError::NotAllowed)?;
    let phone = client.phone_number(code, &openid).await?;
    let tx = app.db.begin().await?;
    let found = store::invitations::lock_by_phone(&tx, &phone_hash(app, &phone)).await?;
    accept(app, tx, account_id, found).await
}

/// Binds the account to the roles of those invitations that it may take, and commits.
async fn accept(
    app: &Parts,
    tx: Transaction,
    account_id: AccountId,
    invitations: Vec<invitation::Model>,
) -> Result<Identity, InvitationError> {
    let now = app.clock.now();
    let mut refused = Some("unknown");
    for invitation in invitations {
        match (invitation.used_by, invitation.used_at) {
            (Some(user), _) if user == account_id => refused = None,
            (_, Some(_)) => refused = refused.map(|_| "used by somebody else"),
            (_, None) if invitation.expires_at <= now => refused = refused.map(|_| "over its time"),
            (_, None) => {
                let binding = Binding { role: invitation.role, scope_id: invitation.scope_id };
                accounts::bind(&tx, app.ids.next(), account_id, binding, now).await?;
                store::invitations::mark_used(&tx, invitation.id, account_id, now).await?;
                refused = None;
            }
        }
    }
    if let Some(why) = refused {
        return Err(InvitationError::Invalid(why));
    }
    let bindings = accounts::list_bindings(&tx, account_id).await?;
    tx.commit().await.map_err(StoreError::from)?;
    app.accounts.forget(account_id);
    Ok(Identity::new(account_id, &bindings))
}

/// The hash of a number, the same with and without the mainland's country code.
fn phone_hash(app: &Parts, phone: &Phone) -> Vec<u8> {
    let digits = phone.as_str();
    let mainland = digits.strip_prefix("86").filter(|rest| rest.len() == 11);
    app.sealer.lookup_hash(PHONE_CONTEXT, mainland.unwrap_or(digits))
}

#[cfg(test)]
mod tests;
