//! Who has held a case for how long, with names: for the staff who work on it.

use domain::case::{Course, Holder, Holding};
use domain::ids::CaseId;
use domain::role::{Binding, Role};
use uuid::Uuid;

use crate::service::case_lists::{ListError, StaffViewError};
use crate::service::casework;
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store;
use crate::store::cases::{CaseKey, Readers};

/// As many events are read at once.
const READ_AT_ONCE: u64 = 500;

/// One holder with a name.
#[derive(Debug, Clone)]
pub struct NamedHolding {
    /// Who, and how long.
    pub holding: Holding,
    /// What station, member or department are called.
    pub name: Option<String>,
}

/// The time per holder until now, in the order in which they first had the case. It adds up to the time in
/// which the case had not ended.
///
/// # Errors
/// No such case for this visitor, or he is none of its staff.
pub async fn list(state: &Parts, visitor: &Visitor, id: CaseId) -> Result<Vec<NamedHolding>, StaffViewError> {
    if !casework::standing_of(state, visitor, CaseKey::Id(id)).await?.is_staff() {
        return Err(ListError::NotAllowed.into());
    }
    let db = state.db.reader();
    let calendar = state.calendars.current();
    let (mut course, mut after) = (Course::default(), 0);
    loop {
        let events = store::cases::list_events(db, id, Readers::Staff, after, READ_AT_ONCE).await?;
        let Some(last) = events.last() else { break };
        after = last.seq;
        for stored in &events {
            course.add(&stored.event, &calendar);
        }
    }
    let holdings = course.finish(state.clock.now(), &calendar);
    let scopes: Vec<Binding> = holdings.iter().filter_map(|holding| scope(holding.holder)).collect();
    let names = store::reach::list_scope_names(db, &scopes).await?;
    let name = |holder| scope(holder).and_then(|scope| names.get(&scope.scope_id).cloned());
    Ok(holdings.into_iter().map(|holding| NamedHolding { name: name(holding.holder), holding }).collect())
}

/// What has the holder's name, as the scope of a role.
fn scope(holder: Holder) -> Option<Binding> {
    let (role, scope_id): (Role, Uuid) = match holder {
        Holder::Manager(station) => (Role::StationManager, station.0),
        Holder::Member(member) => (Role::Member, member.0),
        Holder::Department(department) => (Role::DepartmentOfficer, department.0),
        Holder::Resident | Holder::Leader(_) => return None,
    };
    Some(Binding { role, scope_id })
}
