//! When members take no cases and do not come: told by themselves, or by who runs one of their stations.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::ids::{AbsenceId, MemberId, StationId};
use domain::role::Role;
use domain::text::Reason;
use entity::absence;
use serde::{Deserialize, Serialize};

use super::authority::may_manage;
use super::idempotency;
use super::roster::{RosterError, Shift};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::state::Parts;
use crate::store;
use crate::store::directory::{members, stations};

/// The longest absence.
const LONGEST: TimeDelta = TimeDelta::days(400);
/// How many of the shifts within an absence are shown; they can be seen on the roster as well.
const MOST_SHIFTS: u64 = 100;

/// An absence as it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AbsenceEntry {
    /// Key.
    pub id: AbsenceId,
    /// Who.
    pub member_id: MemberId,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until, exclusive.
    pub ends_at: DateTime<Utc>,
    /// Why; for the member and the manager only.
    pub reason: Option<String>,
}

/// An absence, and what somebody else has to do meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NewAbsence {
    /// The absence.
    #[serde(flatten)]
    pub absence: AbsenceEntry,
    /// The member's shifts within it, which need somebody else; the first 100.
    pub shifts: Vec<Shift>,
}

impl From<absence::Model> for AbsenceEntry {
    fn from(row: absence::Model) -> Self {
        Self {
            id: row.id,
            member_id: row.member_id,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            reason: row.reason,
        }
    }
}

/// Notes an absence: from then on routing passes the member over, and nobody is told that he is there.
///
/// # Errors
/// No such member for this caller; the period is no good; the database does not answer.
pub async fn add(
    state: &Parts,
    caller: &Caller,
    member_id: MemberId,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    reason: Option<Reason>,
    request: Option<&idempotency::Request>,
) -> Result<NewAbsence, RosterError> {
    check_authority(state, caller, member_id).await?;
    let (starts_at, ends_at) = (starts_at.trunc_subsecs(0), ends_at.trunc_subsecs(0));
    let now = state.clock.now();
    let length = ends_at - starts_at;
    if length <= TimeDelta::zero() || length > LONGEST || ends_at <= now || starts_at > now + LONGEST {
        return Err(RosterError::BadHours);
    }
    let reason = reason.map(Reason::into_string);
    let row = absence::Model { id: state.ids.next(), member_id, starts_at, ends_at, reason, created_at: now };
    let added = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        store::absences::insert(tx, row.clone()).await?;
        let period = (starts_at.max(now), Some(ends_at));
        let shifts = store::shifts::list_of_members(tx, &[member_id], period, None, MOST_SHIFTS).await?;
        let shifts = shifts.into_iter().map(Shift::from).collect();
        Ok::<_, RosterError>(NewAbsence { absence: row.into(), shifts })
    })
    .await?;
    forget(state, member_id).await?;
    Ok(added)
}

/// The member's absences that are not over, after `last`.
///
/// # Errors
/// No such member for this caller; the database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    member_id: MemberId,
    last: Option<AbsenceId>,
    limit: u64,
) -> Result<Vec<AbsenceEntry>, RosterError> {
    check_authority(state, caller, member_id).await?;
    let now = state.clock.now();
    let rows = store::absences::list_of_member(state.db.reader(), member_id, now, last, limit).await?;
    Ok(rows.into_iter().map(AbsenceEntry::from).collect())
}

/// Takes an absence back: the member is there again.
///
/// # Errors
/// No such absence for this caller; the database does not answer.
pub async fn remove(state: &Parts, caller: &Caller, id: AbsenceId) -> Result<(), RosterError> {
    let row = store::absences::find(state.db.reader(), id).await?.ok_or(RosterError::Unknown)?;
    check_authority(state, caller, row.member_id).await?;
    store::absences::delete(state.db.reader(), id).await?;
    forget(state, row.member_id).await
}

/// The member himself, or who runs a station that he serves.
async fn check_authority(state: &Parts, caller: &Caller, member_id: MemberId) -> Result<(), RosterError> {
    if caller.scopes(Role::Member).any(|scope_id| scope_id == member_id.0) {
        return Ok(());
    }
    let db = state.db.reader();
    let serving: Vec<StationId> =
        members::list_stations_of(db, &[member_id]).await?.into_iter().map(|station| station.id).collect();
    for station in stations::list_by_ids(db, &serving).await? {
        if may_manage(state, caller, station.id, station.committee_id).await? {
            return Ok(());
        }
    }
    Err(RosterError::Unknown)
}

/// Lets cards, pages and routing see the change at once, at every station of the member: a card does not
/// depend on members who are not on it, yet.
async fn forget(state: &Parts, member_id: MemberId) -> Result<(), RosterError> {
    let db = state.db.reader();
    let serving: Vec<StationId> =
        members::list_stations_of(db, &[member_id]).await?.into_iter().map(|station| station.id).collect();
    let mut tags = vec![Tag::Member(member_id)];
    tags.extend(serving.iter().copied().map(Tag::Station));
    state.cache.invalidate(&tags).await;
    let committees =
        stations::list_by_ids(db, &serving).await?.into_iter().map(|station| station.committee_id);
    let today = domain::calendar::shanghai_date(state.clock.now());
    let own = members::find_committee(db, member_id, today).await?;
    committees.chain(own).for_each(|committee_id| state.boards.forget(committee_id));
    Ok(())
}
