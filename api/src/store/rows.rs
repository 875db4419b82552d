//! Whole rows, written by key: for the tables that administrators keep.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait,
    PrimaryKeyTrait, QuerySelect,
};

use super::{StoreError, Transaction};

type ActiveModel<M> = <<M as ModelTrait>::Entity as EntityTrait>::ActiveModel;
/// The type of a table's key.
pub type Key<M> = <<<M as ModelTrait>::Entity as EntityTrait>::PrimaryKey as PrimaryKeyTrait>::ValueType;

/// A row of a table of its own.
pub trait Row: ModelTrait<Entity: EntityTrait<Model = Self>> + FromQueryResult {}

impl<M: ModelTrait<Entity: EntityTrait<Model = M>> + FromQueryResult> Row for M {}

/// The row of this key.
///
/// # Errors
/// The database does not answer.
pub async fn find<M>(db: &impl ConnectionTrait, key: impl Into<Key<M>>) -> Result<Option<M>, StoreError>
where
    M: Row,
{
    Ok(M::Entity::find_by_id(key).one(db).await?)
}

/// The row of this key, which nobody else can change until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock<M>(tx: &Transaction, key: impl Into<Key<M>>) -> Result<Option<M>, StoreError>
where
    M: Row,
{
    Ok(M::Entity::find_by_id(key).lock_exclusive().one(tx).await?)
}

/// Stores a new row.
///
/// # Errors
/// [`StoreError::Duplicate`] when a name is taken; the database does not answer.
pub async fn insert<M>(tx: &Transaction, row: M) -> Result<(), StoreError>
where
    M: ModelTrait + IntoActiveModel<ActiveModel<M>>,
    ActiveModel<M>: ActiveModelTrait<Entity = M::Entity> + Send,
{
    M::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Puts a row in the place of the one with its key.
///
/// # Errors
/// [`StoreError::Duplicate`] when a name is taken; the database does not answer.
pub async fn replace<M>(tx: &Transaction, row: M) -> Result<(), StoreError>
where
    M: ModelTrait + IntoActiveModel<ActiveModel<M>> + FromQueryResult,
    M::Entity: EntityTrait<Model = M>,
    ActiveModel<M>: ActiveModelTrait<Entity = M::Entity> + Send,
{
    M::Entity::update(row.into_active_model().reset_all()).exec(tx).await?;
    Ok(())
}
