//! The audit log: appended to, read, never changed.

use domain::ids::CommitteeId;
use entity::audit_entry::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{StoreError, Transaction};

/// The number of the advisory lock of whoever appends; any number of ours.
const LOCK: i64 = 0x6D73_6A01;

/// The last entry; nobody else appends until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock_last(tx: &Transaction) -> Result<Option<Model>, StoreError> {
    // SQLite: `begin` has taken the only write lock there is.
    if tx.get_database_backend() == DbBackend::Postgres {
        // The query builder has no functions of locks.
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(Entity::find().order_by_desc(Column::Seq).one(tx).await?)
}

/// Appends an entry.
///
/// # Errors
/// The database does not answer.
pub async fn append(tx: &Transaction, entry: Model) -> Result<(), StoreError> {
    let row: ActiveModel = entry.into_active_model();
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// The entries after `last`, ascending: for checking the chain.
///
/// # Errors
/// The database does not answer.
pub async fn list_after(db: &impl ConnectionTrait, last: i64, limit: u64) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::Seq.gt(last)).order_by_asc(Column::Seq).limit(limit).all(db).await?)
}

/// The entries of these committees before `last`, the newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_committees(
    db: &impl ConnectionTrait,
    committees: &[CommitteeId],
    last: Option<i64>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut select = Entity::find()
        .filter(Column::CommitteeId.is_in(committees.iter().copied()))
        .order_by_desc(Column::Seq);
    if let Some(last) = last {
        select = select.filter(Column::Seq.lt(last));
    }
    Ok(select.limit(limit).all(db).await?)
}
