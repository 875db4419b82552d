//! What things are called, by their ids.

use std::collections::HashMap;
use std::hash::Hash;

use domain::ids::{CategoryId, DepartmentId, MemberId, StationId};
use entity::{category, department, member, station};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, TryGetable, Value};

use super::StoreError;

/// The names of these stations.
///
/// # Errors
/// The database does not answer.
pub async fn of_stations(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = StationId>,
) -> Result<HashMap<StationId, String>, StoreError> {
    find::<station::Entity, _>(db, (station::Column::Id, station::Column::Name), ids).await
}

/// The names of these members.
///
/// # Errors
/// The database does not answer.
pub async fn of_members(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = MemberId>,
) -> Result<HashMap<MemberId, String>, StoreError> {
    find::<member::Entity, _>(db, (member::Column::Id, member::Column::Name), ids).await
}

/// The names of these categories.
///
/// # Errors
/// The database does not answer.
pub async fn of_categories(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = CategoryId>,
) -> Result<HashMap<CategoryId, String>, StoreError> {
    find::<category::Entity, _>(db, (category::Column::Id, category::Column::Name), ids).await
}

/// The names of these departments.
///
/// # Errors
/// The database does not answer.
pub async fn of_departments(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = DepartmentId>,
) -> Result<HashMap<DepartmentId, String>, StoreError> {
    find::<department::Entity, _>(db, (department::Column::Id, department::Column::Name), ids).await
}

/// Asks for no names when there are no ids.
async fn find<E: EntityTrait, Id: Into<Value> + TryGetable + Eq + Hash>(
    db: &impl ConnectionTrait,
    (id, name): (E::Column, E::Column),
    ids: impl IntoIterator<Item = Id>,
) -> Result<HashMap<Id, String>, StoreError> {
    let ids: Vec<Id> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let named = E::find().select_only().columns([id, name]).filter(id.is_in(ids));
    Ok(named.into_tuple().all(db).await?.into_iter().collect())
}
