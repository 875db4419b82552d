//! Patterns by which a station's reception days come again: made, listed and ended by who runs it.

use chrono::{DateTime, Months, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::ids::{MemberId, PatternId, StationId};
use domain::reception::{DayOffRule, Pattern, Recurrence, SlotError, Slots};
use entity::{reception_pattern, station};
use serde::{Deserialize, Serialize};

use super::authority::manages_station;
use super::idempotency;
use super::reception_planner::{PlanReport, plan_in};
use super::roster::{RosterError, forget};
use crate::auth::Caller;
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction};

/// The most members who take turns.
pub const MOST_MEMBERS: usize = 60;
/// How far from today a pattern begins, in months.
const FARTHEST: Months = Months::new(12);

/// A pattern to be made, checked field by field.
#[derive(Debug, Clone)]
pub struct NewPattern {
    /// Which days, from when until when.
    pub pattern: Pattern,
    /// The same as it is stored.
    pub recurrence: Recurrence,
    /// What becomes of a day off.
    pub day_off: DayOffRule,
    /// Its first and its last day.
    pub period: (NaiveDate, Option<NaiveDate>),
    /// From and until, in minutes after midnight.
    pub minutes: (i16, i16),
    /// Who takes turns, in order.
    pub members: Vec<MemberId>,
    /// Minutes and residents of a slot.
    pub slots: Option<(i16, i16)>,
}

/// A pattern of a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PatternEntry {
    /// Key.
    pub id: PatternId,
    /// Where.
    pub station_id: StationId,
    /// Which days.
    pub recurrence: Recurrence,
    /// What becomes of a day off.
    pub day_off: DayOffRule,
    /// Who takes turns, in order.
    pub members: Vec<MemberId>,
    /// From, as `HH:MM` in Shanghai.
    pub starts: String,
    /// Until.
    pub ends: String,
    /// How long a slot is, where residents can book.
    pub slot_minutes: Option<i16>,
    /// How many residents a slot is for.
    pub slot_capacity: Option<i16>,
    /// Its first day.
    pub from_on: NaiveDate,
    /// Its last day.
    pub until_on: Option<NaiveDate>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A pattern that was just made, and the reception days that it gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MadePattern {
    /// The pattern.
    #[serde(flatten)]
    pub pattern: PatternEntry,
    /// What came of it.
    pub plan: PlanReport,
}

impl TryFrom<reception_pattern::Model> for PatternEntry {
    type Error = StoreError;

    fn try_from(row: reception_pattern::Model) -> Result<Self, StoreError> {
        Ok(Self {
            recurrence: recurrence(&row)?,
            members: members(&row)?,
            id: row.id,
            station_id: row.station_id,
            day_off: row.day_off,
            starts: clock(row.starts_minute),
            ends: clock(row.ends_minute),
            slot_minutes: row.slot_minutes,
            slot_capacity: row.slot_capacity,
            from_on: row.from_on,
            until_on: row.until_on,
            ended_at: row.ended_at,
        })
    }
}

fn clock(minute: i16) -> String {
    format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}

/// Who takes turns, as stored.
pub(super) fn members(row: &reception_pattern::Model) -> Result<Vec<MemberId>, StoreError> {
    serde_json::from_value(row.members.clone())
        .map_err(|error| StoreError::inconsistent("reception_patterns", row.id, error))
}

fn recurrence(row: &reception_pattern::Model) -> Result<Recurrence, StoreError> {
    serde_json::from_value(row.recurrence.clone())
        .map_err(|error| StoreError::inconsistent("reception_patterns", row.id, error))
}

/// The rule of a stored pattern.
pub(super) fn rule(row: &reception_pattern::Model) -> Result<Pattern, StoreError> {
    Pattern::new(recurrence(row)?, row.day_off, row.from_on, row.until_on)
        .map_err(|error| StoreError::inconsistent("reception_patterns", row.id, error))
}

/// Makes a pattern, and the reception days of the next weeks.
///
/// # Errors
/// See [`RosterError`]
pub async fn add(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    new: NewPattern,
    request: Option<&idempotency::Request>,
) -> Result<MadePattern, RosterError> {
    let station = manages_station(state, caller, station_id).await?;
    let now = state.clock.now();
    check(&new, now)?;
    let row = row(state, caller, station_id, &new)?;
    let made = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        for member_id in &new.members {
            if !store::case_terms::member_serves(tx, *member_id, station_id).await? {
                return Err(RosterError::NotServing);
            }
        }
        store::reception_patterns::insert(tx, row.clone()).await?;
        let plan = plan_in(state, tx, &row, &station).await?;
        Ok::<_, RosterError>(MadePattern { pattern: row.try_into()?, plan })
    })
    .await?;
    forget(state, station.committee_id, station_id, new.members).await;
    Ok(made)
}

