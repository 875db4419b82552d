//! The reception days of a station as everybody sees them, with what is free.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::ids::{ShiftId, StationId};
use domain::reception::Slots;
use serde::Serialize;

use super::directory::DirectoryError;
use super::duty::Receiver;
use crate::state::Parts;
use crate::store::directory::stations;
use crate::store::rosters::{self, ShiftRow};
use crate::store::{self, StoreError};

/// A reception day in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReceptionDayEntry {
    /// Key.
    pub id: ShiftId,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// Who receives.
    pub member: Receiver,
    /// The day on which it is held usually, when it was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<NaiveDate>,
    /// Why it was moved: `国庆节`, `周末`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_because: Option<String>,
    /// Whether it may still move, because the holidays of its year are not known yet.
    pub provisional: bool,
    /// What can be booked; none where residents just come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slots: Option<Vec<SlotEntry>>,
}

/// A slot of a reception day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SlotEntry {
    /// From: what a booking names.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// How many places are left; none once it has begun.
    pub free: i64,
}

/// The station's reception days that run or come, after `last`, by their beginning.
///
/// # Errors
/// There is no such station; the database does not answer.
pub async fn list(
    state: &Parts,
    station_id: StationId,
    last: Option<(DateTime<Utc>, ShiftId)>,
    limit: u64,
) -> Result<Vec<ReceptionDayEntry>, DirectoryError> {
    let (db, now) = (state.db.reader(), state.clock.now());
    let days = rosters::list_reception_days(db, station_id, now, last, limit).await?;
    if days.is_empty() && stations::find_public(db, station_id).await?.is_none() {
        return Err(DirectoryError::Unknown);
    }
    let bookable: Vec<ShiftId> =
        days.iter().filter(|day| day.slot_minutes.is_some()).map(|day| day.id).collect();
    let taken = store::bookings::count_taken(db, &bookable).await?;
    days.into_iter().map(|day| Ok(entry(state, day, &taken, now)?)).collect()
}

fn entry(
    state: &Parts,
    day: ShiftRow,
    taken: &[(ShiftId, DateTime<Utc>, i64)],
    now: DateTime<Utc>,
) -> Result<ReceptionDayEntry, StoreError> {
    let cut = day.slot_minutes.zip(day.slot_capacity);
    let slots = cut
        .map(|(minutes, capacity)| Slots::new((day.starts_at, day.ends_at), minutes, capacity))
        .transpose()
        .map_err(|error| StoreError::inconsistent("duty_shifts", day.id, error))?;
    let slot = |slots: &Slots, starts_at: DateTime<Utc>| {
        let taken = taken.iter().find(|(id, at, _)| (*id, *at) == (day.id, starts_at));
        let left = i64::from(slots.capacity()) - taken.map_or(0, |(_, _, taken)| *taken);
        let free = if starts_at <= now { 0 } else { left.max(0) };
        SlotEntry { starts_at, ends_at: starts_at + slots.length(), free }
    };
    let held_on = shanghai_date(day.starts_at);
    Ok(ReceptionDayEntry {
        id: day.id,
        starts_at: day.starts_at,
        ends_at: day.ends_at,
        member: day.member.into(),
        moved_from: day.nominal_on.filter(|nominal_on| *nominal_on != held_on),
        moved_because: day.moved_because,
        provisional: state.calendars.current().is_provisional_at(day.starts_at),
        slots: slots.map(|slots| slots.beginnings().map(|at| slot(&slots, at)).collect()),
    })
}
