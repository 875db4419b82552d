//! Short lists: committees, categories, sectors, departments.

use domain::ids::{CategoryId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use domain::role::Role;
use domain::vocabulary::Level;
use serde::Serialize;

use super::DirectoryError;
use crate::auth::Caller;
use crate::service::committees::CommitteeTree;
use crate::state::Parts;
use crate::store::directory::{committees, vocabularies};

/// A committee in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CommitteeEntry {
    /// Key.
    pub id: CommitteeId,
    /// The committee above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CommitteeId>,
    /// As it is called.
    pub name: String,
    /// Its level.
    pub level: Level,
}

/// A category in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CategoryEntry {
    /// Key.
    pub id: CategoryId,
    /// Its committee.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Its place in lists.
    #[serde(skip)]
    pub sort: i32,
}

/// A sector in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SectorEntry {
    /// Key.
    pub id: SectorId,
    /// Its committee.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Its place in lists.
    #[serde(skip)]
    pub sort: i32,
}

/// A department in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DepartmentEntry {
    /// Key; the `scope_id` of its officers' roles.
    pub id: DepartmentId,
    /// Its committee.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
}

/// Committees after `last`, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_committees(
    state: &Parts,
    last: Option<CommitteeId>,
    limit: u64,
) -> Result<Vec<CommitteeEntry>, DirectoryError> {
    let tree = CommitteeTree::load(state).await?;
    let rest = tree.all().iter().filter(|row| last.is_none_or(|last| row.id > last));
    let entry = |row: &committees::CommitteeRow| CommitteeEntry {
        id: row.id,
        parent_id: row.parent_id,
        name: row.name.clone(),
        level: row.level,
    };
    Ok(rest.take(usize::try_from(limit).unwrap_or(usize::MAX)).map(entry).collect())
}

/// The categories that are offered, after `last`, by their place in lists.
///
/// # Errors
/// The database does not answer.
pub async fn list_categories(
    state: &Parts,
    committee_id: Option<CommitteeId>,
    last: Option<(i32, CategoryId)>,
    limit: u64,
) -> Result<Vec<CategoryEntry>, DirectoryError> {
    let rows = vocabularies::list_categories(state.db.reader(), committee_id, last, limit).await?;
    let entry = |row: vocabularies::CategoryRow| CategoryEntry {
        id: row.id,
        committee_id: row.committee_id,
        name: row.name,
        sort: row.sort,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Sectors after `last`, by their place in lists.
///
/// # Errors
/// The database does not answer.
pub async fn list_sectors(
    state: &Parts,
    committee_id: Option<CommitteeId>,
    last: Option<(i32, SectorId)>,
    limit: u64,
) -> Result<Vec<SectorEntry>, DirectoryError> {
    let rows = vocabularies::list_sectors(state.db.reader(), committee_id, last, limit).await?;
    let entry = |row: vocabularies::SectorRow| SectorEntry {
        id: row.id,
        committee_id: row.committee_id,
        name: row.name,
        sort: row.sort,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Departments after `last` that the caller can have to do with: of the committees where the caller has a
/// role, of those above, and for an admin of those below.
///
/// # Errors
/// The caller is no staff; the database does not answer.
pub async fn list_departments(
    state: &Parts,
    caller: &Caller,
    last: Option<DepartmentId>,
    limit: u64,
) -> Result<Vec<DepartmentEntry>, DirectoryError> {
    let committees = committees_of(state, caller).await?;
    if committees.is_empty() {
        return Err(DirectoryError::NotStaff);
    }
    let rows = vocabularies::list_departments(state.db.reader(), &committees, last, limit).await?;
    let entry = |row: vocabularies::DepartmentRow| DepartmentEntry {
        id: row.id,
        committee_id: row.committee_id,
        name: row.name,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The committees that somebody of staff has to do with: his own, those above, and those below if he runs one.
pub(in crate::service) async fn committees_of(
    state: &Parts,
    caller: &Caller,
) -> Result<Vec<CommitteeId>, DirectoryError> {
    let stations: Vec<StationId> = caller.scopes(Role::StationManager).map(StationId).collect();
    let members: Vec<MemberId> = caller.scopes(Role::Member).map(MemberId).collect();
    let departments: Vec<DepartmentId> = caller.scopes(Role::DepartmentOfficer).map(DepartmentId).collect();
    let own = committees::list_of(state.db.reader(), &stations, &members, &departments).await?;
    let tree = CommitteeTree::load(state).await?;
    let run: Vec<CommitteeId> = caller.scopes(Role::CommitteeAdmin).map(CommitteeId).collect();
    let above = own.iter().chain(&run).flat_map(|id| tree.chain(*id));
    let below = run.iter().flat_map(|id| tree.below(*id));
    let mut all: Vec<CommitteeId> = above.chain(below).collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
