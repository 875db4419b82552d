//! What people say of posters that look wrong.

use chrono::{DateTime, Utc};
use domain::ids::{PosterReportId, StationId};
use entity::poster_report::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{StoreError, Transaction};

/// Adds one.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &Transaction, report: Model) -> Result<(), StoreError> {
    Entity::insert(report.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// One, locked until the end of the transaction.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Transaction, id: PosterReportId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// Those of a station, or those of none, before a place in the list, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    station_id: Option<StationId>,
    unsettled: bool,
    (last, limit): (Option<PosterReportId>, u64),
) -> Result<Vec<Model>, StoreError> {
    let whose = match station_id {
        Some(station_id) => Column::StationId.eq(station_id),
        None => Column::StationId.is_null(),
    };
    let mut select = Entity::find().filter(whose).order_by_desc(Column::Id).limit(limit);
    if unsettled {
        select = select.filter(Column::SettledAt.is_null());
    }
    if let Some(last) = last {
        select = select.filter(Column::Id.lt(last));
    }
    Ok(select.all(db).await?)
}

/// Notes that somebody has looked, and what was found.
///
/// # Errors
/// The database does not answer.
pub async fn settle(
    tx: &Transaction,
    report: Model,
    note: &str,
    now: DateTime<Utc>,
) -> Result<Model, StoreError> {
    let mut report = report.into_active_model();
    report.settled_at = ActiveValue::Set(Some(now));
    report.note = ActiveValue::Set(Some(note.to_owned()));
    Ok(report.update(tx).await?)
}
