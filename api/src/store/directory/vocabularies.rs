//! What a committee has drawn up lists of: categories, sectors, departments.

use domain::ids::{CategoryId, CommitteeId, DepartmentId, SectorId};
use entity::{category, department, sector};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::after;
use crate::store::StoreError;

/// A category and its place in lists.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "category::Entity")]
pub struct CategoryRow {
    /// Key.
    pub id: CategoryId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Its place in lists.
    pub sort: i32,
}

/// A sector and its place in lists.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "sector::Entity")]
pub struct SectorRow {
    /// Key.
    pub id: SectorId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Its place in lists.
    pub sort: i32,
}

/// A department.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "department::Entity")]
pub struct DepartmentRow {
    /// Key.
    pub id: DepartmentId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
}

/// The categories that are offered, by their place in lists; of all committees when none is named.
///
/// # Errors
/// The database does not answer.
pub async fn list_categories(
    conn: &impl ConnectionTrait,
    committee_id: Option<CommitteeId>,
    last: Option<(i32, CategoryId)>,
    limit: u64,
) -> Result<Vec<CategoryRow>, StoreError> {
    let mut select = category::Entity::find()
        .filter(category::Column::ClosedAt.is_null())
        .order_by_asc(category::Column::Sort)
        .order_by_asc(category::Column::Id)
        .limit(limit);
    if let Some(committee_id) = committee_id {
        select = select.filter(category::Column::CommitteeId.eq(committee_id));
    }
    if let Some(last) = last {
        select = select.filter(after((category::Column::Sort, category::Column::Id), last));
    }
    Ok(select.into_partial_model().all(conn).await?)
}

/// The sectors by their place in lists; of all committees when none is named.
///
/// # Errors
/// The database does not answer.
pub async fn list_sectors(
    conn: &impl ConnectionTrait,
    committee_id: Option<CommitteeId>,
    last: Option<(i32, SectorId)>,
    limit: u64,
) -> Result<Vec<SectorRow>, StoreError> {
    let mut select = sector::Entity::find()
        .order_by_asc(sector::Column::Sort)
        .order_by_asc(sector::Column::Id)
        .limit(limit);
    if let Some(committee_id) = committee_id {
        select = select.filter(sector::Column::CommitteeId.eq(committee_id));
    }
    if let Some(last) = last {
        select = select.filter(after((sector::Column::Sort, sector::Column::Id), last));
    }
    Ok(select.into_partial_model().all(conn).await?)
}

/// The departments of these committees that take requests, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_departments(
    conn: &impl ConnectionTrait,
    committees: &[CommitteeId],
    last: Option<DepartmentId>,
    limit: u64,
) -> Result<Vec<DepartmentRow>, StoreError> {
    let mut select = department::Entity::find()
        .filter(department::Column::ClosedAt.is_null())
        .filter(department::Column::CommitteeId.is_in(committees.iter().copied()))
        .order_by_asc(department::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(department::Column::Id.gt(last));
    }
    Ok(select.into_partial_model().all(conn).await?)
}
