//! Departments (承办单位).

use chrono::{DateTime, Utc};
use domain::audit::AuditTarget;
use domain::ids::{CommitteeId, DepartmentId};
use domain::text::Name;
use entity::department::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AdministrationError, Record, closed_at};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::service::idempotency::Request;
use crate::state::Parts;
use crate::store::{administration, rows};

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DepartmentRecord {
    /// Key.
    pub id: DepartmentId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Since when it takes nothing more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// What is set or changed of a department.
#[derive(Debug, Clone)]
pub struct DepartmentChange {
    /// As it is called.
    pub name: Option<Name>,
    /// Whether it takes nothing more.
    pub closed: Option<bool>,
}

impl DepartmentChange {
    fn apply(self, row: &mut Model, now: DateTime<Utc>) {
        if let Some(name) = self.name {
            row.name = name.into_string();
        }
        row.closed_at = closed_at(row.closed_at, self.closed, now);
    }
}

impl From<&Model> for DepartmentRecord {
    fn from(row: &Model) -> Self {
        let (id, committee_id, closed_at) = (row.id, row.committee_id, row.closed_at);
        Self { id, committee_id, name: row.name.clone(), closed_at }
    }
}

impl Record for DepartmentRecord {
    const TARGET: AuditTarget = AuditTarget::Department;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn committee_id(&self) -> CommitteeId {
        self.committee_id
    }

    fn tags(&self) -> Vec<Tag> {
        vec![Tag::Committee(self.committee_id)]
    }
}

/// Adds a department.
///
/// # Errors
/// The caller does not administer the committee; the name is taken; the database does not answer.
pub async fn add(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    change: DepartmentChange,
    request: Option<&Request>,
) -> Result<DepartmentRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let (id, created_at) = (state.ids.next(), state.clock.now());
    let mut row = Model { id, committee_id, name: String::new(), closed_at: None, created_at };
    change.apply(&mut row, created_at);
    let record = DepartmentRecord::from(&row);
    super::create(state, caller, request, record, async |tx| Ok(rows::insert(tx, row).await?)).await
}

/// Changes a department. One that still owes a reply can't be closed.
///
/// # Errors
/// The caller does not administer its committee; the name is taken; cases are with it; the database does not
/// answer.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    id: DepartmentId,
    change: DepartmentChange,
) -> Result<DepartmentRecord, AdministrationError> {
    let (tx, mut row) = super::lock_own(state, caller, id, |row: &Model| row.committee_id).await?;
    let before = DepartmentRecord::from(&row);
    change.apply(&mut row, state.clock.now());
    let after = DepartmentRecord::from(&row);
    if before.closed_at.is_none() && after.closed_at.is_some() {
        super::refuse_open_cases(administration::count_dispatched(&tx, id).await?)?;
    }
    super::change(state, caller, tx, before, after, async |tx| Ok(rows::replace(tx, row).await?)).await
}
