//! When members take no cases and do not come.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::case::Presence;
use domain::ids::{AbsenceId, MemberId};
use entity::{absence, member};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, SelectExt,
};

use super::{StoreError, Transaction};

/// An absence.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: AbsenceId) -> Result<Option<absence::Model>, StoreError> {
    Ok(absence::Entity::find_by_id(id).one(db).await?)
}

/// Adds an absence.
///
/// # Errors
/// The database does not answer.
pub async fn insert(tx: &Transaction, absence: absence::Model) -> Result<(), StoreError> {
    absence.into_active_model().insert(tx).await?;
    Ok(())
}

/// Takes an absence back.
///
/// # Errors
/// The database does not answer.
pub async fn delete(db: &impl ConnectionTrait, id: AbsenceId) -> Result<(), StoreError> {
    absence::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// Whether the member is absent at this moment.
///
/// # Errors
/// The database does not answer.
pub async fn is_absent(
    db: &impl ConnectionTrait,
    member_id: MemberId,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let absent = absence::Entity::find()
        .filter(absence::Column::MemberId.eq(member_id))
        .filter(absence::Column::StartsAt.lte(at))
        .filter(absence::Column::EndsAt.gt(at));
    Ok(absent.exists(db).await?)
}

/// Whether a member is there.
///
/// # Errors
/// The database does not answer.
pub async fn presence(
    db: &impl ConnectionTrait,
    member_id: Option<MemberId>,
    now: DateTime<Utc>,
) -> Result<Presence, StoreError> {
    let Some(member_id) = member_id else { return Ok(Presence::Here) };
    let left_on: Option<Option<NaiveDate>> = member::Entity::find_by_id(member_id)
        .select_only()
        .column(member::Column::LeftOn)
        .into_tuple()
        .one(db)
        .await?;
    if left_on.flatten().is_some_and(|day| day <= shanghai_date(now)) {
        return Ok(Presence::Left);
    }
    let until: Option<Option<DateTime<Utc>>> = absence::Entity::find()
        .filter(absence::Column::MemberId.eq(member_id))
        .filter(absence::Column::StartsAt.lte(now))
        .filter(absence::Column::EndsAt.gt(now))
        .select_only()
        .column_as(absence::Column::EndsAt.max(), "until")
        .into_tuple()
        .one(db)
        .await?;
    Ok(until.flatten().map_or(Presence::Here, Presence::AwayUntil))
}

/// The member's absences that end after `now`, after the one with the id `last`, in the order in which
/// they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_member(
    db: &impl ConnectionTrait,
    member_id: MemberId,
    now: DateTime<Utc>,
    last: Option<AbsenceId>,
    limit: u64,
) -> Result<Vec<absence::Model>, StoreError> {
    let mut select = absence::Entity::find()
        .filter(absence::Column::MemberId.eq(member_id))
        .filter(absence::Column::EndsAt.gt(now))
        .order_by_asc(absence::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(absence::Column::Id.gt(last));
    }
    Ok(select.all(db).await?)
}
