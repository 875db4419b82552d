//! Passwords of staff, and how many wrong ones came.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use entity::credential::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::StoreError;

/// The credential behind a login name, which nobody else can change until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock_by_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find().filter(Column::Login.eq(login)).lock_exclusive().one(db).await?)
}

/// The credential of an account, if it has one, which nobody else can change until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(db).await?)
}

/// The login name of an account.
///
/// # Errors
/// The database does not answer.
pub async fn find_login(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<String>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?.map(|credential| credential.login))
}

/// Gives an account a password.
///
/// # Errors
/// [`StoreError::Duplicate`] if the account has one, or the login name is taken.
pub async fn insert(db: &impl ConnectionTrait, credential: Model) -> Result<(), StoreError> {
    Entity::insert(ActiveModel::from(credential)).exec_without_returning(db).await?;
    Ok(())
}

/// Stores how many passwords in a row were wrong, and until when no other is looked at.
///
/// # Errors
/// The database does not answer.
pub async fn set_failures(
    db: &impl ConnectionTrait,
    id: AccountId,
    failures: i32,
    retry_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::value(failures))
        .col_expr(Column::RetryAt, Expr::value(retry_at))
        .filter(Column::AccountId.eq(id))
        .exec(db)
        .await?;
    Ok(())
}
