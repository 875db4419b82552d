//! Lists of cases: which a caller may ask for, by role.

use chrono::{DateTime, Utc};
use domain::ids::{CommitteeId, DepartmentId, MemberId, StationId};
use domain::role::Role;

use crate::auth::Caller;
use crate::state::Parts;
use crate::store::case_lists::{CaseFilter, CaseSummary, Cursor, Scope};
use crate::store::{self, StoreError};

/// The lists that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What I raised.
    Mine,
    /// What was given to me as a member.
    Assigned,
    /// What lies at my stations.
    Station,
    /// What lies at my committees and those below.
    Committee,
    /// What was dispatched to my departments.
    Dispatched,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The caller has no role that this list is for.
    #[error("the caller has no role that this list is for")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose cases the caller sees in this list.
///
/// # Errors
/// The caller has no role that this list is for.
pub async fn scope(state: &Parts, caller: &Caller, view: View) -> Result<Scope, ListError> {
    let (role, scope): (Role, fn(Vec<uuid::Uuid>) -> Scope) = match view {
        View::Mine => return Ok(Scope::Resident(caller.account_id)),
        View::Assigned => (Role::Member, |ids| Scope::Members(ids.into_iter().map(MemberId).collect())),
        View::Station => {
            (Role::StationManager, |ids| Scope::Stations(ids.into_iter().map(StationId).collect()))
        }
        View::Committee => {
            let roots: Vec<CommitteeId> = caller.scopes(Role::CommitteeAdmin).map(CommitteeId).collect();
            if roots.is_empty() {
                return Err(ListError::NotAllowed);
            }
            return Ok(Scope::Committees(store::committees::subtree(state.db.reader(), &roots).await?));
        }
        View::Dispatched => {
            (Role::DepartmentOfficer, |ids| Scope::Departments(ids.into_iter().map(DepartmentId).collect()))
        }
    };
    let ids: Vec<uuid::Uuid> = caller.scopes(role).collect();
    if ids.is_empty() { Err(ListError::NotAllowed) } else { Ok(scope(ids)) }
}

/// Up to `limit` cases after the cursor.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    state: &Parts,
    filter: &CaseFilter,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<CaseSummary>, StoreError> {
    store::case_lists::list(state.db.reader(), filter, after, limit).await
}

/// The instant from which a case counts as late in a list.
#[must_use]
pub fn overdue_at(state: &Parts, overdue: bool) -> Option<DateTime<Utc>> {
    overdue.then(|| state.clock.now())
}
