//! Keeping the roster: shifts are locked, changed, and looked at by whoever has them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{MemberId, PatternId, ShiftId};
use entity::{duty_shift, member, station};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, SelectExt,
};

use super::rosters::after;
use super::{StoreError, Transaction};

/// A shift with the name of its station.
#[derive(Debug, Clone)]
pub struct PlacedShift {
    /// The shift.
    pub shift: duty_shift::Model,
    /// What its station is called.
    pub station_name: String,
}

/// A shift, also a cancelled one.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: ShiftId) -> Result<Option<duty_shift::Model>, StoreError> {
    Ok(duty_shift::Entity::find_by_id(id).one(db).await?)
}

/// A shift, locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Transaction, id: ShiftId) -> Result<Option<duty_shift::Model>, StoreError> {
    // SQLite has no row locks; there the transaction has taken the one write lock already.
    Ok(duty_shift::Entity::find_by_id(id).lock(LockType::Update).one(tx).await?)
}

/// Locks a member's row: whoever gives the member a shift looks for overlapping ones first. Cases and shifts
/// may point to the row meanwhile; only another one who gives shifts waits.
///
/// # Errors
/// The database does not answer.
pub async fn lock_member(tx: &Transaction, id: MemberId) -> Result<Option<member::Model>, StoreError> {
    Ok(member::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// Adds a shift.
///
/// # Errors
/// The database does not answer, or its pattern has one for that day already.
pub async fn insert(tx: &Transaction, shift: duty_shift::Model) -> Result<(), StoreError> {
    shift.into_active_model().insert(tx).await?;
    Ok(())
}

/// Writes a shift that was changed.
///
/// # Errors
/// The database does not answer.
pub async fn save(tx: &Transaction, shift: duty_shift::Model) -> Result<(), StoreError> {
    shift.into_active_model().reset_all().update(tx).await?;
    Ok(())
}

/// Whether the member has another shift within these hours that he can't have beside this one: at another
/// station, or of the same kind. (A reception day lies within a day on duty.)
///
/// # Errors
/// The database does not answer.
pub async fn overlaps(db: &impl ConnectionTrait, shift: &duty_shift::Model) -> Result<bool, StoreError> {
    let elsewhere = Condition::any()
        .add(duty_shift::Column::StationId.ne(shift.station_id))
        .add(duty_shift::Column::Kind.eq(shift.kind));
    let others = duty_shift::Entity::find()
        .filter(duty_shift::Column::MemberId.eq(shift.member_id))
        .filter(elsewhere)
        .filter(duty_shift::Column::CancelledAt.is_null())
        .filter(duty_shift::Column::Id.ne(shift.id))
        .filter(duty_shift::Column::EndsAt.gt(shift.starts_at))
        .filter(duty_shift::Column::StartsAt.lt(shift.ends_at));
    Ok(others.exists(db).await?)
}

/// The shifts that a pattern has made for days from `from` on, also the cancelled ones, by the day that it
/// names; locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_pattern(
    tx: &Transaction,
    pattern_id: PatternId,
    from: NaiveDate,
) -> Result<Vec<duty_shift::Model>, StoreError> {
    let made = duty_shift::Entity::find()
        .filter(duty_shift::Column::PatternId.eq(pattern_id))
        .filter(duty_shift::Column::NominalOn.gte(from))
        .order_by_asc(duty_shift::Column::NominalOn)
        .lock(LockType::Update);
    Ok(made.all(tx).await?)
}

/// The shifts of these members that end after `from` and begin before `until`, after `last`, by their
/// beginning.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_members(
    db: &impl ConnectionTrait,
    members: &[MemberId],
    (from, until): (DateTime<Utc>, Option<DateTime<Utc>>),
    last: Option<(DateTime<Utc>, ShiftId)>,
    limit: u64,
) -> Result<Vec<PlacedShift>, StoreError> {
    let to_station = duty_shift::Entity::belongs_to(station::Entity)
        .from(duty_shift::Column::StationId)
        .to(station::Column::Id);
    let mut select = duty_shift::Entity::find()
        .join(JoinType::InnerJoin, to_station.into())
        .filter(duty_shift::Column::MemberId.is_in(members.iter().copied()))
        .filter(duty_shift::Column::CancelledAt.is_null())
        .filter(duty_shift::Column::EndsAt.gt(from))
        .order_by_asc(duty_shift::Column::StartsAt)
        .order_by_asc(duty_shift::Column::Id)
        .limit(limit);
    if let Some(until) = until {
        select = select.filter(duty_shift::Column::StartsAt.lt(until));
    }
    if let Some(last) = last {
        select = select.filter(after(last));
    }
    let rows = select.select_also(station::Entity).all(db).await?;
    let placed = rows.into_iter().map(|(shift, station)| PlacedShift {
        shift,
        station_name: station.map(|station| station.name).unwrap_or_default(),
    });
    Ok(placed.collect())
}
