//! The tree of committees. A deployment has few, so that all are read at once.

use domain::ids::{CommitteeId, DepartmentId, MemberId, StationId};
use domain::vocabulary::Level;
use entity::{committee, department, member, station};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// A committee and the one above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, DerivePartialModel)]
#[sea_orm(entity = "committee::Entity")]
pub struct CommitteeRow {
    /// Key.
    pub id: CommitteeId,
    /// The committee above.
    pub parent_id: Option<CommitteeId>,
    /// As it is called.
    pub name: String,
    /// Its level.
    pub level: Level,
}

/// All committees, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_all(conn: &impl ConnectionTrait) -> Result<Vec<CommitteeRow>, StoreError> {
    let select = committee::Entity::find().order_by_asc(committee::Column::Id);
    Ok(select.into_partial_model().all(conn).await?)
}

/// The committees of these stations, members and departments; unknown ones are left out.
///
/// # Errors
/// The database does not answer.
pub async fn list_of(
    conn: &impl ConnectionTrait,
    stations: &[StationId],
    members: &[MemberId],
    departments: &[DepartmentId],
) -> Result<Vec<CommitteeId>, StoreError> {
    let mut committees: Vec<CommitteeId> = Vec::new();
    if !stations.is_empty() {
        let select = station::Entity::find().select_only().column(station::Column::CommitteeId);
        let ids = stations.iter().copied();
        committees.extend(
            select.filter(station::Column::Id.is_in(ids)).into_tuple::<CommitteeId>().all(conn).await?,
        );
    }
    if !members.is_empty() {
        let select = member::Entity::find().select_only().column(member::Column::CommitteeId);
        let ids = members.iter().copied();
        committees.extend(
            select.filter(member::Column::Id.is_in(ids)).into_tuple::<CommitteeId>().all(conn).await?,
        );
    }
    if !departments.is_empty() {
        let select = department::Entity::find().select_only().column(department::Column::CommitteeId);
        let ids = departments.iter().copied();
        committees.extend(
            select.filter(department::Column::Id.is_in(ids)).into_tuple::<CommitteeId>().all(conn).await?,
        );
    }
    committees.sort_unstable();
    committees.dedup();
    Ok(committees)
}
