//! What became of messages: settled by whoever sent them, given up when he does not come back, and what WeChat
//! tells of them later.

use chrono::{DateTime, Utc};
use domain::ids::DeliveryId;
use domain::vocabulary::{DeliveryState, Plainer};
use entity::delivery::{Column, Entity, Model};
use sea_orm::sea_query::{CaseStatement, Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany};
use uuid::Uuid;

use super::{PORTION, Try, of};
use crate::store::{StoreError, Transaction};

/// Those of a try whose fate is still open: being sent, or thought lost meanwhile.
fn open_of(ids: &[DeliveryId], lease_id: Uuid) -> UpdateMany<Entity> {
    of(ids)
        .filter(Column::LeaseId.eq(lease_id))
        .filter(Column::State.is_in([DeliveryState::Sending, DeliveryState::Unknown]))
}

/// Settles those that were taken, each with WeChat's name for it where it gave one.
///
/// # Errors
/// The database does not answer.
pub async fn settle_sent(
    tx: &Transaction,
    sent: &[(DeliveryId, Option<String>)],
    this: Try,
) -> Result<(), StoreError> {
    for portion in sent.chunks(PORTION) {
        let ids: Vec<DeliveryId> = portion.iter().map(|(id, _)| *id).collect();
        let named = portion.iter().filter_map(|(id, name)| Some((*id, name.as_ref()?)));
        let mut names: Option<CaseStatement> = None;
        for (id, name) in named {
            let case = names.unwrap_or_default();
            names = Some(case.case(Column::Id.eq(id), Expr::value(name.clone())));
        }
        let mut update = open_of(&ids, this.lease_id)
            .col_expr(Column::State, Expr::value(DeliveryState::Sent))
            .col_expr(Column::SettledAt, Expr::value(this.now));
        if let Some(names) = names {
            update = update.col_expr(Column::MsgId, names.finally(Expr::col(Column::MsgId)).into());
        }
        update.exec(tx).await?;
    }
    Ok(())
}

/// Settles one that was not taken; `false` when its fate was clear already.
///
/// # Errors
/// The database does not answer.
pub async fn settle_refused(
    tx: &Transaction,
    id: DeliveryId,
    this: Try,
    state: DeliveryState,
    reason: &str,
) -> Result<bool, StoreError> {
    let settled = open_of(&[id], this.lease_id)
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::SentAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::SettledAt, Expr::value(this.now))
        .exec(tx)
        .await?;
    Ok(settled.rows_affected > 0)
}

/// Lets one that was surely not taken be tried again; `false` when its fate was clear already.
///
/// # Errors
/// The database does not answer.
pub async fn try_again(
    tx: &Transaction,
    id: DeliveryId,
    this: Try,
    (run_at, reason): (DateTime<Utc>, &str),
    plainer: Option<Plainer>,
) -> Result<bool, StoreError> {
    let again = open_of(&[id], this.lease_id)
        .col_expr(Column::State, Expr::value(DeliveryState::Waiting))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::Plainer, Expr::value(plainer))
        .col_expr(Column::RunAt, Expr::value(run_at))
        .col_expr(Column::HasReserved, Expr::value(false))
        .col_expr(Column::SentAt, Expr::value(None::<DateTime<Utc>>))
        .exec(tx)
        .await?;
    Ok(again.rows_affected > 0)
}

/// Notes of those whose answers were lost that nobody knows whether they were taken.
///
/// # Errors
/// The database does not answer.
pub async fn settle_unknown(
    tx: &Transaction,
    ids: &[DeliveryId],
    this: Try,
    reason: &str,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    of(ids)
        .filter(Column::LeaseId.eq(this.lease_id))
        .filter(Column::State.eq(DeliveryState::Sending))
        .col_expr(Column::State, Expr::value(DeliveryState::Unknown))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::SettledAt, Expr::value(this.now))
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes of those whose sender has not come back that nobody knows whether they were taken. Returns how many.
///
/// # Errors
/// The database does not answer.
pub async fn give_up_leases(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let lost = Entity::update_many()
        .col_expr(Column::State, Expr::value(DeliveryState::Unknown))
        .col_expr(Column::Reason, Expr::value("the sender did not come back"))
        .col_expr(Column::SettledAt, Expr::value(now))
        .filter(Column::State.eq(DeliveryState::Sending))
        .filter(Column::LeasedUntil.lte(now));
    Ok(lost.exec(db).await?.rows_affected)
}

/// Those of unknown fate since before `before`, which nobody else settles until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock_lost(
    tx: &Transaction,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let lost = Entity::find()
        .filter(Column::State.eq(DeliveryState::Unknown))
        .filter(Column::SettledAt.lte(before))
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(lost.all(tx).await?)
}

/// Gives these up, visibly.
///
/// # Errors
/// The database does not answer.
pub async fn bury(tx: &Transaction, ids: &[DeliveryId], now: DateTime<Utc>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    of(ids)
        .col_expr(Column::State, Expr::value(DeliveryState::Dead))
        .col_expr(Column::SettledAt, Expr::value(now))
        .exec(tx)
        .await?;
    Ok(())
}

/// What was sent to this user by this template and WeChat has not spoken of, oldest first, locked.
///
/// # Errors
/// The database does not answer.
pub async fn lock_unconfirmed(
    tx: &Transaction,
    openid: &str,
    template_id: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Model>, StoreError> {
    let sent = Entity::find()
        .filter(Column::Openid.eq(openid))
        .filter(Column::TemplateId.eq(template_id))
        .filter(Column::SentAt.gte(since))
        .filter(Column::ConfirmedAt.is_null())
        .order_by_asc(Column::SentAt)
        .order_by_asc(Column::Id)
        .limit(50)
        .lock_exclusive();
    Ok(sent.all(tx).await?)
}

/// Notes what WeChat has told of one.
///
/// # Errors
/// The database does not answer.
pub async fn confirm(
    tx: &Transaction,
    id: DeliveryId,
    state: DeliveryState,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    of(&[id])
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::ConfirmedAt, Expr::value(now))
        .col_expr(Column::SettledAt, Expr::value(now))
        .exec(tx)
        .await?;
    Ok(())
}
