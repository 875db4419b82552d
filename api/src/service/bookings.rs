//! Bookings of reception days: a resident takes a place in a slot and gets a number, the manager checks
//! people in.
//!
//! Every change locks the reception day first, so that a place is given once and numbers have no gaps.

use chrono::{DateTime, Utc};
use domain::calendar::shanghai_date;
use domain::ids::{BookingId, CaseId, ShiftId, StationId};
use domain::reception::{BookingAction, BookingState};
use domain::text::{Comment, Name, Phone};
use domain::vocabulary::ShiftKind;
use entity::{booking, duty_shift, station};
use serde::{Deserialize, Serialize};

use super::authority::AuthorityError;
use super::idempotency::{self, IdempotencyError};
use super::roster::{RosterError, managed_shift, slots_of};
use crate::auth::Caller;
use crate::service::notices;
use crate::state::Parts;
use crate::store::bookings::PlacedBooking;
use crate::store::{self, StoreError, Transaction};

/// The place that sealed contacts belong to, authenticated with them.
pub(super) const CONTACT_CONTEXT: &str = "bookings.contact";

/// Why there is no booking, or it stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    /// There is no such reception day or booking, or not for this caller.
    #[error("no such reception day or booking for this caller")]
    Unknown,
    /// No slot begins then.
    #[error("no slot begins then")]
    NoSuchSlot,
    /// The reception day has no slots, is cancelled, or its member is absent.
    #[error("the reception day takes no bookings")]
    Closed,
    /// All places of the slot are taken.
    #[error("the slot is full")]
    Full,
    /// The account has an open booking for that day.
    #[error("the account has booked that day already")]
    Already,
    /// The slot has begun; or it is not the day yet.
    #[error("it is too late or too early for this")]
    WrongTime,
    /// The booking is in a state from which this is not possible.
    #[error("the booking is {state}")]
    WrongState {
        /// Where it stands.
        state: BookingState,
    },
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for BookingError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// What a resident asks for.
#[derive(Debug, Clone)]
pub struct NewBooking {
    /// The beginning of the slot.
    pub starts_at: DateTime<Utc>,
    /// The resident's name.
    pub name: Option<Name>,
    /// The resident's phone number.
    pub phone: Option<Phone>,
    /// What it is about.
    pub topic: Option<Comment>,
}

/// Who comes, and why: sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingContact {
    /// The name.
    pub name: Option<String>,
    /// The phone number, digits.
    pub phone: Option<String>,
    /// What it is about.
    pub topic: Option<String>,
}

/// A booking as its resident sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Booking {
    /// Key.
    pub id: BookingId,
    /// The reception day.
    pub reception_day_id: ShiftId,
    /// The number on the day, from 1.
    pub number: i32,
    /// The same as it is called out: `第3号`.
    pub number_label: String,
    /// Where it stands.
    pub state: BookingState,
    /// The same in Chinese.
    pub state_label: String,
    /// When to come.
    pub starts_at: DateTime<Utc>,
    /// When the slot ends.
    pub ends_at: DateTime<Utc>,
    /// The station.
    pub station_id: StationId,
    /// As the station is called.
    pub station_name: String,
    /// Where it is.
    pub station_address: String,
}

/// A booking as the manager sees it: name and phone number masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExpectedVisitor {
    /// Key.
    pub id: BookingId,
    /// The number on the day, from 1.
    pub number: i32,
    /// Where it stands.
    pub state: BookingState,
    /// The same in Chinese.
    pub state_label: String,
    /// When the slot begins.
    pub starts_at: DateTime<Utc>,
    /// When the slot ends.
    pub ends_at: DateTime<Utc>,
    /// The name, but for its first character hidden.
    pub name: Option<String>,
    /// The phone number with its middle hidden.
    pub phone: Option<String>,
    /// What it is about.
    pub topic: Option<String>,
    /// When the resident came.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// The case that was taken in there.
    pub case_id: Option<CaseId>,
}

impl Booking {
    pub(super) fn new(booking: booking::Model, station: &station::Model) -> Self {
        Self {
            id: booking.id,
            reception_day_id: booking.shift_id,
            number: booking.number,
            number_label: format!("第{}号", booking.number),
            state: booking.state,
            state_label: booking.state.label().to_owned(),
            starts_at: booking.starts_at,
            ends_at: booking.ends_at,
            station_id: station.id,
            station_name: station.name.clone(),
            station_address: station.address.clone(),
        }
    }
}

