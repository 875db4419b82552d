//! Whom a manager gives a case to: one case, several, or all of a member who goes on leave or leaves.
//!
//! Several cases are as many actions, each in a transaction of its own: what was done stays done when
//! something goes wrong in the middle, and the same call goes on where it stopped.

use domain::audit::{AuditAction, AuditTarget};
use domain::case::{Assignee, Command};
use domain::ids::{CaseId, MemberId, StationId};
use domain::routing::{Assignment, Matter};
use domain::text::Reason;
use serde::Serialize;
use serde_json::json;

use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::audit::{self, Deed};
use crate::service::authority::may_manage;
use crate::service::board;
use crate::service::casework::{self, CaseworkError, Order};
use crate::service::visitor::Visitor;
use crate::state::AppState;
use crate::store::cases::{CaseKey, StoredCase};
use crate::store::{self, StoreError};

/// Cases that are handed over in one call; the same call goes on with the rest.
const MOST_AT_ONCE: u64 = 200;

/// To whom a case goes, as a manager says it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// The member; without one, routing chooses at the station.
    pub member_id: Option<MemberId>,
    /// The station; without one it stays.
    pub station_id: Option<StationId>,
}

/// Whom a manager names when assigning: a member, a station, or both.
///
/// With a station alone, routing chooses among its members; if nobody is suitable the case waits
/// for that station's manager.
///
/// # Errors
/// Nobody named, an unknown station or member, or a member who does not serve the station.
pub async fn assignee(
    state: &AppState,
    visitor: &Visitor,
    id: CaseId,
    wish: Wish,
) -> Result<Assignee, CaseworkError> {
    let db = state.db.reader();
    let stored = store::cases::find(db, CaseKey::Id(id)).await?.ok_or(CaseworkError::NotFound)?;
    casework::standing(db, visitor, &stored).await?;
    if wish.member_id.is_none() && wish.station_id.is_none() {
        return Err(CaseworkError::NoAssignee);
    }
    resolve(state, &stored, wish, &[]).await
}

/// The member and station of a wish; routing leaves `excluded` out.
async fn resolve(
    state: &AppState,
    stored: &StoredCase,
    wish: Wish,
    excluded: &[MemberId],
) -> Result<Assignee, CaseworkError> {
    let board = board::of(state, stored.case.committee_id).await?;
    let target = wish.station_id.unwrap_or(stored.case.station_id);
    let fits = |open: bool| open || wish.station_id.is_none();
    if !board.directory.stations.iter().any(|station| station.id == target && fits(station.open)) {
        return Err(CaseworkError::UnknownStation);
    }
    if let Some(member_id) = wish.member_id {
        if !store::case_terms::member_serves(state.db.reader(), member_id, target).await? {
            return Err(CaseworkError::UnknownMember);
        }
        return Ok(Assignee { station_id: target, member_id: Some(member_id) });
    }
    let matter = Matter {
        code: None,
        chosen_station_id: Some(target),
        chosen_member_id: None,
        category_id: stored.category_id,
        place: None,
        at: state.clock.now(),
        text: &stored.text,
        excluded,
        returns: 0,
    };
    let member_id = match board.route(&matter).map(|routing| (routing.station_id, routing.assignment)) {
        Ok((station_id, Assignment::Assigned(member_id))) if station_id == target => Some(member_id),
        _ => None,
    };
    Ok(Assignee { station_id: target, member_id })
}

/// What to do with the cases of a member.
#[derive(Debug, Clone)]
pub struct CaseloadOrder {
    /// Who takes them; without one, routing chooses for each.
    pub to_member_id: Option<MemberId>,
    /// Why, as it stands in each case's history.
    pub reason: Reason,
    /// Whether the member's printed codes lead to the station from now on.
    pub rehome_codes: bool,
}

