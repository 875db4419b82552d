//! Consents that somebody takes back in WeChat: what was given for them is erased, and the audit log says so.
//!
//! A case that was filed stays: it is the office's record. What the person gave of himself goes.

use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{AccountId, BookingId, CaseId};
use domain::vocabulary::AccountState;
use serde_json::{Value, json};

use crate::service::audit::{self, Deed};
use crate::service::bookings::{self, BookingContact};
use crate::service::case_view::{CONTACT_CONTEXT, Contact, open_contact};
use crate::service::{searching, uploads};
use crate::state::{AppState, Parts};
use crate::store::{self, StoreError, Transaction, consents};

/// Name and picture, which somebody may also change without taking a consent back.
pub(super) const NAME_AND_PICTURE: [i64; 3] = [6, 19, 20];
/// The phone number.
const PHONE: [i64; 1] = [8];
/// Addresses, the position, and a place that was chosen.
const PLACE: [i64; 3] = [2, 13, 18];
/// The camera, and pictures that were chosen.
const PICTURES: [i64; 2] = [7, 14];

/// Erases what was given for these consents. For others nothing is kept, and the log alone says that they
/// were taken back.
pub(super) async fn revoke(
    state: &AppState,
    appid: &str,
    openid: &str,
    revoked: &[i64],
) -> Result<(), StoreError> {
    let account_id = store::accounts::find_by_openid(state.db.reader(), appid, openid).await?;
    let Some(account_id) = account_id else {
        tracing::info!("somebody of whom nothing is kept has taken a consent back");
        return Ok(());
    };
    let is = |numbers: &[i64]| revoked.iter().any(|number| numbers.contains(number));
    let pictures = if is(&PICTURES) { uploads::forget_unclaimed(state, account_id).await? } else { 0 };
    let tx = state.db.begin().await?;
    let phones = if is(&PHONE) { forget_phones(state, &tx, account_id).await? } else { 0 };
    let placed = if is(&PLACE) { consents::forget_places(&tx, account_id).await? } else { Vec::new() };
    let named = is(&NAME_AND_PICTURE) && !is_staff(&tx, account_id).await?;
    let name = named && consents::forget_name(&tx, account_id).await?;
    let detail = json!({
        "consents": revoked, "phones": phones, "places": placed.len(), "pictures": pictures, "name": name,
    });
    record(state, &tx, AuditAction::RevokeConsent, account_id, detail).await?;
    tx.commit().await?;
    for id in placed {
        searching::index_case(state, id).await?;
    }
    Ok(())
}

/// Erases whoever has left WeChat. Somebody of the staff keeps the office's account, without WeChat.
pub(super) async fn cancel(state: &AppState, appid: &str, openid: &str) -> Result<(), StoreError> {
    let tx = state.db.begin().await?;
    let Some(account_id) = store::accounts::find_by_openid(&tx, appid, openid).await? else {
        return Ok(());
    };
    let account = store::accounts::lock(&tx, account_id).await?;
    let active = account.is_some_and(|account| account.state != AccountState::Erased);
    let staff = is_staff(&tx, account_id).await?;
    if staff || !active {
        consents::forget_identity(&tx, appid, openid).await?;
    } else {
        store::personal::erase(&tx, account_id, state.clock.now()).await?;
    }
    let detail = json!({ "left_wechat": true, "kept_for_staff": staff });
    record(state, &tx, AuditAction::EraseAccount, account_id, detail).await?;
    tx.commit().await?;
    state.accounts.forget(account_id);
    Ok(())
}

async fn is_staff(tx: &Transaction, id: AccountId) -> Result<bool, StoreError> {
    Ok(!store::accounts::list_bindings(tx, id).await?.is_empty()
        || store::credentials::find_login(tx, id).await?.is_some())
}

async fn record(
    state: &Parts,
    tx: &Transaction,
    action: AuditAction,
    account_id: AccountId,
    detail: Value,
) -> Result<(), StoreError> {
    let target_id = account_id.0;
    let deed = Deed { committee_id: None, action, target: AuditTarget::Account, target_id, detail };
    audit::record(state, tx, None, deed).await
}

/// Takes the phone number out of every sealed contact; says out of how many.
async fn forget_phones(state: &Parts, tx: &Transaction, id: AccountId) -> Result<u32, StoreError> {
    let mut forgotten = 0;
    for (case_id, sealed) in consents::list_case_contacts(tx, id).await? {
        let contact = open_contact(state, case_id, &sealed)?;
        if contact.phone.is_some() {
            let rest = Contact { phone: None, ..contact };
            consents::replace_case_contact(tx, case_id, seal_case(state, case_id, &rest)?).await?;
            forgotten += 1;
        }
    }
    for (booking_id, sealed) in consents::list_booking_contacts(tx, id).await? {
        let contact = bookings::open_contact(state, booking_id, &sealed)?;
        if contact.phone.is_some() {
            let rest = BookingContact { phone: None, ..contact };
            consents::replace_booking_contact(tx, booking_id, seal_booking(state, booking_id, &rest)?)
                .await?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}

/// The contact without its phone number; nothing when nothing is left.
fn seal_case(state: &Parts, id: CaseId, contact: &Contact) -> Result<Option<Vec<u8>>, StoreError> {
    if *contact == Contact::default() {
        return Ok(None);
    }
    let broken = |error: &dyn ToString| StoreError::inconsistent("cases", id, error.to_string());
    let plain = serde_json::to_vec(contact).map_err(|error| broken(&error))?;
    Ok(Some(state.sealer.seal(&state.ids, CONTACT_CONTEXT, &plain).map_err(|error| broken(&error))?))
}

fn seal_booking(
    state: &Parts,
    id: BookingId,
    contact: &BookingContact,
) -> Result<Option<Vec<u8>>, StoreError> {
    if *contact == BookingContact::default() {
        return Ok(None);
    }
    let broken = |error: &dyn ToString| StoreError::inconsistent("bookings", id, error.to_string());
    let plain = serde_json::to_vec(contact).map_err(|error| broken(&error))?;
    let sealed = state.sealer.seal(&state.ids, bookings::CONTACT_CONTEXT, &plain);
    Ok(Some(sealed.map_err(|error| broken(&error))?))
}
