//! Keeping the roster: who runs a station gives shifts, changes and cancels them; members see their own.
//!
//! Start reading at [`RosterError`], which the whole family shares: shifts, absences, handovers, patterns.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{CommitteeId, MemberId, ShiftId, StationId};
use domain::reception::{BookingAction, SlotError, Slots};
use domain::role::Role;
use domain::text::Reason;
use domain::vocabulary::ShiftKind;
use entity::{booking, duty_shift, station};
use serde::{Deserialize, Serialize};

use super::authority::{AuthorityError, manages_station};
use super::idempotency::{self, IdempotencyError};
use super::notices;
use crate::auth::Caller;
use crate::cache::Tag;
use crate::state::Parts;
use crate::store::shifts::PlacedShift;
use crate::store::{self, StoreError, Transaction, parties};

/// The longest shift.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// How far ahead a roster is made.
const FARTHEST: TimeDelta = TimeDelta::days(400);

/// Why the roster stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// There is no such station, shift, member, pattern or offer, or not for this caller.
    #[error("no such thing for this caller")]
    Unknown,
    /// The caller may see it, but not do this.
    #[error("the caller may not do this")]
    NotAllowed,
    /// The member does not serve the station, or is not in office.
    #[error("the member does not serve the station")]
    NotServing,
    /// The shift that is wanted in exchange is not the colleague's.
    #[error("the shift that is wanted in exchange is not the colleague's")]
    NotTheirs,
    /// It ends before it begins, lasts too long, is over, or is too far ahead.
    #[error("the hours are no good")]
    BadHours,
    /// The day can't be cut so.
    #[error(transparent)]
    BadSlots(#[from] SlotError),
    /// The pattern gives no days.
    #[error(transparent)]
    BadPattern(#[from] domain::reception::PatternError),
    /// The member has another shift at that time.
    #[error("the member has another shift at that time")]
    Overlaps,
    /// It is over, cancelled, or answered.
    #[error("it is over, cancelled or answered")]
    TooLate,
    /// Bookings would lose their slots.
    #[error("bookings would lose their slots")]
    HasBookings,
    /// The shift is on offer already.
    #[error("the shift is on offer already")]
    AlreadyOffered,
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for RosterError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// A shift to be given.
#[derive(Debug, Clone, Copy)]
pub struct NewShift {
    /// Who.
    pub member_id: MemberId,
    /// Duty or reception day.
    pub kind: ShiftKind,
    /// From and until.
    pub hours: (DateTime<Utc>, DateTime<Utc>),
    /// Minutes and residents of a slot, for a reception day that can be booked.
    pub slots: Option<(i16, i16)>,
}

/// What is to be changed of a shift; what is not set stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShiftChange {
    /// Who has it from now on.
    pub member_id: Option<MemberId>,
    /// From.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until.
    pub ends_at: Option<DateTime<Utc>>,
    /// Minutes and residents of a slot.
    pub slots: Option<(i16, i16)>,
}

/// A shift as its member and its manager see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Shift {
    /// Key.
    pub id: ShiftId,
    /// Where.
    pub station_id: StationId,
    /// As the station is called.
    pub station_name: String,
    /// Who.
    pub member_id: MemberId,
    /// Duty or reception day.
    pub kind: ShiftKind,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// How long a slot is, where residents can book.
    pub slot_minutes: Option<i16>,
    /// How many residents a slot is for.
    pub slot_capacity: Option<i16>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
}

impl Shift {
    pub(super) fn new(shift: duty_shift::Model, station_name: &str) -> Self {
        Self {
            id: shift.id,
            station_id: shift.station_id,
            station_name: station_name.to_owned(),
            member_id: shift.member_id,
            kind: shift.kind,
            starts_at: shift.starts_at,
            ends_at: shift.ends_at,
            slot_minutes: shift.slot_minutes,
            slot_capacity: shift.slot_capacity,
            cancelled_at: shift.cancelled_at,
            cancel_reason: shift.cancel_reason,
        }
    }
}

