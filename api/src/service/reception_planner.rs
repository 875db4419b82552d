//! Turns patterns into reception days, some weeks ahead, again and again.
//!
//! Doing it twice doubles nothing: a reception day is known by its pattern and the day that the pattern
//! names. A day that somebody changed by hand or cancelled is left alone; one that the calendar moves takes
//! its bookings with it.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::calendar::{shanghai_date, start_of_day};
use domain::ids::{MemberId, PatternId, ShiftId};
use domain::reception::{MovedBecause, Planned};
use domain::vocabulary::ShiftKind;
use entity::{duty_shift, reception_pattern, station};
use serde::{Deserialize, Serialize};

use super::notices;
use super::reception_patterns::{members, plan_one, rule};
use super::roster::{RosterError, call_off, check_member, forget, move_bookings};
use crate::state::{AppState, Parts};
use crate::store::{self, StoreError, Transaction, absences, parties};

/// How many days ahead reception days are made.
const AHEAD: Days = Days::new(62);
/// How far back days are looked at that may have been moved to after now.
const BEHIND: Days = Days::new(31);
/// How many patterns are looked up at once.
const BATCH: u64 = 100;
/// Why a reception day ends that its pattern leaves out now.
const LEFT_OUT: &str = "当天为休息日";

/// What planning has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlanReport {
    /// Reception days that were made.
    pub made: Vec<PlannedDay>,
    /// Reception days that were moved, because the calendar was corrected; who has booked was told.
    pub moved: Vec<MovedDay>,
    /// Reception days that were cancelled, because they fall on a day off now; who has booked was told.
    pub called_off: Vec<PlannedDay>,
    /// Days on which no member of the pattern can be there: give a shift by hand.
    pub unmanned: Vec<NaiveDate>,
}

/// A reception day that came from a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlannedDay {
    /// Key.
    pub id: ShiftId,
    /// The day that the pattern names.
    pub nominal_on: NaiveDate,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Who receives.
    pub member_id: MemberId,
    /// Why it is on another day than the pattern names.
    pub moved_because: Option<String>,
    /// Whether it may still move, because the holidays of its year are not known yet.
    pub provisional: bool,
}

/// A reception day that was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MovedDay {
    /// As it is now.
    #[serde(flatten)]
    pub day: PlannedDay,
    /// When it began until now.
    pub from: DateTime<Utc>,
}

/// Plans all patterns that have not ended, each in a transaction of its own; one that fails is logged and
/// does not stop the others.
///
/// # Errors
/// The database does not answer.
pub async fn plan_all(state: &AppState) -> Result<(), StoreError> {
    let mut last: Option<PatternId> = None;
    loop {
        let batch = store::reception_patterns::list_running(state.db.reader(), last, BATCH).await?;
        let Some(end) = batch.last().copied() else { return Ok(()) };
        for id in batch {
            match plan_by_itself(state, id).await {
                Ok(()) => {}
                Err(RosterError::Store(error @ StoreError::Unavailable(_))) => return Err(error),
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(pattern = %id, error, "reception days could not be planned");
                }
            }
        }
        last = Some(end);
    }
}

async fn plan_by_itself(state: &AppState, id: PatternId) -> Result<(), RosterError> {
    let db = state.db.reader();
    let Some(row) = store::reception_patterns::find(db, id).await? else { return Ok(()) };
    let Some(station) = store::directory::stations::find(db, row.station_id).await? else { return Ok(()) };
    let (report, members) = plan_one(state, id, &station).await?;
    if report != PlanReport::default() {
        forget(state, station.committee_id, station.id, members).await;
    }
    Ok(())
}

/// Plans one pattern whose row is locked.
pub(super) async fn plan_in(
    state: &Parts,
    tx: &Transaction,
    row: &reception_pattern::Model,
    station: &station::Model,
) -> Result<PlanReport, RosterError> {
    let mut report = PlanReport::default();
    if row.ended_at.is_some() || station.closed_at.is_some() {
        return Ok(report);
    }
    let now = state.clock.now();
    let today = shanghai_date(now);
    let from = today.checked_sub_days(BEHIND).unwrap_or(NaiveDate::MIN);
    let to = today.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
    let planned = rule(row)?.plan(&state.calendars.current(), from, to);
    // Shifts before members, members by id: so does everybody, and nobody waits for each other.
    let made = store::shifts::list_of_pattern(tx, row.id, from).await?;
    let mut rota = members(row)?;
    rota.sort_unstable();
    for member_id in rota {
        store::shifts::lock_member(tx, member_id).await?;
    }
    for day in &planned {
        let hours = hours(row, day.held_on);
        match made.iter().find(|shift| shift.nominal_on == Some(day.nominal_on)) {
            None if hours.0 > now => make(state, tx, row, day, &mut report).await?,
            Some(shift) if is_ours(shift, now) && shift.starts_at != hours.0 && hours.0 > now => {
                shift_to(state, tx, (row, station), shift, day, &mut report).await?;
            }
            None | Some(_) => {}
        }
    }
    let gone = |shift: &&duty_shift::Model| {
        let named = |on: NaiveDate| on <= to && !planned.iter().any(|day| day.nominal_on == on);
        is_ours(shift, now) && shift.nominal_on.is_some_and(named)
    };
    for shift in made.iter().filter(gone) {
        let ended = call_off(state, tx, &station.name, shift.clone(), LEFT_OUT).await?;
        report.called_off.push(entry(&ended, false));
    }
    Ok(report)
}

