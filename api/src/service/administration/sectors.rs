//! Sectors (界别).

use domain::audit::AuditTarget;
use domain::ids::{CommitteeId, SectorId};
use domain::text::Name;
use entity::sector::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AdministrationError, Record};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::service::idempotency::Request;
use crate::state::Parts;
use crate::store::rows;

/// A sector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SectorRecord {
    /// Key.
    pub id: SectorId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Its place in lists.
    pub sort: i32,
}

/// What is set or changed of a sector.
#[derive(Debug, Clone)]
pub struct SectorChange {
    /// As it is called.
    pub name: Option<Name>,
    /// Its place in lists.
    pub sort: Option<i32>,
}

impl SectorChange {
    fn apply(self, row: &mut Model) {
        if let Some(name) = self.name {
            row.name = name.into_string();
        }
        row.sort = self.sort.unwrap_or(row.sort);
    }
}

impl From<&Model> for SectorRecord {
    fn from(row: &Model) -> Self {
        Self { id: row.id, committee_id: row.committee_id, name: row.name.clone(), sort: row.sort }
    }
}

impl Record for SectorRecord {
    const TARGET: AuditTarget = AuditTarget::Sector;

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

/// Adds a sector.
///
/// # Errors
/// The caller does not administer the committee; the name is taken; the database does not answer.
pub async fn add(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    change: SectorChange,
    request: Option<&Request>,
) -> Result<SectorRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let (id, created_at) = (state.ids.next(), state.clock.now());
    let mut row = Model { id, committee_id, name: String::new(), sort: 0, created_at };
    change.apply(&mut row);
    let record = SectorRecord::from(&row);
    super::create(state, caller, request, record, async |tx| Ok(rows::insert(tx, row).await?)).await
}

/// Changes a sector.
///
/// # Errors
/// The caller does not administer its committee; the name is taken; the database does not answer.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    id: SectorId,
    change: SectorChange,
) -> Result<SectorRecord, AdministrationError> {
    let (tx, mut row) = super::lock_own(state, caller, id, |row: &Model| row.committee_id).await?;
    let before = SectorRecord::from(&row);
    change.apply(&mut row);
    let after = SectorRecord::from(&row);
    super::change(state, caller, tx, before, after, async |tx| Ok(rows::replace(tx, row).await?)).await
}
