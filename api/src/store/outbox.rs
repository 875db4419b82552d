//! The outbox: jobs written with the work that needs them, claimed under a lease.
//!
//! Whoever holds a lease is the only one who may end or postpone the job; whoever comes back late
//! changes nothing.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::JobId;
use entity::outbox::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, TryInsertResult,
};
use serde_json::Value;
use uuid::Uuid;

use super::{Database, Job, StoreError, UnknownJob};

const PENDING: &str = "pending";
const DEAD: &str = "dead";

/// A job to be enqueued.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// Its key.
    pub id: JobId,
    /// What to do.
    pub job: &'a Job,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// While a row with this key waits, no second one is added.
    pub dedupe_key: Option<&'a str>,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// The right to end one job, until it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job_id: JobId,
    /// This try.
    pub lease_id: Uuid,
}

/// A job that was claimed.
#[derive(Debug)]
pub struct Claimed {
    /// The right to end it.
    pub lease: Lease,
    /// What to do, if this version knows.
    pub job: Result<Job, UnknownJob>,
    /// Which try this is, from 1.
    pub attempts: i32,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// Its key.
    pub id: JobId,
    /// Its word.
    pub kind: String,
    /// Its payload: ids only.
    pub payload: Value,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
}

/// How full the outbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Jobs that wait or run.
    pub pending: u64,
    /// Jobs that were given up.
    pub dead: u64,
    /// Since when the oldest job is due that nobody has ended; `None` when none is due.
    pub oldest_due_at: Option<DateTime<Utc>>,
}

/// Adds a job; `false` when one with the same key waits already.
///
/// # Errors
/// The query fails.
pub async fn enqueue(db: &impl ConnectionTrait, new: NewJob<'_>) -> Result<bool, StoreError> {
    let row = ActiveModel {
        id: Set(new.id),
        kind: Set(new.job.kind().to_owned()),
        payload: Set(new.job.payload()),
        dedupe_key: Set(new.dedupe_key.map(str::to_owned)),
        state: Set(PENDING.to_owned()),
        run_at: Set(new.run_at),
        attempts: Set(0),
        lease_id: Set(None),
        leased_until: Set(None),
        last_error: Set(None),
        created_at: Set(new.created_at),
    };
    // The index is partial: both databases want its condition to find it.
    let same_key = OnConflict::column(Column::DedupeKey)
        .target_and_where(Expr::col(Column::DedupeKey).is_not_null())
        .do_nothing()
        .to_owned();
    let added = Entity::insert(row).on_conflict(same_key).try_insert().exec_without_returning(db).await?;
    Ok(matches!(added, TryInsertResult::Inserted(rows) if rows > 0))
}

/// Jobs that somebody may take now: due, and not under a lease that still holds.
fn claimable(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(PENDING))
        .add(Column::RunAt.lte(now))
        .add(Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lte(now)))
}

/// Takes up to `limit` due jobs under one lease that holds for `lease_for`.
///
/// # Errors
/// A query fails.
pub async fn claim(
    db: &Database,
    now: DateTime<Utc>,
    lease_id: Uuid,
    lease_for: TimeDelta,
    limit: u64,
) -> Result<Vec<Claimed>, StoreError> {
    // An idle look is one indexed read: SQLite's only write lock is for those who write.
    if Entity::find().filter(claimable(now)).limit(1).count(db.reader()).await? == 0 {
        return Ok(Vec::new());
    }
    let transaction = db.begin().await?;
    // SQLite has no row locks and its builder leaves the clause out: there `begin` has taken the
    // write lock, so that no other process is in here.
    let rows = Entity::find()
        .filter(claimable(now))
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&transaction)
        .await?;
    Entity::update_many()
        .col_expr(Column::LeaseId, Expr::value(lease_id))
        .col_expr(Column::LeasedUntil, Expr::value(now + lease_for))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    let claimed = rows.into_iter().map(|row| Claimed {
        lease: Lease { job_id: row.id, lease_id },
        job: Job::parse(&row.kind, row.payload),
        attempts: row.attempts.saturating_add(1),
    });
    Ok(claimed.collect())
}