impl From<PlacedShift> for Shift {
    fn from(PlacedShift { shift, station_name }: PlacedShift) -> Self {
        Self::new(shift, &station_name)
    }
}

/// Gives a member a shift.
///
/// # Errors
/// See [`RosterError`]
pub async fn add_shift(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    new: NewShift,
    request: Option<&idempotency::Request>,
) -> Result<Shift, RosterError> {
    let station = manages_station(state, caller, station_id).await?;
    let now = state.clock.now();
    let mut shift =
        duty_shift::Model::new(state.ids.next(), (station_id, new.member_id), new.kind, new.hours, now);
    shift.fixed_by_hand = true;
    set_slots(&mut shift, new.slots)?;
    check_hours(&shift, now)?;
    let shift = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        check_member(tx, &shift).await?;
        store::shifts::insert(tx, shift.clone()).await?;
        tell_members(state, tx, caller, &station.name, &shift, [shift.member_id]).await?;
        Ok::<_, RosterError>(Shift::new(shift, &station.name))
    })
    .await?;
    forget(state, station.committee_id, station_id, [shift.member_id]).await;
    Ok(shift)
}

/// Changes a shift: its hours, its slots, or who has it. Bookings move with the beginning.
///
/// # Errors
/// See [`RosterError`]
pub async fn change_shift(
    state: &Parts,
    caller: &Caller,
    id: ShiftId,
    change: ShiftChange,
    request: Option<&idempotency::Request>,
) -> Result<Shift, RosterError> {
    let (before, station) = managed_shift(state, caller, id).await?;
    let now = state.clock.now();
    let changed = idempotency::once(state, request, idempotency::OK, async |tx| {
        let before = lock_running(tx, id, now).await?;
        let mut after = before.clone();
        after.member_id = change.member_id.unwrap_or(before.member_id);
        after.starts_at = change.starts_at.unwrap_or(before.starts_at);
        after.ends_at = change.ends_at.unwrap_or(before.ends_at);
        set_slots(&mut after, change.slots.or(before.slot_minutes.zip(before.slot_capacity)))?;
        check_hours(&after, now)?;
        after.fixed_by_hand = true;
        replace(state, tx, caller, &station, (&before, after.clone())).await?;
        Ok::<_, RosterError>(Shift::new(after, &station.name))
    })
    .await?;
    forget(state, station.committee_id, station.id, [before.member_id, changed.member_id]).await;
    Ok(changed)
}

/// Cancels a shift; whoever has booked it is told.
///
/// # Errors
/// See [`RosterError`]
pub async fn cancel_shift(
    state: &Parts,
    caller: &Caller,
    id: ShiftId,
    reason: &Reason,
    request: Option<&idempotency::Request>,
) -> Result<Shift, RosterError> {
    let (_, station) = managed_shift(state, caller, id).await?;
    let now = state.clock.now();
    let cancelled = idempotency::once(state, request, idempotency::OK, async |tx| {
        let shift = lock_running(tx, id, now).await?;
        let shift = call_off(state, tx, &station.name, shift, reason.as_str()).await?;
        tell_members(state, tx, caller, &station.name, &shift, [shift.member_id]).await?;
        Ok::<_, RosterError>(Shift::new(shift, &station.name))
    })
    .await?;
    forget(state, station.committee_id, station.id, [cancelled.member_id]).await;
    Ok(cancelled)
}

/// The caller's own shifts that run or come, after `last`, by their beginning.
///
/// # Errors
/// The database does not answer.
pub async fn list_own_shifts(
    state: &Parts,
    caller: &Caller,
    last: Option<(DateTime<Utc>, ShiftId)>,
    limit: u64,
) -> Result<Vec<Shift>, StoreError> {
    let members: Vec<MemberId> = caller.scopes(Role::Member).map(MemberId).collect();
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let period = (state.clock.now(), None);
    let rows = store::shifts::list_of_members(state.db.reader(), &members, period, last, limit).await?;
    Ok(rows.into_iter().map(Shift::from).collect())
}

