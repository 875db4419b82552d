//! Who else works on a case just now (正在查看): told to staff, so that two don't answer it at once.

use domain::ids::{AccountId, CaseId};
use domain::role::{Party, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::presence::Looker;
use crate::service::case_view::CaseView;
use crate::service::casework::{self, CaseworkError};
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store::cases::CaseKey;
use crate::store::{self, StoreError};

/// Somebody of the staff who has the case open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseViewer)]
pub struct Viewer {
    /// The name; where the account has none, the role in Chinese.
    pub name: String,
    /// The role by which the case is seen.
    pub role: Role,
}

/// A case as one visitor may see it, with who else of the staff has it open, if he is of the staff himself:
/// then he has it open from now on, too.
///
/// # Errors
/// No such case for this visitor.
pub async fn open(state: &Parts, visitor: &Visitor, id: CaseId) -> Result<CaseView, CaseworkError> {
    let mut view = casework::show(state, visitor, CaseKey::Id(id)).await?;
    if let Some(looker) = visitor.caller.as_ref().and_then(|caller| looker(caller, &view)) {
        let others = state.presence.look(id, looker).await;
        view.viewed_by = Some(named(state, others).await?);
    }
    Ok(view)
}

/// As what an account of staff sees a case; none when it is not of the staff.
fn looker(caller: &Caller, view: &CaseView) -> Option<Looker> {
    let (standing, case) = (view.standing, &view.stored.case);
    let runs_station = caller.scopes(Role::StationManager).any(|id| id == case.station_id.0);
    let role = if standing.is(Party::ItsMember) {
        Role::Member
    } else if standing.is(Party::Manager) {
        if runs_station { Role::StationManager } else { Role::CommitteeAdmin }
    } else if standing.is(Party::Officer) {
        Role::DepartmentOfficer
    } else {
        return None;
    };
    let member_id = case.member_id.filter(|_| role == Role::Member);
    Some(Looker { account_id: caller.account_id, role, member_id })
}

/// Those of them whose accounts are still there, by name.
async fn named(state: &Parts, lookers: Vec<Looker>) -> Result<Vec<Viewer>, StoreError> {
    if lookers.is_empty() {
        return Ok(Vec::new());
    }
    let db = state.db.reader();
    let accounts: Vec<AccountId> = lookers.iter().map(|looker| looker.account_id).collect();
    let accounts = store::accounts::list_display_names(db, &accounts).await?;
    let members = store::names::of_members(db, lookers.iter().filter_map(|looker| looker.member_id)).await?;
    let viewer = |Looker { account_id, role, member_id }: Looker| {
        let own = accounts.get(&account_id)?.clone();
        let name = member_id.and_then(|id| members.get(&id).cloned()).or(own);
        Some(Viewer { name: name.unwrap_or_else(|| role.label().to_owned()), role })
    };
    Ok(lookers.into_iter().filter_map(viewer).collect())
}
