//! Deletes rows whose time is over. Each returns how many.

use chrono::{DateTime, Utc};
use entity::{idempotency_key, invitation, refresh_token};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::StoreError;

/// Idempotency keys made before `before`.
///
/// # Errors
/// The query fails.
pub async fn delete_idempotency_keys(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let old = idempotency_key::Column::CreatedAt.lt(before);
    Ok(idempotency_key::Entity::delete_many().filter(old).exec(db).await?.rows_affected)
}

/// Refresh tokens that expired before `before`.
///
/// # Errors
/// The query fails.
pub async fn delete_refresh_tokens(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let old = refresh_token::Column::ExpiresAt.lt(before);
    Ok(refresh_token::Entity::delete_many().filter(old).exec(db).await?.rows_affected)
}

/// Invitations that were used, or that expired before `now`.
///
/// # Errors
/// The query fails.
pub async fn delete_invitations(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let over = Condition::any()
        .add(invitation::Column::UsedAt.is_not_null())
        .add(invitation::Column::ExpiresAt.lt(now));
    Ok(invitation::Entity::delete_many().filter(over).exec(db).await?.rows_affected)
}
