//! Messages that wait: written once, found when they are due, taken by one sender at a time.

use chrono::{DateTime, Utc};
use domain::ids::DeliveryId;
use domain::vocabulary::DeliveryState;
use entity::delivery::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{PORTION, Try, of};
use crate::store::{StoreError, Transaction};

/// The number of the advisory lock of whoever takes messages; any number of ours.
const LOCK: i64 = 5_209_001;

/// Writes messages; those whose key was written before are left out.
///
/// # Errors
/// The database does not answer.
pub async fn insert_once(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<(), StoreError> {
    let known = OnConflict::column(Column::OnceKey).do_nothing().to_owned();
    for portion in rows.chunks(PORTION) {
        let rows = portion.iter().cloned().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).on_conflict(known.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Messages that wait and whose time has come.
fn due(now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::State.eq(DeliveryState::Waiting)).add(Column::RunAt.lte(now))
}

/// Whether any message is due: an idle look takes no lock.
///
/// # Errors
/// The database does not answer.
pub async fn is_any_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(Entity::find().filter(due(now)).limit(1).count(db).await? > 0)
}

/// Lets one process at a time choose what to send, so that two never choose messages of one user.
///
/// # Errors
/// The database does not answer.
pub async fn lock_queue(tx: &Transaction) -> Result<(), StoreError> {
    // On SQLite the transaction holds the only write lock already.
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(())
}

/// The due messages that may be sent, oldest first: none of a user to whom something is being sent, and none of
/// a template whose last message to that user is of unknown fate.
///
/// # Errors
/// The database does not answer.
pub async fn list_sendable(
    tx: &Transaction,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    // By hand: the builder has no second name for the table within its own query.
    let is_free = Expr::cust(
        "NOT EXISTS (SELECT 1 FROM deliveries AS open WHERE open.state IN ('sending', 'unknown')
            AND open.openid = deliveries.openid
            AND (open.state = 'sending' OR open.template_id = deliveries.template_id))",
    );
    let rows = Entity::find()
        .filter(due(now))
        .filter(is_free)
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(rows.all(tx).await?)
}

/// Notes that these are being sent.
///
/// # Errors
/// The database does not answer.
pub async fn begin(
    tx: &Transaction,
    ids: &[DeliveryId],
    this: Try,
    has_reserved: bool,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    of(ids)
        .col_expr(Column::State, Expr::value(DeliveryState::Sending))
        .col_expr(Column::LeaseId, Expr::value(this.lease_id))
        .col_expr(Column::LeasedUntil, Expr::value(this.leased_until))
        .col_expr(Column::SentAt, Expr::value(this.now))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::HasReserved, Expr::value(has_reserved))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends messages that are not sent at all.
///
/// # Errors
/// The database does not answer.
pub async fn refuse(
    tx: &Transaction,
    ids: &[DeliveryId],
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    of(ids)
        .col_expr(Column::State, Expr::value(DeliveryState::Refused))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::SettledAt, Expr::value(now))
        .exec(tx)
        .await?;
    Ok(())
}

/// Puts waiting messages off.
///
/// # Errors
/// The database does not answer.
pub async fn postpone(tx: &Transaction, ids: &[DeliveryId], run_at: DateTime<Utc>) -> Result<(), StoreError> {
    if !ids.is_empty() {
        of(ids).col_expr(Column::RunAt, Expr::value(run_at)).exec(tx).await?;
    }
    Ok(())
}
