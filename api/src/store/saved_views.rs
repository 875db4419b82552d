//! Lists of cases that an account has kept under names. Every query is of one account.

use domain::ids::{AccountId, SavedViewId};
use entity::saved_view::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{StoreError, Transaction};

/// Up to `limit` views of an account after `last`, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    last: Option<SavedViewId>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let own = Entity::find().filter(Column::AccountId.eq(account_id));
    let own = match last {
        Some(last) => own.filter(Column::Id.gt(last)),
        None => own,
    };
    Ok(own.order_by_asc(Column::Id).limit(limit).all(db).await?)
}

/// How many views an account has.
///
/// # Errors
/// The database does not answer.
pub async fn count(db: &impl ConnectionTrait, account_id: AccountId) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(Column::AccountId.eq(account_id)).count(db).await?)
}

/// Finds a view of this account, and locks it until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock(
    tx: &Transaction,
    account_id: AccountId,
    id: SavedViewId,
) -> Result<Option<Model>, StoreError> {
    let own = Entity::find_by_id(id).filter(Column::AccountId.eq(account_id));
    Ok(own.lock_exclusive().one(tx).await?)
}

/// Stores a new view.
///
/// # Errors
/// [`StoreError::Duplicate`] when the account has one of this name.
pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.insert(db).await?;
    Ok(())
}

/// Saves a changed view.
///
/// # Errors
/// [`StoreError::Duplicate`] when the account has another one of this name.
pub async fn update(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.update(db).await?;
    Ok(())
}

/// Removes a view of this account; false when there is none.
///
/// # Errors
/// The database does not answer.
pub async fn delete(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    id: SavedViewId,
) -> Result<bool, StoreError> {
    let own = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::AccountId.eq(account_id));
    Ok(own.exec(db).await?.rows_affected > 0)
}

/// Removes all views of an account.
///
/// # Errors
/// The database does not answer.
pub async fn delete_of_account(db: &impl ConnectionTrait, account_id: AccountId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::AccountId.eq(account_id)).exec(db).await?;
    Ok(())
}
