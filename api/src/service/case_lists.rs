//! Lists of cases: which a caller may ask for, by role, and how many there are in a member's list.

use chrono::{DateTime, Utc};
use domain::calendar::shanghai_date;
use domain::case::Worklist;
use domain::ids::{CaseId, CommitteeId, DepartmentId, MemberId, StationId};
use domain::role::Role;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::service::casework::{self, CaseworkError};
use crate::service::content;
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store::case_filter::{CaseFilter, Scope, WorklistOn};
use crate::store::case_lists::Listed;
use crate::store::case_pages::{self, Cursor};
use crate::store::cases::CaseKey;
use crate::store::{self, StoreError};

/// The lists that there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    /// What I raised.
    #[default]
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
) -> Result<Vec<Listed>, StoreError> {
    let mut found = find(state, filter, after, limit).await?;
    if let Scope::Resident(_) = filter.scope {
        for listed in found.iter_mut().filter(|listed| listed.case.text_held) {
            listed.case.excerpt = content::IN_PLACE.to_owned();
        }
    }
    Ok(found)
}

async fn find(
    state: &Parts,
    filter: &CaseFilter,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<Listed>, StoreError> {
    let now = state.clock.now();
    let planned = if filter.is_narrow() { state.db.begin_planned().await? } else { None };
    let page = match planned {
        Some(tx) => {
            let page = case_pages::find(&tx, filter, after, limit, now).await?;
            tx.commit().await?;
            page
        }
        None => case_pages::find(state.db.reader(), filter, after, limit, now).await?,
    };
    store::case_lists::summaries(state.db.reader(), &page, filter.seen_by).await
}

/// Up to `limit` followers of a case after the cursor, newest first, for whoever works on it.
///
/// # Errors
/// No such case for this visitor, or he does not work on it.
pub async fn list_followers(
    state: &Parts,
    visitor: &Visitor,
    id: CaseId,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<Listed>, StaffViewError> {
    if !casework::standing_of(state, visitor, CaseKey::Id(id)).await?.is_staff() {
        return Err(ListError::NotAllowed.into());
    }
    Ok(list(state, &CaseFilter::all_of(Scope::Followers(id)), after, limit).await.map_err(ListError::from)?)
}

/// Why a caller is not given what only staff see of a case.
#[derive(Debug, thiserror::Error)]
pub enum StaffViewError {
    /// There is no such case for this visitor.
    #[error(transparent)]
    Case(#[from] CaseworkError),
    /// There is no list.
    #[error(transparent)]
    List(#[from] ListError),
}

impl From<StoreError> for StaffViewError {
    fn from(error: StoreError) -> Self {
        Self::List(error.into())
    }
}

/// The instant from which a case counts as late in a list.
#[must_use]
pub fn overdue_at(state: &Parts, overdue: bool) -> Option<DateTime<Utc>> {
    overdue.then(|| state.clock.now())
}

/// A part of a member's list as it is today.
#[must_use]
pub fn worklist_today(state: &Parts, list: Worklist) -> WorklistOn {
    WorklistOn { list, today: shanghai_date(state.clock.now()) }
}

/// How many cases stand in one part of a member's list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListCount {
    /// All of them.
    pub total: i64,
    /// Those that have changed since the caller saw them.
    pub unseen: i64,
    /// Those whose answer is late.
    pub overdue: i64,
}

/// How many cases of a member have ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndedCount {
    /// All of them.
    pub total: i64,
}

/// The three parts of a member's list in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseCounts)]
pub struct Counts {
    /// What the member has to do.
    pub todo: ListCount,
    /// What waits for somebody else.
    pub waiting: ListCount,
    /// What has ended.
    pub done: EndedCount,
}

/// Counts the caller's list as a member.
///
/// # Errors
/// The caller is no member.
pub async fn count_assigned(state: &Parts, caller: &Caller) -> Result<Counts, ListError> {
    let members: Vec<MemberId> = caller.scopes(Role::Member).map(MemberId).collect();
    if members.is_empty() {
        return Err(ListError::NotAllowed);
    }
    let now = state.clock.now();
    let today = shanghai_date(now);
    let db = state.db.reader();
    let mut counts = Counts::default();
    for row in store::case_counts::open_by_state(db, &members, caller.account_id, now).await? {
        let is_due = row.promised_on.is_some_and(|day| day <= today);
        let list = match Worklist::of(row.state, is_due, row.submitted) {
            Worklist::Todo => &mut counts.todo,
            Worklist::Waiting => &mut counts.waiting,
            // A merged case has no end of its own.
            Worklist::Done => continue,
        };
        list.total += row.total;
        list.unseen += row.unseen;
        list.overdue += row.overdue;
    }
    let all = store::case_counts::all(db, &members).await?;
    // Between the two counts a case may have come or gone.
    counts.done.total = (all - counts.todo.total - counts.waiting.total).max(0);
    Ok(counts)
}
