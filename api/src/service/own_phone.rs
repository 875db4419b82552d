//! The number to which somebody of the staff wants text messages when WeChat does not reach him.

use domain::ids::AccountId;
use domain::text::Phone;
use entity::account_phone;

use crate::auth::Caller;
use crate::seal::SealError;
use crate::state::Parts;
use crate::store::{StoreError, account_phones};

/// Where the number lies, as the seal knows it.
const CONTEXT: &str = "account_phones.phone";

/// Why a number is not kept.
#[derive(Debug, thiserror::Error)]
pub enum OwnPhoneError {
    /// Only staff are told by text message.
    #[error("the account has no role")]
    NotStaff,
    /// It can't be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets or changes the caller's number.
///
/// # Errors
/// [`OwnPhoneError`].
pub async fn set(state: &Parts, caller: &Caller, phone: &Phone) -> Result<(), OwnPhoneError> {
    if caller.bindings.is_empty() {
        return Err(OwnPhoneError::NotStaff);
    }
    let (account_id, now) = (caller.account_id, state.clock.now());
    let phone_sealed = state.sealer.seal(&state.ids, CONTEXT, phone.as_str().as_bytes())?;
    let row = account_phone::Model { account_id, phone_sealed, created_at: now, updated_at: now };
    let tx = state.db.begin().await?;
    account_phones::put(&tx, row).await?;
    Ok(tx.commit().await.map_err(StoreError::from)?)
}

/// Removes the caller's number.
///
/// # Errors
/// The database does not answer.
pub async fn remove(state: &Parts, id: AccountId) -> Result<(), StoreError> {
    let tx = state.db.begin().await?;
    account_phones::delete(&tx, id).await?;
    Ok(tx.commit().await?)
}

/// The number of an account, if it has given one.
///
/// # Errors
/// The database does not answer, or what it holds is not genuine.
pub async fn find(state: &Parts, id: AccountId) -> Result<Option<Phone>, StoreError> {
    let Some(row) = account_phones::find(state.db.reader(), id).await? else { return Ok(None) };
    let broken = |what: String| StoreError::inconsistent("account_phones", id, what);
    let digits = state.sealer.open(CONTEXT, &row.phone_sealed).map_err(|error| broken(error.to_string()))?;
    let phone = std::str::from_utf8(&digits).ok().and_then(Phone::parse);
    phone.map(Some).ok_or_else(|| broken("no phone number".to_owned()))
}