/// A shift and its station, for who runs it.
pub(super) async fn managed_shift(
    state: &Parts,
    caller: &Caller,
    id: ShiftId,
) -> Result<(duty_shift::Model, station::Model), RosterError> {
    let shift = store::shifts::find(state.db.reader(), id).await?.ok_or(RosterError::Unknown)?;
    let station = manages_station(state, caller, shift.station_id).await?;
    Ok((shift, station))
}

/// A shift that is neither over nor cancelled, locked.
pub(super) async fn lock_running(
    tx: &Transaction,
    id: ShiftId,
    now: DateTime<Utc>,
) -> Result<duty_shift::Model, RosterError> {
    let shift = store::shifts::lock(tx, id).await?.ok_or(RosterError::Unknown)?;
    if shift.cancelled_at.is_some() || shift.ends_at <= now {
        return Err(RosterError::TooLate);
    }
    Ok(shift)
}

/// Writes a changed shift, moves its bookings along, and tells whom it concerns.
pub(super) async fn replace(
    state: &Parts,
    tx: &Transaction,
    caller: &Caller,
    station: &station::Model,
    (before, mut after): (&duty_shift::Model, duty_shift::Model),
) -> Result<(), RosterError> {
    if after.member_id != before.member_id
        || (after.starts_at, after.ends_at) != (before.starts_at, before.ends_at)
    {
        check_member(tx, &after).await?;
    }
    after.version += 1;
    store::handovers::withdraw_of_shift(tx, before.id, state.clock.now()).await?;
    store::shifts::save(tx, after.clone()).await?;
    let moved = move_bookings(state, tx, &station.name, (before, &after)).await?;
    if after.member_id != before.member_id {
        let name = parties::find_member_name(tx, Some(after.member_id)).await?.unwrap_or_default();
        let telling = notices::other_member(&station.name, after.starts_at, &name);
        notices::tell(state, tx, after.id, notices::owners(&moved), &telling).await?;
    }
    let members = [before.member_id, after.member_id];
    Ok(tell_members(state, tx, caller, &station.name, &after, members).await?)
}

/// Moves the bookings of a shift with its beginning, and tells their owners; answers with all who are
/// expected.
///
/// # Errors
/// `HasBookings` when one would have no slot any more; nothing has changed then.
pub(super) async fn move_bookings(
    state: &Parts,
    tx: &Transaction,
    station: &str,
    (before, after): (&duty_shift::Model, &duty_shift::Model),
) -> Result<Vec<booking::Model>, RosterError> {
    let mut expected = store::bookings::list_expected(tx, after.id).await?;
    let same_slots = (before.slot_minutes, before.slot_capacity) == (after.slot_minutes, after.slot_capacity);
    let delta = after.starts_at - before.starts_at;
    if expected.is_empty() || (same_slots && delta.is_zero() && before.ends_at <= after.ends_at) {
        return Ok(expected);
    }
    let slots = slots_of(after)?.ok_or(RosterError::HasBookings)?;
    // Who has come already keeps what he had: a day that has begun can't be cut anew.
    if !same_slots || expected.iter().any(|booking| !slots.begins_at(booking.starts_at + delta)) {
        return Err(RosterError::HasBookings);
    }
    if delta.is_zero() {
        return Ok(expected);
    }
    for booking in &mut expected {
        (booking.starts_at, booking.ends_at) = (booking.starts_at + delta, booking.ends_at + delta);
        store::bookings::save(tx, booking.clone()).await?;
    }
    let telling = notices::moved(station, before.starts_at, after.starts_at);
    notices::tell(state, tx, after.id, notices::owners(&expected), &telling).await?;
    Ok(expected)
}