/// Whether planning may still change it.
fn is_ours(shift: &duty_shift::Model, now: DateTime<Utc>) -> bool {
    !shift.fixed_by_hand && shift.cancelled_at.is_none() && shift.starts_at > now
}

fn hours(row: &reception_pattern::Model, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = start_of_day(date);
    let after = |minute: i16| midnight + TimeDelta::minutes(i64::from(minute));
    (after(row.starts_minute), after(row.ends_minute))
}

fn because(day: &Planned) -> Option<String> {
    day.moved.as_ref().map(|moved| match (&moved.holiday, moved.because) {
        (Some(name), _) => name.clone(),
        (None, because @ (MovedBecause::Weekend | MovedBecause::Holiday)) => because.label().to_owned(),
    })
}

async fn make(
    state: &Parts,
    tx: &Transaction,
    row: &reception_pattern::Model,
    day: &Planned,
    report: &mut PlanReport,
) -> Result<(), RosterError> {
    let rota = members(row)?;
    let turn = day.turn.checked_rem(rota.len()).unwrap_or_default();
    let in_turn = rota.iter().cycle().skip(turn).take(rota.len()).copied();
    let Some(next) = in_turn.clone().next() else {
        report.unmanned.push(day.held_on);
        return Ok(());
    };
    let place = (row.station_id, next);
    let now = state.clock.now();
    let hours = hours(row, day.held_on);
    let mut shift = duty_shift::Model::new(state.ids.next(), place, ShiftKind::ReceptionDay, hours, now);
    shift.pattern_id = Some(row.id);
    shift.nominal_on = Some(day.nominal_on);
    shift.moved_because = because(day);
    (shift.slot_minutes, shift.slot_capacity) = (row.slot_minutes, row.slot_capacity);
    let Some(member_id) = first_free(tx, &mut shift, in_turn).await? else {
        report.unmanned.push(day.held_on);
        return Ok(());
    };
    shift.member_id = member_id;
    store::shifts::insert(tx, shift.clone()).await?;
    report.made.push(entry(&shift, day.provisional));
    Ok(())
}

/// Moves a reception day to where the calendar wants it now; the member stays, if he can be there.
async fn shift_to(
    state: &Parts,
    tx: &Transaction,
    (row, station): (&reception_pattern::Model, &station::Model),
    before: &duty_shift::Model,
    day: &Planned,
    report: &mut PlanReport,
) -> Result<(), RosterError> {
    let mut after = before.clone();
    (after.starts_at, after.ends_at) = hours(row, day.held_on);
    after.moved_because = because(day);
    after.version += 1;
    let candidates = std::iter::once(before.member_id).chain(members(row)?);
    after.member_id = first_free(tx, &mut after.clone(), candidates).await?.unwrap_or(before.member_id);
    store::shifts::save(tx, after.clone()).await?;
    store::handovers::withdraw_of_shift(tx, before.id, state.clock.now()).await?;
    let expected = move_bookings(state, tx, &station.name, (before, &after)).await?;
    if after.member_id != before.member_id {
        let name = parties::find_member_name(tx, Some(after.member_id)).await?.unwrap_or_default();
        let telling = notices::other_member(&station.name, after.starts_at, &name);
        notices::tell(state, tx, after.id, notices::owners(&expected), &telling).await?;
    }
    report.moved.push(MovedDay { day: entry(&after, day.provisional), from: before.starts_at });
    Ok(())
}

/// The first of these members who serves the station, is there, and has no other shift then.
async fn first_free(
    tx: &Transaction,
    shift: &mut duty_shift::Model,
    members: impl Iterator<Item = MemberId>,
) -> Result<Option<MemberId>, RosterError> {
    for member_id in members {
        shift.member_id = member_id;
        match check_member(tx, shift).await {
            Ok(()) if !absences::is_absent(tx, member_id, shift.starts_at).await? => {
                return Ok(Some(member_id));
            }
            Ok(()) | Err(RosterError::NotServing | RosterError::Overlaps) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn entry(shift: &duty_shift::Model, provisional: bool) -> PlannedDay {
    PlannedDay {
        id: shift.id,
        nominal_on: shift.nominal_on.unwrap_or_else(|| shanghai_date(shift.starts_at)),
        starts_at: shift.starts_at,
        member_id: shift.member_id,
        moved_because: shift.moved_because.clone(),
        provisional,
    }
}
