//! What WeChat told us: kept once, worked on once, then forgotten but for what recognises a repetition.

use chrono::{DateTime, Utc};
use domain::ids::PushId;
use domain::vocabulary::PushState;
use entity::wechat_push::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
};

use super::StoreError;

/// Keeps a push; `false` when it came before.
///
/// # Errors
/// The query failed.
pub async fn insert_once(db: &impl ConnectionTrait, row: Model) -> Result<bool, StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    let known = OnConflict::column(Column::DedupeHash).do_nothing().to_owned();
    let added = Entity::insert(row).on_conflict(known).try_insert().exec_without_returning(db).await?;
    Ok(matches!(added, TryInsertResult::Inserted(rows) if rows > 0))
}

/// The push of this id.
///
/// # Errors
/// The query failed.
pub async fn find(db: &impl ConnectionTrait, id: PushId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Lets a result wait for what it is the result of.
///
/// # Errors
/// The query failed.
pub async fn wait(db: &impl ConnectionTrait, id: PushId) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(PushState::Waiting))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(PushState::Received))
        .exec(db)
        .await?;
    Ok(())
}

/// The results of this trace that wait.
///
/// # Errors
/// The query failed.
pub async fn list_waiting(db: &impl ConnectionTrait, trace_id: &str) -> Result<Vec<PushId>, StoreError> {
    let waiting = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::TraceId.eq(trace_id))
        .filter(Column::State.eq(PushState::Waiting));
    Ok(waiting.order_by_asc(Column::Id).into_tuple().all(db).await?)
}

/// Ends a push: what it said is not needed any more. Says whether it had not been ended before.
///
/// # Errors
/// The query failed.
pub async fn finish(db: &impl ConnectionTrait, id: PushId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let ended = Entity::update_many()
        .col_expr(Column::State, Expr::value(PushState::Done))
        .col_expr(Column::BodySealed, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.ne(PushState::Done))
        .exec(db)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Removes what came before `before`; says how many.
///
/// # Errors
/// The query failed.
pub async fn delete_before(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::ReceivedAt.lt(before)).exec(db).await?.rows_affected)
}