/// What became of a member's cases and codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MovedCases {
    /// Cases that another member has now.
    pub reassigned: u32,
    /// Cases that wait for the manager: nobody was suitable.
    pub to_manager: u32,
    /// Cases that stay with the member: they wait for the resident, the new member does not serve their
    /// station, they are another station's, or there are more than one call takes.
    pub left: u32,
    /// Codes that lead to the station now.
    pub codes: u32,
}

/// Hands the open cases of a member over, as far as the caller manages them; with the codes if wanted.
///
/// # Errors
/// There is no such member at a station of the caller's; the database does not answer. What was done until
/// then stays done.
pub async fn move_cases(
    state: &AppState,
    caller: &Caller,
    member_id: MemberId,
    order: &CaseloadOrder,
) -> Result<MovedCases, CaseworkError> {
    let stations = managed_stations(state, caller, member_id).await?;
    if stations.is_empty() {
        return Err(CaseworkError::NotFound);
    }
    let db = state.db.reader();
    let cases = store::caseloads::list_open_of(db, member_id, &stations, MOST_AT_ONCE).await?;
    let visitor = Visitor { caller: Some(caller.clone()), ticket: None };
    let mut moved = MovedCases::default();
    for id in cases {
        match move_case(state, &visitor, id, member_id, order).await {
            Ok(Some(_)) => moved.reassigned += 1,
            Ok(None) => moved.to_manager += 1,
            // It has moved on meanwhile, or the new member does not serve its station: it is counted below.
            Err(
                CaseworkError::WrongState { .. } | CaseworkError::UnknownMember | CaseworkError::NotFound,
            ) => {}
            Err(error) => return Err(error),
        }
    }
    if order.rehome_codes {
        moved.codes = rehome_codes(state, caller, member_id, &stations).await?;
    }
    let left = store::administration::count_unanswered_of_member(db, member_id).await?;
    moved.left = u32::try_from(left).unwrap_or(u32::MAX);
    Ok(moved)
}

/// The stations that the member serves or has cases at, as far as the caller runs them.
async fn managed_stations(
    state: &AppState,
    caller: &Caller,
    member_id: MemberId,
) -> Result<Vec<StationId>, StoreError> {
    let mut managed = Vec::new();
    for (station_id, committee_id) in store::caseloads::list_stations_of(state.db.reader(), member_id).await?
    {
        if may_manage(state, caller, station_id, committee_id).await? {
            managed.push(station_id);
        }
    }
    Ok(managed)
}

async fn move_case(
    state: &AppState,
    visitor: &Visitor,
    id: CaseId,
    from: MemberId,
    order: &CaseloadOrder,
) -> Result<Option<MemberId>, CaseworkError> {
    let found = store::cases::find(state.db.reader(), CaseKey::Id(id)).await?;
    let stored = found.filter(|stored| stored.case.member_id == Some(from)).ok_or(CaseworkError::NotFound)?;
    let wish = Wish { member_id: order.to_member_id, station_id: None };
    let to = resolve(state, &stored, wish, &[from]).await?;
    let command = Command::Reassign { to, reason: order.reason.clone() };
    casework::act(state, visitor, id, Order { command, seen_version: None, request: None }).await?;
    Ok(to.member_id)
}

async fn rehome_codes(
    state: &AppState,
    caller: &Caller,
    member_id: MemberId,
    stations: &[StationId],
) -> Result<u32, StoreError> {
    let tx = state.db.begin().await?;
    let codes = store::caseloads::rehome_codes(&tx, member_id, stations).await?;
    for code in &codes {
        let deed = Deed {
            committee_id: Some(code.committee_id),
            action: AuditAction::Change,
            target: AuditTarget::Code,
            target_id: code.id.0,
            detail: json!({ "before": { "member_id": member_id }, "after": { "member_id": null } }),
        };
        audit::record(state, &tx, Some(caller.account_id), deed).await?;
    }
    tx.commit().await?;
    let tags: Vec<Tag> = codes.iter().map(|code| Tag::Code(code.token.clone())).collect();
    state.cache.invalidate(&tags).await;
    Ok(u32::try_from(codes.len()).unwrap_or(u32::MAX))
}
