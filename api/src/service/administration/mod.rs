//! What the admins of a committee keep: committees below, stations, sectors, categories, departments,
//! members. Nothing is ever deleted, since cases point to it: it is closed.
//!
//! A record is a row as admins see it. Whatever creates or changes one writes the audit log in the same
//! transaction, and tells the caches after it.

pub mod categories;
pub mod committees;
pub mod departments;
pub mod member_import;
pub mod members;
pub mod patch;
pub mod routing_rules;
pub mod sectors;
pub mod stations;
pub mod terms;

use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::CommitteeId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use uuid::Uuid;

use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::audit::{self, Deed};
use crate::service::authority::{AuthorityError, administers};
use crate::service::idempotency::{self, IdempotencyError};
use crate::state::Parts;
use crate::store::{StoreError, Transaction, rows};

/// Why something can't be administered.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// It does not exist, or not for this caller.
    #[error("no such thing for this caller")]
    Unknown,
    /// Another committee's, or nobody's: the field names something that can't be used here.
    #[error("{0} names nothing of this committee")]
    UnknownReference(&'static str),
    /// The name is taken within the committee.
    #[error("the name is taken")]
    NameTaken,
    /// A committee is below one of its own or a lower level.
    #[error("the level is not below that of the committee above")]
    WrongLevel,
    /// Cases are open that would lose whoever answers for them.
    #[error("{0} cases are open")]
    HasOpenCases(u64),
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The record can't be written.
    #[error("the record can't be written as JSON")]
    Unwritable(#[from] serde_json::Error),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AdministrationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(_) => Self::NameTaken,
            other => Self::Store(other),
        }
    }
}

impl From<AuthorityError> for AdministrationError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// A row as admins see it.
pub trait Record: Serialize + DeserializeOwned + PartialEq {
    /// What the audit log calls it.
    const TARGET: AuditTarget;

    /// Its key.
    fn id(&self) -> Uuid;

    /// The tenant.
    fn committee_id(&self) -> CommitteeId;

    /// What was made of it and has to be made anew.
    fn tags(&self) -> Vec<Tag>;
}

/// Stores a new record, once for the key of the request.
async fn create<R: Record>(
    state: &Parts,
    caller: &Caller,
    request: Option<&idempotency::Request>,
    record: R,
    insert: impl AsyncFnOnce(&Transaction) -> Result<(), AdministrationError>,
) -> Result<R, AdministrationError> {
    let record = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        insert(tx).await?;
        let deed = deed(AuditAction::Create, &record, json!({ "after": record }));
        audit::record(state, tx, Some(caller.account_id), deed).await?;
        Ok::<_, AdministrationError>(record)
    })
    .await?;
    tell(state, record.committee_id(), record.tags()).await;
    Ok(record)
}

/// Stores what has become of a record, and commits; nothing is written where nothing has changed.
async fn change<R: Record>(
    state: &Parts,
    caller: &Caller,
    tx: Transaction,
    before: R,
    after: R,
    save: impl AsyncFnOnce(&Transaction) -> Result<(), AdministrationError>,
) -> Result<R, AdministrationError> {
    if before == after {
        return Ok(after);
    }
    save(&tx).await?;
    let deed = deed(AuditAction::Change, &after, audit::difference(&before, &after)?);
    audit::record(state, &tx, Some(caller.account_id), deed).await?;
    tx.commit().await.map_err(StoreError::from)?;
    tell(state, after.committee_id(), before.tags().into_iter().chain(after.tags())).await;
    Ok(after)
}

fn deed<R: Record>(action: AuditAction, record: &R, detail: serde_json::Value) -> Deed {
    let (committee_id, target_id) = (Some(record.committee_id()), record.id());
    Deed { committee_id, action, target: R::TARGET, target_id, detail }
}

async fn tell(state: &Parts, committee_id: CommitteeId, tags: impl IntoIterator<Item = Tag>) {
    state.cache.invalidate(&tags.into_iter().collect::<Vec<_>>()).await;
    state.boards.forget(committee_id);
}

/// The row of this key, if the caller administers its committee, and the transaction in which nobody else
/// can change it. Who may is asked before: a transaction waits for no second connection.
async fn lock_own<M>(
    state: &Parts,
    caller: &Caller,
    id: impl Into<rows::Key<M>> + Copy,
    committee_of: impl FnOnce(&M) -> CommitteeId,
) -> Result<(Transaction, M), AdministrationError>
where
    M: rows::Row,
{
    let known: M = rows::find(state.db.reader(), id).await?.ok_or(AdministrationError::Unknown)?;
    administers(state, caller, committee_of(&known)).await?;
    let tx = state.db.begin().await?;
    let row = rows::lock(&tx, id).await?.ok_or(AdministrationError::Unknown)?;
    Ok((tx, row))
}

/// Since when something is closed: what is closed already keeps its time.
fn closed_at(
    before: Option<DateTime<Utc>>,
    closed: Option<bool>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    match closed {
        None => before,
        Some(false) => None,
        Some(true) => before.or(Some(now)),
    }
}

/// Refuses to take away whoever answers for open cases.
fn refuse_open_cases(open: u64) -> Result<(), AdministrationError> {
    if open == 0 { Ok(()) } else { Err(AdministrationError::HasOpenCases(open)) }
}

/// Each once, in a fixed order, so that two equal sets are equal.
fn sorted<T: Ord>(mut ids: Vec<T>) -> Vec<T> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
