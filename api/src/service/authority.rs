//! Who may run a station: its manager, and the admins of its committee or of one above; and who
//! administers a committee.

use domain::ids::{CommitteeId, StationId};
use domain::role::Role;
use entity::station;

use crate::auth::Caller;
use crate::service::committees::CommitteeTree;
use crate::state::Parts;
use crate::store::StoreError;
use crate::store::directory::stations;

/// Why somebody may not run a station or administer a committee.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// There is no such station or committee, or none that the caller may know of in this capacity.
    #[error("no such station or committee for this caller")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The station, if the caller may run it.
///
/// # Errors
/// [`AuthorityError::Unknown`] for a stranger as well as for a station that does not exist: a stranger
/// learns nothing. The database does not answer.
pub async fn manages_station(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
) -> Result<station::Model, AuthorityError> {
    if !runs_anything(caller) {
        return Err(AuthorityError::Unknown);
    }
    let station = stations::find(state.db.reader(), station_id).await?.ok_or(AuthorityError::Unknown)?;
    if may_manage(state, caller, station_id, station.committee_id).await? {
        return Ok(station);
    }
    Err(AuthorityError::Unknown)
}

/// Whether the caller may run this station of this committee.
///
/// # Errors
/// The database does not answer.
pub async fn may_manage(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    committee_id: CommitteeId,
) -> Result<bool, StoreError> {
    if !runs_anything(caller) {
        return Ok(false);
    }
    let chain = CommitteeTree::load(state).await?.chain(committee_id);
    Ok(caller.bindings.iter().any(|binding| binding.manages(station_id, &chain)))
}

/// The tree of committees, if the caller administers this one: as its admin, or as one of those above.
///
/// # Errors
/// [`AuthorityError::Unknown`] for everybody else, and where there is no such committee. The database does
/// not answer.
pub async fn administers(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
) -> Result<CommitteeTree, AuthorityError> {
    let mut own = caller.scopes(Role::CommitteeAdmin).map(CommitteeId).peekable();
    if own.peek().is_none() {
        return Err(AuthorityError::Unknown);
    }
    let tree = CommitteeTree::load(state).await?;
    let chain = tree.chain(committee_id);
    if tree.is_known(committee_id) && own.any(|id| chain.contains(&id)) {
        return Ok(tree);
    }
    Err(AuthorityError::Unknown)
}

/// The topmost committee that the caller administers: what holds for everybody is its admins' to decide.
///
/// # Errors
/// [`AuthorityError::Unknown`] for everybody else. The database does not answer.
pub async fn administers_top(state: &Parts, caller: &Caller) -> Result<CommitteeId, AuthorityError> {
    let own: Vec<CommitteeId> = caller.scopes(Role::CommitteeAdmin).map(CommitteeId).collect();
    if own.is_empty() {
        return Err(AuthorityError::Unknown);
    }
    let tree = CommitteeTree::load(state).await?;
    let top = tree.all().iter().find(|row| row.parent_id.is_none() && own.contains(&row.id));
    top.map(|row| row.id).ok_or(AuthorityError::Unknown)
}

/// Spares nearly all callers the look-ups.
pub(super) fn runs_anything(caller: &Caller) -> bool {
    caller.bindings.iter().any(|binding| matches!(binding.role, Role::StationManager | Role::CommitteeAdmin))
}
