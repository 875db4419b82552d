//! A member hands a shift over to a colleague of the same station, who has to agree.

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
            note: row.note,
            created_at: row.created_at,
            decided_at: row.decided_at,
        }
    }
}

fn is(caller: &Caller, member_id: MemberId) -> bool {
    caller.scopes(Role::Member).any(|scope_id| scope_id == member_id.0)
}

/// Asks a colleague to take one's own shift over.
///
/// # Errors
/// See [`RosterError`]
pub async fn offer(
    state: &Parts,
    caller: &Caller,
    shift_id: ShiftId,
    to_member_id: MemberId,
    note: Option<Reason>,
    request: Option<&idempotency::Request>,
) -> Result<Handover, RosterError> {
    let shift = store::shifts::find(state.db.reader(), shift_id).await?.ok_or(RosterError::Unknown)?;
    if !is(caller, shift.member_id) {
        return Err(RosterError::Unknown);
    }
    let now = state.clock.now();
    idempotency::once(state, request, idempotency::CREATED, async |tx| {
        let shift = lock_running(tx, shift_id, now).await?;
        if shift.member_id == to_member_id || !is(caller, shift.member_id) {
            return Err(RosterError::NotServing);
        }
        check_member(tx, &duty_shift::Model { member_id: to_member_id, ..shift.clone() }).await?;
        let row = shift_handover::Model {
            id: state.ids.next(),
            shift_id,
            from_member_id: shift.member_id,
            to_member_id,
            state: HandoverState::Offered,
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
        let telling = notices::offered(&station.name, shift.starts_at, &name);
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
        let (handover, station) = reply_in(state, tx, caller, known, reply).await?;
        changed = Some(station);
        Ok::<_, RosterError>(Handover::from(handover))
    })
    .await?;
    if let Some(station) = changed {
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
) -> Result<(shift_handover::Model, station::Model), RosterError> {
    let now = state.clock.now();
    let shift = lock_running(tx, known.shift_id, now).await?;
    let mut row = store::handovers::find(tx, known.id).await?.ok_or(RosterError::Unknown)?;
    if row.state != HandoverState::Offered {
        return Err(RosterError::TooLate);
    }
    let station = load_station(tx, &shift).await?;
    row.decided_at = Some(now);
    row.state = match reply {
        Reply::Accept => HandoverState::Accepted,
        Reply::Decline => HandoverState::Declined,
        Reply::Withdraw => HandoverState::Withdrawn,
    };
    store::handovers::save(tx, row.clone()).await?;
    if reply == Reply::Accept {
        let mut after = duty_shift::Model { member_id: row.to_member_id, ..shift.clone() };
        after.fixed_by_hand = true;
        replace(state, tx, caller, &station, (&shift, after)).await?;
    }
    if reply != Reply::Withdraw {
        let name = parties::find_member_name(tx, Some(row.to_member_id)).await?.unwrap_or_default();
        let telling = notices::answered(&station.name, shift.starts_at, &name, reply == Reply::Accept);
        tell(state, tx, shift.id, row.from_member_id, &telling).await?;
    }
    Ok((row, station))
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
