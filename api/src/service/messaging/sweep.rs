//! Looks after messages that nobody came back for, and after what is long settled.

use chrono::TimeDelta;
use domain::ids::DeliveryId;

use super::choose::{count, key_of};
use super::{second, send};
use crate::state::{AppState, Parts};
use crate::store::{self, StoreError};

/// So long a settled message is kept, for the operator's questions.
const KEPT: TimeDelta = TimeDelta::days(30);
/// So many are given up, or removed, in one transaction.
const PORTION: u64 = 200;

/// Notes of messages whose sender died that their fate is unknown; gives up those that WeChat has said nothing
/// of for too long; sends what is due.
///
/// # Errors
/// The database does not answer.
pub async fn sweep(state: &AppState) -> Result<(), StoreError> {
    let now = state.clock.now();
    let lost = store::deliveries::give_up_leases(state.db.reader(), now).await?;
    if lost > 0 {
        tracing::warn!(messages = lost, "a sender has not come back: whether they were sent is not known");
    }
    while give_up(state).await? {}
    store::message_pauses::delete_over(state.db.reader(), now).await?;
    store::deliveries::delete_settled(state.db.reader(), now - KEPT, PORTION).await?;
    send::send_due(state).await
}

/// Gives up a portion of those of unknown fate. WeChat tells of every message that it has delivered, so that
/// one of which it has said nothing was most likely not: its credit is there again. Should that be wrong, the
/// next send is refused and sets the ledger right.
async fn give_up(state: &Parts) -> Result<bool, StoreError> {
    let now = state.clock.now();
    let before = now - TimeDelta::seconds(i64::from(state.config.messages.unknown_wait_s));
    let tx = state.db.begin().await?;
    let lost = store::deliveries::lock_lost(&tx, before, PORTION).await?;
    if lost.is_empty() {
        return Ok(false);
    }
    let ids: Vec<DeliveryId> = lost.iter().map(|row| row.id).collect();
    store::deliveries::bury(&tx, &ids, now).await?;
    for row in &lost {
        count(row, "dead");
        if let Some(key) = key_of(row).filter(|_| row.has_reserved) {
            store::subscriptions::give_back(&tx, &key, now).await?;
        }
        second::fall_back(state, &tx, row).await?;
    }
    tx.commit().await?;
    Ok(true)
}
