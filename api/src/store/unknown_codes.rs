//! Tokens that people scanned although nobody issued them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::unknown_code::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::{StoreError, Transaction};

/// Adds scans of these tokens. A token that is not in the list yet comes in only while that has fewer than
/// `most`.
///
/// # Errors
/// The database does not answer; then nothing was added.
pub async fn add(
    tx: &Transaction,
    scans: &HashMap<String, i64>,
    most: u64,
    now: DateTime<Utc>,
    mut next_id: impl FnMut() -> Uuid,
) -> Result<(), StoreError> {
    let listed = Entity::find().select_only().column(Column::Token);
    let listed: Vec<String> = listed.filter(Column::Token.is_in(scans.keys())).into_tuple().all(tx).await?;
    let room = most.saturating_sub(Entity::find().count(tx).await?);
    let mut new = 0;
    let mut rows: Vec<Model> = Vec::new();
    for (token, scans) in scans {
        new += u64::from(!listed.contains(token));
        if listed.contains(token) || new <= room {
            let token = token.clone();
            rows.push(Model { id: next_id(), token, scans: *scans, first_at: now, last_at: now });
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    // In one order, so that two who add don't wait for each other crosswise.
    rows.sort_by(|one, other| one.token.cmp(&other.token));
    let rows: Vec<ActiveModel> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    let added = |column: Column| Expr::col((Alias::new("excluded"), column));
    let known = OnConflict::column(Column::Token)
        .value(Column::Scans, Expr::col((Entity, Column::Scans)).add(added(Column::Scans)))
        .value(Column::LastAt, added(Column::LastAt))
        .to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx).await?;
    Ok(())
}

/// Those that came up before `last`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    last: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut select = Entity::find().order_by_desc(Column::Id).limit(limit);
    if let Some(last) = last {
        select = select.filter(Column::Id.lt(last));
    }
    Ok(select.all(db).await?)
}

/// Removes those that nobody has scanned since `before`; how many.
///
/// # Errors
/// The database does not answer.
pub async fn delete_before(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::LastAt.lt(before)).exec(db).await?.rows_affected)
}
