//! The days on which the shipped calendar was corrected.

use chrono::NaiveDate;
use entity::calendar_day;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

use super::StoreError;

/// All corrections, ascending by day: the day, and whether people work on it. There are a few a year.
///
/// # Errors
/// The database does not answer.
pub async fn list_corrections(db: &impl ConnectionTrait) -> Result<Vec<(NaiveDate, bool)>, StoreError> {
    let select = calendar_day::Entity::find()
        .select_only()
        .columns([calendar_day::Column::Day, calendar_day::Column::IsWorking])
        .order_by_asc(calendar_day::Column::Day);
    Ok(select.into_tuple().all(db).await?)
}
