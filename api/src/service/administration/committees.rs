//! Committees: those below one's own.

use domain::audit::AuditTarget;
use domain::ids::CommitteeId;
use domain::text::Name;
use domain::vocabulary::Level;
use entity::committee::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AdministrationError, Record};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::service::idempotency::Request;
use crate::state::Parts;
use crate::store::rows;

/// A committee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CommitteeRecord {
    /// Key.
    pub id: CommitteeId,
    /// The committee above.
    pub parent_id: Option<CommitteeId>,
    /// As it is called.
    pub name: String,
    /// Its level.
    pub level: Level,
}

impl From<&Model> for CommitteeRecord {
    fn from(row: &Model) -> Self {
        Self { id: row.id, parent_id: row.parent_id, name: row.name.clone(), level: row.level }
    }
}

impl Record for CommitteeRecord {
    const TARGET: AuditTarget = AuditTarget::Committee;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn committee_id(&self) -> CommitteeId {
        self.id
    }

    fn tags(&self) -> Vec<Tag> {
        // The tree does not know a new one yet: it hangs on the one above.
        [Some(self.id), self.parent_id].into_iter().flatten().map(Tag::Committee).collect()
    }
}

/// Founds a committee below another.
///
/// # Errors
/// The caller does not administer the one above; the level is not below its level; the database does not
/// answer.
pub async fn found_below(
    state: &Parts,
    caller: &Caller,
    parent_id: CommitteeId,
    name: Name,
    level: Level,
    request: Option<&Request>,
) -> Result<CommitteeRecord, AdministrationError> {
    let tree = administers(state, caller, parent_id).await?;
    let above = tree.all().iter().find(|row| row.id == parent_id).ok_or(AdministrationError::Unknown)?;
    if level <= above.level {
        return Err(AdministrationError::WrongLevel);
    }
    let row = Model {
        id: state.ids.next(),
        parent_id: Some(parent_id),
        name: name.into_string(),
        level,
        created_at: state.clock.now(),
    };
    let record = CommitteeRecord::from(&row);
    super::create(state, caller, request, record, async |tx| Ok(rows::insert(tx, row).await?)).await
}

/// Renames a committee.
///
/// # Errors
/// The caller does not administer it; the database does not answer.
pub async fn rename(
    state: &Parts,
    caller: &Caller,
    id: CommitteeId,
    name: Option<Name>,
) -> Result<CommitteeRecord, AdministrationError> {
    administers(state, caller, id).await?;
    let tx = state.db.begin().await?;
    let mut row: Model = rows::lock(&tx, id).await?.ok_or(AdministrationError::Unknown)?;
    let before = CommitteeRecord::from(&row);
    row.name = name.map_or(row.name, Name::into_string);
    let after = CommitteeRecord::from(&row);
    super::change(state, caller, tx, before, after, async |tx| Ok(rows::replace(tx, row).await?)).await
}
