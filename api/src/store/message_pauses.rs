//! Templates, and mini-programs, that send nothing for a while.

use chrono::{DateTime, Utc};
use entity::message_pause::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};

use super::StoreError;

/// Stands for all templates of a mini-program.
pub const ALL: &str = "*";

/// The pauses that are not over.
///
/// # Errors
/// The database does not answer.
pub async fn list(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::EndsAt.gt(now)).all(db).await?)
}

/// How many there are that are not over.
///
/// # Errors
/// The database does not answer.
pub async fn count(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(Column::EndsAt.gt(now)).count(db).await?)
}

/// Begins a pause, or lets one last longer.
///
/// # Errors
/// The database does not answer.
pub async fn put(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let mut known = OnConflict::columns([Column::Appid, Column::TemplateId]);
    known.update_columns([Column::Reason, Column::Errcode, Column::EndsAt, Column::CreatedAt]);
    let row = row.into_active_model().reset_all();
    Entity::insert(row).on_conflict(known).exec_without_returning(db).await?;
    Ok(())
}

/// Removes pauses that are over.
///
/// # Errors
/// The database does not answer.
pub async fn delete_over(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::EndsAt.lte(now)).exec(db).await?;
    Ok(())
}
