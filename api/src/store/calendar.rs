//! The calendar beside what is shipped: years that were imported, single days that were corrected by hand.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::YearTable;
use domain::ids::{CaseId, RevisionId};
use entity::calendar_day;
use entity::calendar_revision::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::StoreError;

/// All corrections by hand, in the order in which they were made: when, the day, and whether people work on
/// it. There are a few a year.
///
/// # Errors
/// The database does not answer.
pub async fn list_corrections(
    db: &impl ConnectionTrait,
) -> Result<Vec<(DateTime<Utc>, NaiveDate, bool)>, StoreError> {
    let select = calendar_day::Entity::find()
        .select_only()
        .columns([
            calendar_day::Column::CreatedAt,
            calendar_day::Column::Day,
            calendar_day::Column::IsWorking,
        ])
        .order_by_asc(calendar_day::Column::CreatedAt)
        .order_by_asc(calendar_day::Column::Day);
    Ok(select.into_tuple().all(db).await?)
}

/// All years that were imported, in the order in which they came. There are a few a year.
///
/// # Errors
/// The database does not answer, or a row is inconsistent.
pub async fn list_years(db: &impl ConnectionTrait) -> Result<Vec<(DateTime<Utc>, YearTable)>, StoreError> {
    let rows = Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?;
    rows.into_iter().map(|row| Ok((row.created_at, year_table(&row)?))).collect()
}

/// The year as it was imported.
///
/// # Errors
/// The row is inconsistent.
pub fn year_table(row: &Model) -> Result<YearTable, StoreError> {
    serde_json::from_value(row.year_table.clone())
        .map_err(|error| StoreError::inconsistent("calendar_revisions", row.id, error))
}

/// The imports before `before`, the newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_revisions(
    db: &impl ConnectionTrait,
    before: Option<RevisionId>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut select = Entity::find().order_by_desc(Column::Id);
    if let Some(before) = before {
        select = select.filter(Column::Id.lt(before));
    }
    Ok(select.limit(limit).all(db).await?)
}

/// Whether another import came after this one.
///
/// # Errors
/// The database does not answer.
pub async fn is_followed(db: &impl ConnectionTrait, id: RevisionId) -> Result<bool, StoreError> {
    let later = Entity::find().select_only().column(Column::Id).filter(Column::Id.gt(id)).limit(1);
    Ok(later.into_tuple::<RevisionId>().one(db).await?.is_some())
}

/// Notes how far the open cases have been counted again: up to `after`, or from the beginning once more.
///
/// # Errors
/// The database does not answer.
pub async fn set_progress(
    db: &impl ConnectionTrait,
    id: RevisionId,
    after: Option<CaseId>,
    failed: i32,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::AfterCaseId, Expr::value(after))
        .col_expr(Column::Failed, Expr::value(failed))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that all open cases have been counted again.
///
/// # Errors
/// The database does not answer.
pub async fn finish(db: &impl ConnectionTrait, id: RevisionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::FinishedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}