/// Books a slot of a reception day.
///
/// # Errors
/// See [`BookingError`]; nothing has changed then.
pub async fn book(
    state: &Parts,
    caller: &Caller,
    day_id: ShiftId,
    new: NewBooking,
    request: Option<&idempotency::Request>,
) -> Result<Booking, BookingError> {
    let contact_sealed = seal_contact(state, &new)?;
    idempotency::once(state, request, idempotency::CREATED, async |tx| {
        let mut shift = lock_day(tx, day_id).await?;
        let station = load_station(tx, shift.station_id).await?;
        let ends_at = check_slot(state, tx, &shift, new.starts_at).await?;
        if store::bookings::find_open(tx, day_id, caller.account_id).await?.is_some() {
            return Err(BookingError::Already);
        }
        shift.last_number += 1;
        let row = booking::Model {
            id: state.ids.next(),
            shift_id: day_id,
            account_id: Some(caller.account_id),
            number: shift.last_number,
            starts_at: new.starts_at,
            ends_at,
            state: BookingState::Booked,
            contact_sealed,
            case_id: None,
            checked_in_at: None,
            ended_at: None,
            created_at: state.clock.now(),
        };
        store::shifts::save(tx, shift).await?;
        store::bookings::insert(tx, row.clone()).await?;
        let telling = notices::booked(&station.name, row.starts_at, row.number);
        notices::tell(state, tx, day_id, [(caller.account_id, Some(row.id))], &telling).await?;
        Ok(Booking::new(row, &station))
    })
    .await
}

/// Whether the slot can be had; answers with its end.
async fn check_slot(
    state: &Parts,
    tx: &Transaction,
    shift: &duty_shift::Model,
    starts_at: DateTime<Utc>,
) -> Result<DateTime<Utc>, BookingError> {
    let broken = |error| StoreError::inconsistent("duty_shifts", shift.id, error);
    let slots = slots_of(shift).map_err(broken)?.ok_or(BookingError::Closed)?;
    if shift.cancelled_at.is_some()
        || store::absences::is_absent(tx, shift.member_id, shift.starts_at).await?
    {
        return Err(BookingError::Closed);
    }
    if !slots.begins_at(starts_at) {
        return Err(BookingError::NoSuchSlot);
    }
    if starts_at <= state.clock.now() {
        return Err(BookingError::WrongTime);
    }
    let taken = store::bookings::count_taken(tx, &[shift.id]).await?;
    let taken = taken.iter().find(|(_, at, _)| *at == starts_at).map_or(0, |(_, _, taken)| *taken);
    if taken >= i64::from(slots.capacity()) {
        return Err(BookingError::Full);
    }
    Ok(starts_at + slots.length())
}

/// Gives the caller's own place back; again changes nothing.
///
/// # Errors
/// See [`BookingError`]
pub async fn cancel(state: &Parts, caller: &Caller, id: BookingId) -> Result<(), BookingError> {
    let known = store::bookings::find(state.db.reader(), id).await?;
    let known = known.filter(|row| row.account_id == Some(caller.account_id)).ok_or(BookingError::Unknown)?;
    let tx = state.db.begin().await?;
    lock_day(&tx, known.shift_id).await?;
    let row = store::bookings::find(&tx, id).await?.ok_or(BookingError::Unknown)?;
    if row.state == BookingState::Cancelled {
        return Ok(());
    }
    let after = next(&row, BookingAction::Cancel)?;
    let now = state.clock.now();
    if row.starts_at <= now {
        return Err(BookingError::WrongTime);
    }
    store::bookings::save(&tx, booking::Model { state: after, ended_at: Some(now), ..row }).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// The caller's bookings before `before`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_own(
    state: &Parts,
    caller: &Caller,
    before: Option<BookingId>,
    limit: u64,
) -> Result<Vec<Booking>, StoreError> {
    let rows = store::bookings::list_of_account(state.db.reader(), caller.account_id, before, limit).await?;
    let own = |PlacedBooking { booking, station, .. }: PlacedBooking| Booking::new(booking, &station);
    Ok(rows.into_iter().map(own).collect())
}

/// Who has booked a day, after the number `last`. For who runs the station.
///
/// # Errors
/// See [`BookingError`]
pub async fn list_of_day(
    state: &Parts,
    caller: &Caller,
    day_id: ShiftId,
    last: Option<i32>,
    limit: u64,
) -> Result<Vec<ExpectedVisitor>, BookingError> {
    managed_day(state, caller, day_id).await?;
    let rows = store::bookings::list_of_shift(state.db.reader(), day_id, last, limit).await?;
    rows.into_iter().map(|row| expected(state, row)).collect()
}

/// Sees a resident come, or gives one up. For who runs the station.
///
/// # Errors
/// See [`BookingError`]
pub async fn receive(
    state: &Parts,
    caller: &Caller,
    id: BookingId,
    action: BookingAction,
    request: Option<&idempotency::Request>,
) -> Result<ExpectedVisitor, BookingError> {
    let known = store::bookings::find(state.db.reader(), id).await?.ok_or(BookingError::Unknown)?;
    managed_day(state, caller, known.shift_id).await?;
    idempotency::once(state, request, idempotency::OK, async |tx| {
        lock_day(tx, known.shift_id).await?;
        let row = store::bookings::find(tx, id).await?.ok_or(BookingError::Unknown)?;
        expected(state, receive_in(state, tx, row, action).await?)
    })
    .await
}

