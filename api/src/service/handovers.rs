//! A member hands a shift over to a colleague of the same station, or swaps it for one of his, if he agrees.

use chrono::{DateTime, Utc};
use domain::ids::{HandoverId, MemberId, ShiftId};
use domain::role::Role;
use domain::text::Reason;
use domain::vocabulary::HandoverState;
use entity::{duty_shift, shift_handover, station};
use serde::{Deserialize, Serialize};

use super::idempotency;
use super::notices;
use super::roster::{RosterError, check_member, forget, lock_running, replace};
use crate::auth::Caller;
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction, parties};

/// An offer as the two members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Handover {
    /// Key.
    pub id: HandoverId,
    /// The shift.
    pub shift_id: ShiftId,
    /// Who has it.
    pub from_member_id: MemberId,
    /// Who is asked to take it.
    pub to_member_id: MemberId,
    /// Where the offer stands.
    pub state: HandoverState,
    /// The same in Chinese.
    pub state_label: String,
    /// The colleague's shift that is wanted in exchange, if any.
    pub in_return_shift_id: Option<ShiftId>,
    /// When it can't be accepted any more: when the shift is over, or one of two to be swapped begins.
    pub expires_at: Option<DateTime<Utc>>,
    /// A few words to the colleague.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was answered or withdrawn.
    pub decided_at: Option<DateTime<Utc>>,
}

/// How an offer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The colleague takes the shift.
    Accept,
    /// The colleague does not.
    Decline,
    /// Who made it takes it back.
    Withdraw,
}

impl From<shift_handover::Model> for Handover {
    fn from(row: shift_handover::Model) -> Self {
        Self {
            id: row.id,
            shift_id: row.shift_id,
            from_member_id: row.from_member_id,
            to_member_id: row.to_member_id,
            state: row.state,
            state_label: row.state.label().to_owned(),
            in_return_shift_id: row.in_return_shift_id,
            expires_at: row.expires_at,
            note: row.note,
            created_at: row.created_at,
            decided_at: row.decided_at,
        }
    }
}

fn is(caller: &Caller, member_id: MemberId) -> bool {
    caller.scopes(Role::Member).any(|scope_id| scope_id == member_id.0)
}

/// What a member offers, and to whom.
#[derive(Debug, Clone)]
pub struct Offer {
    /// His own shift.
    pub shift_id: ShiftId,
    /// The colleague.
    pub to_member_id: MemberId,
    /// The colleague's shift that he would take instead.
    pub in_return_shift_id: Option<ShiftId>,
    /// A few words to the colleague.
    pub note: Option<Reason>,
}

/// Asks a colleague to take one's own shift over, or to swap it for one of his.
///
/// # Errors
/// See [`RosterError`]
pub async fn offer(
    state: &Parts,
    caller: &Caller,
    offer: Offer,
    request: Option<&idempotency::Request>,
) -> Result<Handover, RosterError> {
    let Offer { shift_id, to_member_id, in_return_shift_id, note } = offer;
    let shift = store::shifts::find(state.db.reader(), shift_id).await?.ok_or(RosterError::Unknown)?;
    if !is(caller, shift.member_id) {
        return Err(RosterError::Unknown);
    }
    let now = state.clock.now();
    idempotency::once(state, request, idempotency::CREATED, async |tx| {
        let (shift, in_return) = lock_shifts(tx, shift_id, in_return_shift_id, now).await?;
        if shift.member_id == to_member_id || !is(caller, shift.member_id) {
            return Err(RosterError::NotServing);
        }
        if in_return.as_ref().is_some_and(|in_return| in_return.member_id != to_member_id) {
            return Err(RosterError::NotTheirs);
        }
        lock_members(tx, shift.member_id, to_member_id).await?;
        check_member(tx, &duty_shift::Model { member_id: to_member_id, ..shift.clone() }).await?;
        if let Some(in_return) = &in_return {
            check_member(tx, &duty_shift::Model { member_id: shift.member_id, ..in_return.clone() }).await?;
        }
        store::handovers::withdraw_expired(tx, shift_id, now).await?;
        let expires_at =
            in_return.as_ref().map_or(shift.ends_at, |other| shift.starts_at.min(other.starts_at));
        let row = shift_handover::Model {
            id: state.ids.next(),
            shift_id,
            from_member_id: shift.member_id,
            to_member_id,
            state: HandoverState::Offered,
            in_return_shift_id,
            expires_at: Some(expires_at),
            note: note.map(Reason::into_string),
            decided_at: None,
            created_at: now,
        };
        match store::handovers::insert(tx, row.clone()).await {
            Err(StoreError::Duplicate(_)) => return Err(RosterError::AlreadyOffered),
            other => other?,
        }
        let station = load_station(tx, &shift).await?;
        let name = parties::find_member_name(tx, Some(shift.member_id)).await?.unwrap_or_default();
        let telling = match &in_return {
            Some(in_return) => {
                notices::swap_offered(&station.name, shift.starts_at, &name, in_return.starts_at)
            }
            None => notices::offered(&station.name, shift.starts_at, &name),
        };
        tell(state, tx, shift_id, to_member_id, &telling).await?;
        Ok(row.into())
    })
    .await
}

