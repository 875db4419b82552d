//! The sealed phone numbers of staff.

use std::collections::HashSet;

use domain::ids::AccountId;
use entity::account_phone::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::StoreError;

/// Both databases limit the parameters of a statement.
const PORTION: usize = 500;

/// The number of an account.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Which of these accounts have a number.
///
/// # Errors
/// The database does not answer.
pub async fn list_reachable(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashSet<AccountId>, StoreError> {
    let mut reachable = HashSet::new();
    for portion in accounts.chunks(PORTION) {
        let found = Entity::find().filter(Column::AccountId.is_in(portion.iter().copied()));
        let ids = found.select_only().column(Column::AccountId).into_tuple::<AccountId>();
        reachable.extend(ids.all(db).await?);
    }
    Ok(reachable)
}

/// Sets or changes a number.
///
/// # Errors
/// The database does not answer.
pub async fn put(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    let change = OnConflict::column(Column::AccountId)
        .update_columns([Column::PhoneSealed, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row).on_conflict(change).exec_without_returning(db).await?;
    Ok(())
}

/// Removes a number.
///
/// # Errors
/// The database does not answer.
pub async fn delete(db: &impl ConnectionTrait, id: AccountId) -> Result<(), StoreError> {
    Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}
