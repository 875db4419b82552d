//! Bookings of reception days. Whoever changes one has locked its shift, so that places and numbers are
//! given once.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, BookingId, CaseId, ShiftId};
use domain::reception::BookingState;
use entity::booking::{Column, Entity, Model};
use entity::{duty_shift, station};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{StoreError, Transaction};

/// A booking with where and when it is.
#[derive(Debug, Clone)]
pub struct PlacedBooking {
    /// The booking.
    pub booking: Model,
    /// The reception day.
    pub shift: duty_shift::Model,
    /// Its station.
    pub station: station::Model,
}

/// A booking.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: BookingId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Adds a booking.
///
/// # Errors
/// The database does not answer; the account has an open one for that day, or the number is taken.
pub async fn insert(tx: &Transaction, booking: Model) -> Result<(), StoreError> {
    booking.into_active_model().insert(tx).await?;
    Ok(())
}

/// Writes a booking that was changed.
///
/// # Errors
/// The database does not answer.
pub async fn save(tx: &Transaction, booking: Model) -> Result<(), StoreError> {
    booking.into_active_model().reset_all().update(tx).await?;
    Ok(())
}

/// The account's open booking of this day.
///
/// # Errors
/// The database does not answer.
pub async fn find_open(
    db: &impl ConnectionTrait,
    shift_id: ShiftId,
    account_id: AccountId,
) -> Result<Option<Model>, StoreError> {
    let open = Entity::find()
        .filter(Column::ShiftId.eq(shift_id))
        .filter(Column::AccountId.eq(account_id))
        .filter(Column::State.is_in([BookingState::Booked, BookingState::CheckedIn]));
    Ok(open.one(db).await?)
}

/// How many places are taken, by day and by the beginning of the slot; slots with none are left out.
///
/// # Errors
/// The database does not answer.
pub async fn count_taken(
    db: &impl ConnectionTrait,
    shifts: &[ShiftId],
) -> Result<Vec<(ShiftId, DateTime<Utc>, i64)>, StoreError> {
    if shifts.is_empty() {
        return Ok(Vec::new());
    }
    let taking = BookingState::ALL.iter().copied().filter(|state| state.takes_place());
    let counted = Entity::find()
        .select_only()
        .columns([Column::ShiftId, Column::StartsAt])
        .column_as(Column::Id.count(), "taken")
        .filter(Column::ShiftId.is_in(shifts.iter().copied()))
        .filter(Column::State.is_in(taking))
        .group_by(Column::ShiftId)
        .group_by(Column::StartsAt);
    Ok(counted.into_tuple().all(db).await?)
}

/// The bookings of a day after the number `last`, by their numbers.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_shift(
    db: &impl ConnectionTrait,
    shift_id: ShiftId,
    last: Option<i32>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut select =
        Entity::find().filter(Column::ShiftId.eq(shift_id)).order_by_asc(Column::Number).limit(limit);
    if let Some(last) = last {
        select = select.filter(Column::Number.gt(last));
    }
    Ok(select.all(db).await?)
}

/// All residents who are expected on a day.
///
/// # Errors
/// The database does not answer.
pub async fn list_expected(db: &impl ConnectionTrait, shift_id: ShiftId) -> Result<Vec<Model>, StoreError> {
    let expected =
        Entity::find().filter(Column::ShiftId.eq(shift_id)).filter(Column::State.eq(BookingState::Booked));
    Ok(expected.order_by_asc(Column::Number).all(db).await?)
}

/// The account's bookings before `before`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_account(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    before: Option<BookingId>,
    limit: u64,
) -> Result<Vec<PlacedBooking>, StoreError> {
    let mut select =
        Entity::find().filter(Column::AccountId.eq(account_id)).order_by_desc(Column::Id).limit(limit);
    if let Some(before) = before {
        select = select.filter(Column::Id.lt(before));
    }
    let bookings = select.all(db).await?;
    let shift_ids = bookings.iter().map(|booking| booking.shift_id);
    let shifts = duty_shift::Entity::find().filter(duty_shift::Column::Id.is_in(shift_ids)).all(db).await?;
    let station_ids = shifts.iter().map(|shift| shift.station_id);
    let stations = station::Entity::find().filter(station::Column::Id.is_in(station_ids)).all(db).await?;
    let placed = bookings.into_iter().map(|booking| {
        let shift = shifts.iter().find(|shift| shift.id == booking.shift_id);
        let station = shift.and_then(|shift| stations.iter().find(|station| station.id == shift.station_id));
        let missing = || StoreError::inconsistent("bookings", booking.id, "its day is missing");
        let (shift, station) = (shift.cloned().ok_or_else(missing)?, station.cloned().ok_or_else(missing)?);
        Ok(PlacedBooking { booking, shift, station })
    });
    placed.collect()
}

/// Notes which case was taken in at a booking.
///
/// # Errors
/// The database does not answer.
pub async fn link_case(tx: &Transaction, id: BookingId, case_id: CaseId) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::CaseId, Expr::value(case_id))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes the person out of all bookings of an account; those that are still open end.
///
/// # Errors
/// The database does not answer.
pub async fn forget_account(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(BookingState::Cancelled))
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::AccountId.eq(account_id))
        .filter(Column::State.eq(BookingState::Booked))
        .exec(db)
        .await?;
    Entity::update_many()
        .col_expr(Column::AccountId, Expr::value(None::<AccountId>))
        .col_expr(Column::ContactSealed, Expr::value(None::<Vec<u8>>))
        .filter(Column::AccountId.eq(account_id))
        .exec(db)
        .await?;
    Ok(())
}