fn check(new: &NewPattern, now: DateTime<Utc>) -> Result<(), RosterError> {
    let today = shanghai_date(now);
    let (from_on, _) = new.period;
    let first = today.checked_sub_months(FARTHEST).unwrap_or(NaiveDate::MIN);
    let last = today.checked_add_months(FARTHEST).unwrap_or(NaiveDate::MAX);
    let (starts, ends) = new.minutes;
    if !(first..=last).contains(&from_on) || starts < 0 || starts >= ends || ends > 24 * 60 {
        return Err(RosterError::BadHours);
    }
    if let Some((minutes, capacity)) = new.slots {
        let midnight = domain::calendar::start_of_day(today);
        let after = |minute: i16| midnight + chrono::TimeDelta::minutes(i64::from(minute));
        Slots::new((after(starts), after(ends)), minutes, capacity).map_err(|error: SlotError| error)?;
    }
    Ok(())
}

fn row(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    new: &NewPattern,
) -> Result<reception_pattern::Model, StoreError> {
    let broken = |error: serde_json::Error| StoreError::inconsistent("reception_patterns", station_id, error);
    let (slot_minutes, slot_capacity) = new.slots.unzip();
    Ok(reception_pattern::Model {
        id: state.ids.next(),
        station_id,
        recurrence: serde_json::to_value(&new.recurrence).map_err(broken)?,
        day_off: new.day_off,
        members: serde_json::to_value(&new.members).map_err(broken)?,
        starts_minute: new.minutes.0,
        ends_minute: new.minutes.1,
        slot_minutes,
        slot_capacity,
        from_on: new.period.0,
        until_on: new.period.1,
        account_id: Some(caller.account_id),
        ended_at: None,
        created_at: state.clock.now(),
    })
}

/// The station's patterns that have not ended, after `last`.
///
/// # Errors
/// The caller does not run the station; the database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    last: Option<PatternId>,
    limit: u64,
) -> Result<Vec<PatternEntry>, RosterError> {
    manages_station(state, caller, station_id).await?;
    let rows = store::reception_patterns::list_of_station(state.db.reader(), station_id, last, limit).await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// Ends a pattern: it gives no further reception days. Those that it has given stay, and are cancelled one
/// by one where they should not take place.
///
/// # Errors
/// See [`RosterError`]
pub async fn end(state: &Parts, caller: &Caller, id: PatternId) -> Result<PatternEntry, RosterError> {
    managed(state, caller, id).await?;
    let tx = state.db.begin().await?;
    store::reception_patterns::end(&tx, id, state.clock.now()).await?;
    let row = store::reception_patterns::lock(&tx, id).await?.ok_or(RosterError::Unknown)?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(row.try_into()?)
}

/// Makes and moves the reception days of a pattern now, instead of with the next periodic run.
///
/// # Errors
/// See [`RosterError`]
pub async fn plan_now(state: &Parts, caller: &Caller, id: PatternId) -> Result<PlanReport, RosterError> {
    let station = managed(state, caller, id).await?;
    super::terms::refresh(state).await.map_err(|error| match error {
        super::terms::RefreshError::Store(error) => RosterError::Store(error),
        super::terms::RefreshError::Calendar(error) => {
            StoreError::inconsistent("calendar_days", "all", error).into()
        }
    })?;
    let (report, members) = plan_one(state, id, &station).await?;
    forget(state, station.committee_id, station.id, members).await;
    Ok(report)
}

/// Plans one pattern in a transaction of its own.
pub(super) async fn plan_one(
    state: &Parts,
    id: PatternId,
    station: &station::Model,
) -> Result<(PlanReport, Vec<MemberId>), RosterError> {
    let tx: Transaction = state.db.begin().await?;
    let row = store::reception_patterns::lock(&tx, id).await?.ok_or(RosterError::Unknown)?;
    let report = plan_in(state, &tx, &row, station).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok((report, members(&row)?))
}

async fn managed(state: &Parts, caller: &Caller, id: PatternId) -> Result<station::Model, RosterError> {
    let row = store::reception_patterns::find(state.db.reader(), id).await?.ok_or(RosterError::Unknown)?;
    Ok(manages_station(state, caller, row.station_id).await?)
}
