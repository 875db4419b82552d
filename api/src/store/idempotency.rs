//! The first answers to requests that may be repeated.

use chrono::{DateTime, Utc};
use entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::StoreError;

/// The first answer for this key, if there is one.
///
/// # Errors
/// The query failed.
pub async fn find(
    connection: &impl ConnectionTrait,
    scope: &str,
    key: &str,
) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id((scope.to_owned(), key.to_owned())).one(connection).await?)
}

/// Keeps the first answer.
///
/// # Errors
/// `Duplicate` when the key is taken: on PostgreSQL after the transaction that took it has ended,
/// and then this transaction can only be rolled back.
pub async fn insert(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.insert(connection).await?;
    Ok(())
}

/// Forgets answers from before `before`; says how many.
///
/// # Errors
/// The query failed.
pub async fn remove_before(
    connection: &impl ConnectionTrait,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let removed = Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(connection).await?;
    Ok(removed.rows_affected)
}