/// The row of a lease that is still the current one.
fn held(lease: Lease) -> Condition {
    Condition::all().add(Column::Id.eq(lease.job_id)).add(Column::LeaseId.eq(lease.lease_id))
}

/// Ends a job that succeeded; `false` when the lease was lost.
///
/// # Errors
/// The query fails.
pub async fn complete(db: &impl ConnectionTrait, lease: Lease) -> Result<bool, StoreError> {
    Ok(Entity::delete_many().filter(held(lease)).exec(db).await?.rows_affected > 0)
}

/// Lets a job be tried again from `run_at` on; `false` when the lease was lost.
///
/// # Errors
/// The query fails.
pub async fn retry(
    db: &impl ConnectionTrait,
    lease: Lease,
    run_at: DateTime<Utc>,
    reason: &str,
) -> Result<bool, StoreError> {
    let retried = Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(run_at))
        .col_expr(Column::LeaseId, Expr::value(None::<Uuid>))
        .col_expr(Column::LeasedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::LastError, Expr::value(reason))
        .filter(held(lease))
        .exec(db)
        .await?;
    Ok(retried.rows_affected > 0)
}

/// Gives a job up until the operator sends it again; `false` when the lease was lost.
///
/// # Errors
/// The query fails.
pub async fn bury(db: &impl ConnectionTrait, lease: Lease, reason: &str) -> Result<bool, StoreError> {
    let buried = Entity::update_many()
        .col_expr(Column::State, Expr::value(DEAD))
        // A dead job must not keep a new one of the same key out.
        .col_expr(Column::DedupeKey, Expr::value(None::<String>))
        .col_expr(Column::LeaseId, Expr::value(None::<Uuid>))
        .col_expr(Column::LeasedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::LastError, Expr::value(reason))
        .filter(held(lease))
        .exec(db)
        .await?;
    Ok(buried.rows_affected > 0)
}

/// The oldest jobs that were given up.
///
/// # Errors
/// The query fails.
pub async fn list_dead(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<DeadJob>, StoreError> {
    let rows =
        Entity::find().filter(Column::State.eq(DEAD)).order_by_asc(Column::Id).limit(limit).all(db).await?;
    let dead = rows.into_iter().map(|row| DeadJob {
        id: row.id,
        kind: row.kind,
        payload: row.payload,
        attempts: row.attempts,
        last_error: row.last_error,
        created_at: row.created_at,
    });
    Ok(dead.collect())
}

/// Sends dead jobs again: one, or all. Returns how many.
///
/// # Errors
/// The query fails.
pub async fn resend(
    db: &impl ConnectionTrait,
    only: Option<JobId>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let dead = Condition::all().add(Column::State.eq(DEAD)).add_option(only.map(|id| Column::Id.eq(id)));
    let resent = Entity::update_many()
        .col_expr(Column::State, Expr::value(PENDING))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::RunAt, Expr::value(now))
        .filter(dead)
        .exec(db)
        .await?;
    Ok(resent.rows_affected)
}

/// Counts the outbox.
///
/// # Errors
/// The queries fail.
pub async fn backlog(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Backlog, StoreError> {
    let pending = Entity::find().filter(Column::State.eq(PENDING));
    let oldest_due_at = pending
        .clone()
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::RunAt)
        .select_only()
        .column(Column::RunAt)
        .into_tuple()
        .one(db)
        .await?;
    let dead = Entity::find().filter(Column::State.eq(DEAD)).count(db).await?;
    Ok(Backlog { pending: pending.count(db).await?, dead, oldest_due_at })
}

/// The words of all jobs that wait, sorted: for the end of a story, and for tests.
///
/// # Errors
/// The query fails.
pub async fn list_pending_kinds(db: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let kinds: Result<Vec<String>, DbErr> = Entity::find()
        .filter(Column::State.eq(PENDING))
        .order_by_asc(Column::Kind)
        .select_only()
        .column(Column::Kind)
        .into_tuple()
        .all(db)
        .await;
    Ok(kinds?)
}
