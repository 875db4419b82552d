//! The first answers to requests that may be repeated.

use entity::idempotency_key::{ActiveModel, Entity, Model};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

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
