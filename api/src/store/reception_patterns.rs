//! Patterns by which reception days come again.

use chrono::{DateTime, Utc};
use domain::ids::{PatternId, StationId};
use entity::reception_pattern::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{StoreError, Transaction};

/// A pattern, also an ended one.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: PatternId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// A pattern, locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Transaction, id: PatternId) -> Result<Option<Model>, StoreError> {
    // SQLite has no row locks; there the transaction has taken the one write lock already.
    Ok(Entity::find_by_id(id).lock(LockType::Update).one(tx).await?)
}

/// Adds a pattern.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &Transaction, pattern: Model) -> Result<(), StoreError> {
    pattern.into_active_model().insert(tx).await?;
    Ok(())
}

/// Ends a pattern; the first time counts.
///
/// # Errors
/// The database does not answer.
pub async fn end(db: &impl ConnectionTrait, id: PatternId, now: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// The station's patterns that have not ended, after `last`, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_station(
    db: &impl ConnectionTrait,
    station_id: StationId,
    last: Option<PatternId>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut select = Entity::find()
        .filter(Column::StationId.eq(station_id))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(Column::Id.gt(last));
    }
    Ok(select.all(db).await?)
}

/// All patterns that have not ended, after `last`, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_running(
    db: &impl ConnectionTrait,
    last: Option<PatternId>,
    limit: u64,
) -> Result<Vec<PatternId>, StoreError> {
    let mut select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(Column::Id.gt(last));
    }
    Ok(select.into_tuple().all(db).await?)
}
