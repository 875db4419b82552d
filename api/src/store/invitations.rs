//! Invitations that bind an account to a role.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, InvitationId};
use entity::invitation::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::StoreError;

/// Stores a new invitation.
///
/// # Errors
/// The database does not answer.
pub async fn insert(db: &impl ConnectionTrait, invitation: Model) -> Result<(), StoreError> {
    Entity::insert(ActiveModel::from(invitation)).exec_without_returning(db).await?;
    Ok(())
}

/// The invitation with this code.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_code(db: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find().filter(Column::CodeHash.eq(hash)).one(db).await?)
}

/// The invitation with this code, which nobody else can use until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock_by_code(db: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find().filter(Column::CodeHash.eq(hash)).lock_exclusive().one(db).await?)
}

/// All invitations of a phone number, locked, in a fixed order so that two never wait for each other.
///
/// # Errors
/// The database does not answer.
pub async fn lock_by_phone(db: &impl ConnectionTrait, hash: &[u8]) -> Result<Vec<Model>, StoreError> {
    let rows = Entity::find().filter(Column::PhoneHash.eq(hash)).order_by_asc(Column::Id);
    Ok(rows.lock_exclusive().all(db).await?)
}

/// Marks an invitation as used.
///
/// # Errors
/// The database does not answer.
pub async fn mark_used(
    db: &impl ConnectionTrait,
    id: InvitationId,
    account_id: AccountId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .col_expr(Column::UsedBy, Expr::value(account_id))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}