/// Answers or withdraws an offer. Who takes a shift over has it at once.
///
/// # Errors
/// See [`RosterError`]
pub async fn reply(
    state: &Parts,
    caller: &Caller,
    id: HandoverId,
    reply: Reply,
    request: Option<&idempotency::Request>,
) -> Result<Handover, RosterError> {
    let known = store::handovers::find(state.db.reader(), id).await?.ok_or(RosterError::Unknown)?;
    let (from, to) = (is(caller, known.from_member_id), is(caller, known.to_member_id));
    if !from && !to {
        return Err(RosterError::Unknown);
    }
    if !(if reply == Reply::Withdraw { from } else { to }) {
        return Err(RosterError::NotAllowed);
    }
    let mut changed = None;
    let answered = idempotency::once(state, request, idempotency::OK, async |tx| {
        let (handover, stations) = reply_in(state, tx, caller, known, reply).await?;
        changed = Some(stations);
        Ok::<_, RosterError>(Handover::from(handover))
    })
    .await?;
    for station in changed.into_iter().flatten() {
        let members = [answered.from_member_id, answered.to_member_id];
        forget(state, station.committee_id, station.id, members).await;
    }
    Ok(answered)
}

async fn reply_in(
    state: &Parts,
    tx: &Transaction,
    caller: &Caller,
    known: shift_handover::Model,
    reply: Reply,
) -> Result<(shift_handover::Model, Vec<station::Model>), RosterError> {
    let now = state.clock.now();
    let (shift, in_return) = lock_shifts(tx, known.shift_id, known.in_return_shift_id, now).await?;
    let mut row = store::handovers::find(tx, known.id).await?.ok_or(RosterError::Unknown)?;
    if row.state != HandoverState::Offered {
        return Err(RosterError::TooLate);
    }
    let station = load_station(tx, &shift).await?;
    let mut stations = vec![station.clone()];
    row.decided_at = Some(now);
    row.state = match reply {
        Reply::Accept => HandoverState::Accepted,
        Reply::Decline => HandoverState::Declined,
        Reply::Withdraw => HandoverState::Withdrawn,
    };
    store::handovers::save(tx, row.clone()).await?;
    if reply == Reply::Accept {
        lock_members(tx, row.from_member_id, row.to_member_id).await?;
        if let Some(in_return) = &in_return {
            let theirs = load_station(tx, in_return).await?;
            let mut after = duty_shift::Model { member_id: row.from_member_id, ..in_return.clone() };
            after.fixed_by_hand = true;
            replace(state, tx, caller, &theirs, (in_return, after)).await?;
            stations.push(theirs);
        }
        let mut after = duty_shift::Model { member_id: row.to_member_id, ..shift.clone() };
        after.fixed_by_hand = true;
        replace(state, tx, caller, &station, (&shift, after)).await?;
    }
    if reply != Reply::Withdraw {
        let name = parties::find_member_name(tx, Some(row.to_member_id)).await?.unwrap_or_default();
        let is_accepted = reply == Reply::Accept;
        let telling = match &in_return {
            Some(_) => notices::swap_answered(&station.name, shift.starts_at, &name, is_accepted),
            None => notices::answered(&station.name, shift.starts_at, &name, is_accepted),
        };
        tell(state, tx, shift.id, row.from_member_id, &telling).await?;
    }
    Ok((row, stations))
}

/// The offers that the caller made or got, before `before`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    before: Option<HandoverId>,
    limit: u64,
) -> Result<Vec<Handover>, StoreError> {
    let members: Vec<MemberId> = caller.scopes(Role::Member).map(MemberId).collect();
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store::handovers::list_of_members(state.db.reader(), &members, before, limit).await?;
    Ok(rows.into_iter().map(Handover::from).collect())
}

/// Locks the shift, and the one that is wanted in exchange, in the order of their ids: two who swap the same
/// two wait for each other, and not both for ever. A swap ends when one of the two begins.
async fn lock_shifts(
    tx: &Transaction,
    id: ShiftId,
    in_return_id: Option<ShiftId>,
    now: DateTime<Utc>,
) -> Result<(duty_shift::Model, Option<duty_shift::Model>), RosterError> {
    let Some(in_return_id) = in_return_id else { return Ok((lock_running(tx, id, now).await?, None)) };
    if id == in_return_id {
        return Err(RosterError::NotTheirs);
    }
    let one = lock_running(tx, id.min(in_return_id), now).await;
    let other = lock_running(tx, id.max(in_return_id), now).await;
    let (own, theirs) = if id < in_return_id { (one, other) } else { (other, one) };
    let theirs = theirs.map_err(|error| match error {
        RosterError::Unknown => RosterError::NotTheirs,
        other => other,
    });
    let (own, theirs) = (own?, theirs?);
    if own.starts_at <= now || theirs.starts_at <= now {
        return Err(RosterError::TooLate);
    }
    Ok((own, Some(theirs)))
}

/// Locks two members, in the order of their ids: what they get is checked under these locks.
async fn lock_members(tx: &Transaction, one: MemberId, other: MemberId) -> Result<(), StoreError> {
    for id in [one.min(other), one.max(other)] {
        store::shifts::lock_member(tx, id).await?;
    }
    Ok(())
}

async fn load_station(tx: &Transaction, shift: &duty_shift::Model) -> Result<station::Model, RosterError> {
    store::directory::stations::find(tx, shift.station_id).await?.ok_or(RosterError::Unknown)
}

async fn tell(
    state: &Parts,
    tx: &Transaction,
    shift_id: ShiftId,
    member_id: MemberId,
    telling: &notices::Telling,
) -> Result<(), StoreError> {
    let holders = parties::list_holders(tx, Role::Member, member_id.0).await?;
    notices::tell(state, tx, shift_id, holders.into_iter().map(|account_id| (account_id, None)), telling)
        .await
}
