//! The ledger of what users of a mini-program have agreed to: credits by user and template.

use chrono::{DateTime, Utc};
use domain::vocabulary::SubscriptionHint;
use entity::subscription::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    Set, UpdateMany,
};

use super::{StoreError, Transaction};

/// Whose and for what a row is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The mini-program.
    pub appid: String,
    /// The user within it.
    pub openid: String,
    /// The template.
    pub template_id: String,
}

fn at(keys: &[Key]) -> Condition {
    keys.iter().fold(Condition::any(), |any, key| {
        any.add(
            Column::Appid
                .eq(key.appid.as_str())
                .and(Column::Openid.eq(key.openid.as_str()))
                .and(Column::TemplateId.eq(key.template_id.as_str())),
        )
    })
}

/// The rows of these keys that are there, locked in one order.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Transaction, keys: &[Key]) -> Result<Vec<Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(at(keys))
        .order_by_asc(Column::Appid)
        .order_by_asc(Column::Openid)
        .order_by_asc(Column::TemplateId);
    Ok(rows.lock_exclusive().all(tx).await?)
}

/// The rows of a user.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_user(
    db: &impl ConnectionTrait,
    appid: &str,
    openid: &str,
) -> Result<Vec<Model>, StoreError> {
    let own = Entity::find().filter(Column::Appid.eq(appid)).filter(Column::Openid.eq(openid));
    Ok(own.order_by_asc(Column::TemplateId).all(db).await?)
}

fn change(keys: &[Key], now: DateTime<Utc>) -> UpdateMany<Entity> {
    Entity::update_many().col_expr(Column::UpdatedAt, Expr::value(now)).filter(at(keys))
}

/// Takes one credit of each of these, which have one and are locked.
///
/// # Errors
/// The database does not answer.
pub async fn take(tx: &Transaction, keys: &[Key], now: DateTime<Utc>) -> Result<(), StoreError> {
    if !keys.is_empty() {
        let less = Expr::col(Column::Credit).sub(1);
        change(keys, now).col_expr(Column::Credit, less).exec(tx).await?;
    }
    Ok(())
}

/// Takes one credit, if there is one.
///
/// # Errors
/// The database does not answer.
pub async fn take_if_there(tx: &Transaction, key: &Key, now: DateTime<Utc>) -> Result<(), StoreError> {
    let less = Expr::col(Column::Credit).sub(1);
    let there = change(std::slice::from_ref(key), now).filter(Column::Credit.gt(0));
    there.col_expr(Column::Credit, less).exec(tx).await?;
    Ok(())
}

/// Gives one credit back that was not used.
///
/// # Errors
/// The database does not answer.
pub async fn give_back(tx: &Transaction, key: &Key, now: DateTime<Utc>) -> Result<(), StoreError> {
    let more = Expr::col(Column::Credit).add(1);
    change(std::slice::from_ref(key), now).col_expr(Column::Credit, more).exec(tx).await?;
    Ok(())
}

fn row(key: &Key, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        appid: Set(key.appid.clone()),
        openid: Set(key.openid.clone()),
        template_id: Set(key.template_id.clone()),
        credit: Set(0),
        refused_at: Set(None),
        hint: Set(None),
        hinted_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

async fn put(
    db: &impl ConnectionTrait,
    row: ActiveModel,
    changes: impl IntoIterator<Item = (Column, Expr)>,
) -> Result<(), StoreError> {
    let mut known = OnConflict::columns([Column::Appid, Column::Openid, Column::TemplateId]);
    known.update_column(Column::UpdatedAt).values(changes);
    Entity::insert(row).on_conflict(known).exec_without_returning(db).await?;
    Ok(())
}

/// Notes a yes: one more credit, or for a long-term template that there is one.
///
/// # Errors
/// The database does not answer.
pub async fn accept(
    db: &impl ConnectionTrait,
    key: &Key,
    is_long_term: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let more = match is_long_term {
        true => Expr::value(1),
        false => Expr::col((Entity, Column::Credit)).add(1),
    };
    let new = ActiveModel { credit: Set(1), ..row(key, now) };
    let forgiven = Expr::value(None::<DateTime<Utc>>);
    put(db, new, [(Column::Credit, more), (Column::RefusedAt, forgiven)]).await
}

/// Notes a no: nothing more may be sent.
///
/// # Errors
/// The database does not answer.
pub async fn refuse(db: &impl ConnectionTrait, key: &Key, now: DateTime<Utc>) -> Result<(), StoreError> {
    let new = ActiveModel { refused_at: Set(Some(now)), ..row(key, now) };
    put(db, new, [(Column::Credit, Expr::value(0)), (Column::RefusedAt, Expr::value(now))]).await
}

/// Notes what the mini-program tells of the popup.
///
/// # Errors
/// The database does not answer.
pub async fn hint(
    db: &impl ConnectionTrait,
    key: &Key,
    hint: SubscriptionHint,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let new = ActiveModel { hint: Set(Some(hint)), hinted_at: Set(Some(now)), ..row(key, now) };
    put(db, new, [(Column::Hint, Expr::value(hint)), (Column::HintedAt, Expr::value(now))]).await
}

/// The sum of all credits of a mini-program: for its operator, and for tests.
///
/// # Errors
/// The database does not answer.
pub async fn count_credits(db: &impl ConnectionTrait, appid: &str) -> Result<i64, StoreError> {
    let credits: Vec<i32> = Entity::find()
        .filter(Column::Appid.eq(appid))
        .filter(Column::Credit.gt(0))
        .select_only()
        .column(Column::Credit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(credits.into_iter().map(i64::from).sum())
}

/// Removes the rows of a user.
///
/// # Errors
/// The database does not answer.
pub async fn delete_of_user(db: &impl ConnectionTrait, appid: &str, openid: &str) -> Result<(), StoreError> {
    let own = Entity::delete_many().filter(Column::Appid.eq(appid)).filter(Column::Openid.eq(openid));
    own.exec(db).await?;
    Ok(())
}
