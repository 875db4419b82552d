//! Refresh tokens, in families: all that descend from one login.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, RefreshTokenId, TokenFamilyId};
use entity::refresh_token::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, SelectExt};

use super::StoreError;

/// Stores a new token.
///
/// # Errors
/// The database does not answer.
pub async fn insert(db: &impl ConnectionTrait, token: Model) -> Result<(), StoreError> {
    Entity::insert(ActiveModel::from(token)).exec_without_returning(db).await?;
    Ok(())
}

/// The token with this hash; two requests with the same token get it one after the other.
///
/// # Errors
/// The database does not answer.
pub async fn lock_by_hash(db: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find().filter(Column::TokenHash.eq(hash)).lock_exclusive().one(db).await?)
}

/// Marks a token as exchanged.
///
/// # Errors
/// The database does not answer.
pub async fn mark_used(
    db: &impl ConnectionTrait,
    id: RefreshTokenId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let update = Entity::update_many().col_expr(Column::UsedAt, Expr::value(now));
    update.filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// Ends a login: none of its tokens is good any more.
///
/// # Errors
/// The database does not answer.
pub async fn revoke_family(
    db: &impl ConnectionTrait,
    family_id: TokenFamilyId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::FamilyId.eq(family_id))
        .filter(Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Whether a login has been neither ended nor revoked.
///
/// # Errors
/// The database does not answer.
pub async fn is_family_live(db: &impl ConnectionTrait, family_id: TokenFamilyId) -> Result<bool, StoreError> {
    let live = Entity::find().filter(Column::FamilyId.eq(family_id)).filter(Column::RevokedAt.is_null());
    Ok(live.exists(db).await?)
}

/// Ends all logins of an account but this one.
///
/// # Errors
/// The database does not answer.
pub async fn revoke_others(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    family_id: TokenFamilyId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::AccountId.eq(account_id))
        .filter(Column::FamilyId.ne(family_id))
        .filter(Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Removes all tokens of an account.
///
/// # Errors
/// The database does not answer.
pub async fn delete_of_account(db: &impl ConnectionTrait, id: AccountId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::AccountId.eq(id)).exec(db).await?;
    Ok(())
}

/// Removes what has expired, and says how many; a used token is kept until then, to be recognised.
///
/// # Errors
/// The database does not answer.
pub async fn delete_expired(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(now)).exec(db).await?.rows_affected)
}