async fn receive_in(
    state: &Parts,
    tx: &Transaction,
    mut row: booking::Model,
    action: BookingAction,
) -> Result<booking::Model, BookingError> {
    let now = state.clock.now();
    row.state = next(&row, action)?;
    let in_time = match action {
        BookingAction::CheckIn => shanghai_date(row.starts_at) == shanghai_date(now),
        BookingAction::GiveUp | BookingAction::Cancel | BookingAction::CallOff => row.starts_at <= now,
    };
    if !in_time {
        return Err(BookingError::WrongTime);
    }
    let came = row.state == BookingState::CheckedIn;
    (row.checked_in_at, row.ended_at) = (came.then_some(now), (!came).then_some(now));
    store::bookings::save(tx, row.clone()).await?;
    Ok(row)
}

/// Links a case with the booking at which it is taken in at this station, within the intake's
/// transaction; whoever was only expected has come.
///
/// # Errors
/// No such booking at the station.
pub(super) async fn link_case(
    state: &Parts,
    tx: &Transaction,
    (id, station_id): (BookingId, StationId),
    case_id: CaseId,
) -> Result<(), BookingError> {
    let known = store::bookings::find(tx, id).await?.ok_or(BookingError::Unknown)?;
    let day = lock_day(tx, known.shift_id).await?;
    let row = store::bookings::find(tx, id).await?.ok_or(BookingError::Unknown)?;
    if day.station_id != station_id || row.case_id.is_some() {
        return Err(BookingError::Unknown);
    }
    if row.state != BookingState::CheckedIn {
        receive_in(state, tx, row, BookingAction::CheckIn).await?;
    }
    Ok(store::bookings::link_case(tx, id, case_id).await?)
}

fn next(row: &booking::Model, action: BookingAction) -> Result<BookingState, BookingError> {
    row.state.after(action).ok_or(BookingError::WrongState { state: row.state })
}

async fn lock_day(tx: &Transaction, id: ShiftId) -> Result<duty_shift::Model, BookingError> {
    let shift = store::shifts::lock(tx, id).await?;
    shift.filter(|shift| shift.kind == ShiftKind::ReceptionDay).ok_or(BookingError::Unknown)
}

async fn load_station(tx: &Transaction, id: StationId) -> Result<station::Model, BookingError> {
    store::directory::stations::find(tx, id).await?.ok_or(BookingError::Unknown)
}

async fn managed_day(state: &Parts, caller: &Caller, id: ShiftId) -> Result<(), BookingError> {
    match managed_shift(state, caller, id).await {
        Ok((shift, _)) if shift.kind == ShiftKind::ReceptionDay => Ok(()),
        Err(RosterError::Store(error)) => Err(error.into()),
        Ok(_) | Err(_) => Err(BookingError::Unknown),
    }
}

fn expected(state: &Parts, row: booking::Model) -> Result<ExpectedVisitor, BookingError> {
    let sealed = row.contact_sealed.as_deref();
    let contact = sealed.map(|sealed| open_contact(state, row.id, sealed)).transpose()?.unwrap_or_default();
    let name = contact.name.as_deref().and_then(|name| Name::parse(name).ok());
    Ok(ExpectedVisitor {
        id: row.id,
        number: row.number,
        state: row.state,
        state_label: row.state.label().to_owned(),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        name: name.map(|name| name.masked()),
        phone: contact.phone.as_deref().and_then(Phone::parse).map(|phone| phone.masked()),
        topic: contact.topic,
        checked_in_at: row.checked_in_at,
        case_id: row.case_id,
    })
}

/// Name, phone and topic, sealed; nothing when nothing was given.
fn seal_contact(state: &Parts, new: &NewBooking) -> Result<Option<Vec<u8>>, StoreError> {
    let contact = BookingContact {
        name: new.name.as_ref().map(|name| name.as_str().to_owned()),
        phone: new.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        topic: new.topic.as_ref().map(|topic| topic.as_str().to_owned()),
    };
    if contact == BookingContact::default() {
        return Ok(None);
    }
    let broken = |error: &dyn ToString| StoreError::inconsistent("bookings", "contact", error.to_string());
    let plain = serde_json::to_vec(&contact).map_err(|error| broken(&error))?;
    Ok(Some(state.sealer.seal(&state.ids, CONTACT_CONTEXT, &plain).map_err(|error| broken(&error))?))
}

/// The contact of a booking, as it was given.
///
/// # Errors
/// It can't be opened.
pub fn open_contact(state: &Parts, id: BookingId, sealed: &[u8]) -> Result<BookingContact, StoreError> {
    let broken = |problem: &dyn ToString| StoreError::inconsistent("bookings", id, problem.to_string());
    let plain = state.sealer.open(CONTACT_CONTEXT, sealed).map_err(|error| broken(&error))?;
    serde_json::from_slice(&plain).map_err(|error| broken(&error))
}
