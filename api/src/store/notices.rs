//! Messages about shifts and bookings; together with `messages`, an account's inbox.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, NoticeId};
use entity::notice::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{StoreError, Transaction};

/// Writes notices, in the transaction of what they tell.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &Transaction, notices: Vec<Model>) -> Result<(), StoreError> {
    // In portions: both databases limit the parameters of a statement.
    for portion in notices.chunks(500) {
        let rows = portion.iter().cloned().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The notices of an account before `before`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_account(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    before: Option<NoticeId>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut select = Entity::find().filter(Column::AccountId.eq(account_id));
    if let Some(before) = before {
        select = select.filter(Column::Id.lt(before));
    }
    Ok(select.order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// How many notices the account has not read.
///
/// # Errors
/// The database does not answer.
pub async fn count_unread(db: &impl ConnectionTrait, account_id: AccountId) -> Result<u64, StoreError> {
    let unread = Entity::find().filter(Column::AccountId.eq(account_id)).filter(Column::ReadAt.is_null());
    Ok(unread.count(db).await?)
}

/// Marks a notice of the account as read; the first time counts. `false` when it has no such notice.
///
/// # Errors
/// The database does not answer.
pub async fn mark_read(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    id: NoticeId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let own = Column::Id.eq(id).and(Column::AccountId.eq(account_id));
    let marked = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now))
        .filter(own.clone())
        .filter(Column::ReadAt.is_null())
        .exec(db)
        .await?;
    Ok(marked.rows_affected > 0 || Entity::find().filter(own).count(db).await? > 0)
}

/// Removes all notices of an account.
///
/// # Errors
/// The database does not answer.
pub async fn delete_of_account(db: &impl ConnectionTrait, account_id: AccountId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::AccountId.eq(account_id)).exec(db).await?;
    Ok(())
}
