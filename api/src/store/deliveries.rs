//! Messages on their way: written with what they tell, taken in batches, settled under the lease of whoever
//! sent them. Whoever comes back late changes nothing.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, DeliveryId};
use domain::vocabulary::{Channel, DeliveryState, Plainer};
use entity::delivery::{Column, Entity, Model};
use sea_orm::sea_query::{CaseStatement, Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
};
use uuid::Uuid;

use super::{StoreError, Transaction};

/// The number of the advisory lock of whoever takes messages; any number of ours.
const LOCK: i64 = 5_209_001;
/// Both databases limit the parameters of a statement.
const PORTION: usize = 200;

/// A try: whose it is, and when it began.
#[derive(Debug, Clone, Copy)]
pub struct Try {
    /// The lease under which it is settled.
    pub lease_id: Uuid,
    /// Now.
    pub now: DateTime<Utc>,
    /// Until when its fate is in the sender's hands.
    pub leased_until: DateTime<Utc>,
}

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

fn of(ids: &[DeliveryId]) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::Id.is_in(ids.iter().copied()))
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

/// How much the robots of these scopes have said since then.
///
/// # Errors
/// The database does not answer.
pub async fn count_said(
    tx: &Transaction,
    scopes: &[Uuid],
    since: DateTime<Utc>,
) -> Result<HashMap<Uuid, i64>, StoreError> {
    if scopes.is_empty() {
        return Ok(HashMap::new());
    }
    let said: Vec<(Uuid, i64)> = Entity::find()
        .filter(Column::Channel.eq(Channel::Robot))
        .filter(Column::ScopeId.is_in(scopes.iter().copied()))
        .filter(Column::SentAt.gt(since))
        .select_only()
        .column(Column::ScopeId)
        .column_as(Column::Id.count(), "said")
        .group_by(Column::ScopeId)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(said.into_iter().collect())
}

/// How many messages there are in each state that somebody has to look after.
///
/// # Errors
/// The database does not answer.
pub async fn count_unsettled(db: &impl ConnectionTrait) -> Result<Vec<(DeliveryState, u64)>, StoreError> {
    let mut counts = Vec::new();
    for state in [DeliveryState::Waiting, DeliveryState::Sending, DeliveryState::Unknown, DeliveryState::Dead]
    {
        counts.push((state, Entity::find().filter(Column::State.eq(state)).count(db).await?));
    }
    Ok(counts)
}

/// Removes what was settled before `before`, except what is of unknown fate; some of it a call.
///
/// # Errors
/// The database does not answer.
pub async fn delete_settled(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<u64, StoreError> {
    let old: Vec<DeliveryId> = Entity::find()
        .filter(Column::SettledAt.lte(before))
        .filter(Column::State.is_in([DeliveryState::Sent, DeliveryState::Refused, DeliveryState::Dead]))
        .limit(limit)
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    if old.is_empty() {
        return Ok(0);
    }
    Ok(Entity::delete_many().filter(Column::Id.is_in(old)).exec(db).await?.rows_affected)
}

/// Removes all messages of an account.
///
/// # Errors
/// The database does not answer.
pub async fn delete_of_account(db: &impl ConnectionTrait, account_id: AccountId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::AccountId.eq(account_id)).exec(db).await?;
    Ok(())
}

/// How long WeChat may take to tell of a message.
pub const CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(1);