/// Cancels a shift with its bookings, and tells their owners.
pub(super) async fn call_off(
    state: &Parts,
    tx: &Transaction,
    station: &str,
    mut shift: duty_shift::Model,
    reason: &str,
) -> Result<duty_shift::Model, StoreError> {
    let now = state.clock.now();
    shift.version += 1;
    shift.cancelled_at = Some(now);
    shift.cancel_reason = Some(reason.to_owned());
    store::shifts::save(tx, shift.clone()).await?;
    store::handovers::withdraw_of_shift(tx, shift.id, now).await?;
    let expected = store::bookings::list_expected(tx, shift.id).await?;
    for booking in &expected {
        if let Some(after) = booking.state.after(BookingAction::CallOff) {
            let ended = booking::Model { state: after, ended_at: Some(now), ..booking.clone() };
            store::bookings::save(tx, ended).await?;
        }
    }
    let reason = reason.trim_end_matches(['。', '.']);
    let telling = notices::called_off(station, shift.starts_at, reason);
    notices::tell(state, tx, shift.id, notices::owners(&expected), &telling).await?;
    Ok(shift)
}

/// The slots of a shift that can be booked.
pub(super) fn slots_of(shift: &duty_shift::Model) -> Result<Option<Slots>, SlotError> {
    let hours = (shift.starts_at, shift.ends_at);
    let cut = shift.slot_minutes.zip(shift.slot_capacity);
    cut.map(|(minutes, capacity)| Slots::new(hours, minutes, capacity)).transpose()
}

/// Only reception days have slots; on duty a member takes whoever comes.
fn set_slots(shift: &mut duty_shift::Model, slots: Option<(i16, i16)>) -> Result<(), RosterError> {
    let slots = slots.filter(|_| shift.kind == ShiftKind::ReceptionDay);
    (shift.slot_minutes, shift.slot_capacity) = slots.unzip();
    slots_of(shift)?;
    Ok(())
}

fn check_hours(shift: &duty_shift::Model, now: DateTime<Utc>) -> Result<(), RosterError> {
    let length = shift.ends_at - shift.starts_at;
    // Whole minutes: a slot is named by its beginning, which every database keeps exactly.
    let whole = |at: DateTime<Utc>| at.timestamp().rem_euclid(60) == 0 && at.timestamp_subsec_nanos() == 0;
    let fits =
        length > TimeDelta::zero() && length <= LONGEST && whole(shift.starts_at) && whole(shift.ends_at);
    if fits && shift.ends_at > now && shift.starts_at < now + FARTHEST {
        return Ok(());
    }
    Err(RosterError::BadHours)
}

/// The member serves the station, is in office, and has no other shift then.
pub(super) async fn check_member(tx: &Transaction, shift: &duty_shift::Model) -> Result<(), RosterError> {
    let member = store::shifts::lock_member(tx, shift.member_id).await?.ok_or(RosterError::NotServing)?;
    let day = domain::calendar::shanghai_date(shift.starts_at);
    let in_office = member.left_on.is_none_or(|left_on| left_on > day);
    if !in_office || !store::case_terms::member_serves(tx, shift.member_id, shift.station_id).await? {
        return Err(RosterError::NotServing);
    }
    if store::shifts::overlaps(tx, shift).await? {
        return Err(RosterError::Overlaps);
    }
    Ok(())
}

/// Tells members that their roster has changed, without the one who changed it.
async fn tell_members(
    state: &Parts,
    tx: &Transaction,
    caller: &Caller,
    station: &str,
    shift: &duty_shift::Model,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<(), StoreError> {
    let mut accounts = Vec::new();
    for member_id in members {
        for account_id in parties::list_holders(tx, Role::Member, member_id.0).await? {
            if account_id != caller.account_id && !accounts.contains(&(account_id, None)) {
                accounts.push((account_id, None));
            }
        }
    }
    notices::tell(state, tx, shift.id, accounts, &notices::roster_changed(station, shift.starts_at)).await
}

/// Lets cards, pages and routing see the change at once.
pub(super) async fn forget(
    state: &Parts,
    committee_id: CommitteeId,
    station_id: StationId,
    members: impl IntoIterator<Item = MemberId>,
) {
    let mut tags = vec![Tag::Station(station_id)];
    tags.extend(members.into_iter().map(Tag::Member));
    state.cache.invalidate(&tags).await;
    state.boards.forget(committee_id);
}
