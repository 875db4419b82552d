//! The cases that follow another one.

use domain::ids::CaseId;
use entity::case::{Column, Entity};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::StoreError;

fn of(leading: CaseId) -> Select<Entity> {
    Entity::find().filter(Column::LeadingCaseId.eq(leading))
}

/// Whether any case follows this one.
///
/// # Errors
/// The query fails.
pub async fn any(db: &impl ConnectionTrait, leading: CaseId) -> Result<bool, StoreError> {
    let first: Option<CaseId> =
        of(leading).limit(1).select_only().column(Column::Id).into_tuple().one(db).await?;
    Ok(first.is_some())
}

/// How many cases follow this one.
///
/// # Errors
/// The query fails.
pub async fn count(db: &impl ConnectionTrait, leading: CaseId) -> Result<u64, StoreError> {
    Ok(of(leading).select_only().column(Column::Id).count(db).await?)
}

/// Up to `limit` followers after the id `after` that have not heard of the leading case's event `seq`.
///
/// # Errors
/// The query fails.
pub async fn list_behind(
    db: &impl ConnectionTrait,
    leading: CaseId,
    seq: i32,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<CaseId>, StoreError> {
    let mut behind = of(leading).filter(Column::LeaderSeq.lt(seq));
    if let Some(after) = after {
        behind = behind.filter(Column::Id.gt(after));
    }
    let ids = behind.order_by_asc(Column::Id).limit(limit).select_only().column(Column::Id);
    Ok(ids.into_tuple().all(db).await?)
}
