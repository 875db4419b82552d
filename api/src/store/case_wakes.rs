//! When time has something to do with a case next.

use chrono::{DateTime, Utc};
use domain::ids::CaseId;
use entity::case::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::StoreError;

/// The cases that are due, those that have waited longest first.
///
/// # Errors
/// The query fails.
pub async fn list_due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<CaseId>, StoreError> {
    let due = Entity::find()
        .filter(Column::WakeAt.lte(now))
        .order_by_asc(Column::WakeAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(due)
}

/// When time has something to do with a case, as it is stored.
///
/// # Errors
/// The query fails.
pub async fn find(db: &impl ConnectionTrait, id: CaseId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let wake_at = Entity::find_by_id(id).select_only().column(Column::WakeAt);
    Ok(wake_at.into_tuple::<Option<DateTime<Utc>>>().one(db).await?.flatten())
}

/// Lets a case that is due at `now` wait until `until`. One that has moved on meanwhile stays.
///
/// # Errors
/// The query fails.
pub async fn postpone(
    db: &impl ConnectionTrait,
    id: CaseId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::WakeAt, Expr::value(until))
        .filter(Column::Id.eq(id))
        .filter(Column::WakeAt.lte(now))
        .exec(db)
        .await?;
    Ok(())
}
