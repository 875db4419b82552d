//! What people have agreed to be told by WeChat: the ledger's way in.
//!
//! WeChat's own events count ([`accepted`], [`refused`], [`sent_result`]); what the mini-program tells of the
//! popup is a hint (`subscription_offers`), by which nothing is sent. Each event must be handed over once: whoever takes the
//! pushes drops repetitions, best in the transaction that is given here.

use domain::vocabulary::{Channel, DeliveryState, SubscriptionHint};
use entity::delivery;

use crate::config::Term;
use crate::service::messaging;
use crate::state::Parts;
use crate::store::deliveries::CONFIRMED_WITHIN;
use crate::store::subscriptions::Key;
use crate::store::{self, StoreError, Transaction};

/// What WeChat tells of one message, after it was taken.
#[derive(Debug, Clone, Copy)]
pub struct SentResult<'a> {
    /// WeChat's name for the message.
    pub msg_id: Option<&'a str>,
    /// 0 when it was delivered.
    pub error_code: i64,
}

/// The user said yes to a template in the popup (`subscribe_msg_popup_event`, `accept`).
///
/// # Errors
/// The database does not answer.
pub async fn accepted(state: &Parts, tx: &Transaction, key: &Key) -> Result<(), StoreError> {
    let template = state.config.messages.template_by_id(&key.template_id);
    let is_long_term = template.is_some_and(|template| template.term == Term::Long);
    store::subscriptions::accept(tx, key, is_long_term, state.clock.now()).await
}

/// Where somebody said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedIn {
    /// In the popup (`subscribe_msg_popup_event`, `reject`): what was agreed to before still holds.
    Popup,
    /// In the settings (`subscribe_msg_change_event`, `reject`): nothing more may be sent.
    Settings,
}

/// The user said no to a template.
///
/// # Errors
/// The database does not answer.
pub async fn refused(state: &Parts, tx: &Transaction, key: &Key, place: RefusedIn) -> Result<(), StoreError> {
    let now = state.clock.now();
    match place {
        RefusedIn::Popup => store::subscriptions::hint(tx, key, SubscriptionHint::Reject, now).await,
        RefusedIn::Settings => store::subscriptions::refuse(tx, key, now).await,
    }
}

/// WeChat tells what became of a message that it had taken (`subscribe_msg_sent_event`). Without WeChat's
/// name for it, it is the oldest one to this user by this template of which nothing was told yet.
///
/// # Errors
/// The database does not answer.
pub async fn sent_result(
    state: &Parts,
    tx: &Transaction,
    key: &Key,
    result: SentResult<'_>,
) -> Result<(), StoreError> {
    let now = state.clock.now();
    let (openid, template_id) = (&key.openid, &key.template_id);
    let sent = store::deliveries::lock_unconfirmed(tx, openid, template_id, now - CONFIRMED_WITHIN).await?;
    let Some(row) = meant(&sent, result.msg_id) else { return Ok(()) };
    if result.error_code == 0 {
        store::deliveries::confirm(tx, row.id, DeliveryState::Sent, None, now).await?;
        // It was given up too early, and its credit with it.
        if row.state == DeliveryState::Dead && row.has_reserved {
            store::subscriptions::take_if_there(tx, key, now).await?;
        }
        return Ok(());
    }
    let reason = format!("told later: {}", result.error_code);
    store::deliveries::confirm(tx, row.id, DeliveryState::Refused, Some(&reason), now).await?;
    messaging::failed_later(state, tx, row).await
}

/// Which message is meant: the one of that name, else the oldest without a name. One that was given up comes
/// last: it was most likely not delivered.
fn meant<'a>(sent: &'a [delivery::Model], msg_id: Option<&str>) -> Option<&'a delivery::Model> {
    let named = msg_id.and_then(|name| sent.iter().find(|row| row.msg_id.as_deref() == Some(name)));
    let is_nameless = |row: &&delivery::Model| row.channel == Channel::WeChat && row.msg_id.is_none();
    let nameless = || sent.iter().filter(is_nameless);
    let alive = || nameless().find(|row| row.state != DeliveryState::Dead);
    named.or_else(alive).or_else(|| nameless().next())
}
