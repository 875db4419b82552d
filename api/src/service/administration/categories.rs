//! Categories of matters (诉求类别).

use chrono::{DateTime, Utc};
use domain::audit::AuditTarget;
use domain::ids::{CategoryId, CommitteeId, SectorId};
use domain::text::Name;
use entity::category::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patch::Patch;
use super::{AdministrationError, Record, closed_at};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::service::idempotency::Request;
use crate::state::Parts;
use crate::store::{StoreError, Transaction, administration, rows};

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CategoryRecord {
    /// Key.
    pub id: CategoryId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Words in a text that hint at it.
    pub keywords: Vec<String>,
    /// Its place in lists.
    pub sort: i32,
    /// Working days to accept, when not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_days: Option<i32>,
    /// Working days to answer, when not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond_days: Option<i32>,
    /// The sectors that it falls to.
    pub sectors: Vec<SectorId>,
    /// Since when it is no longer offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// What is set or changed of a category.
#[derive(Debug, Clone, Default)]
pub struct CategoryChange {
    /// As it is called.
    pub name: Option<Name>,
    /// Words in a text that hint at it.
    pub keywords: Option<Vec<Name>>,
    /// Its place in lists.
    pub sort: Option<i32>,
    /// Working days to accept.
    pub accept_days: Patch<i32>,
    /// Working days to answer.
    pub respond_days: Patch<i32>,
    /// The sectors that it falls to.
    pub sectors: Option<Vec<SectorId>>,
    /// Whether it is no longer offered.
    pub closed: Option<bool>,
}

impl CategoryChange {
    fn apply(self, record: &mut CategoryRecord, now: DateTime<Utc>) {
        if let Some(name) = self.name {
            record.name = name.into_string();
        }
        if let Some(keywords) = self.keywords {
            record.keywords = keywords.into_iter().map(Name::into_string).collect();
        }
        record.sort = self.sort.unwrap_or(record.sort);
        self.accept_days.apply(&mut record.accept_days);
        self.respond_days.apply(&mut record.respond_days);
        if let Some(sectors) = self.sectors {
            record.sectors = super::sorted(sectors);
        }
        record.closed_at = closed_at(record.closed_at, self.closed, now);
    }
}

impl CategoryRecord {
    fn new(row: &Model, sectors: Vec<SectorId>) -> Result<Self, StoreError> {
        let keywords = serde_json::from_value(row.keywords.clone())
            .map_err(|_| StoreError::inconsistent("categories", row.id, "keywords can't be read"))?;
        Ok(Self {
            id: row.id,
            committee_id: row.committee_id,
            name: row.name.clone(),
            keywords,
            sort: row.sort,
            accept_days: row.accept_days,
            respond_days: row.respond_days,
            sectors: super::sorted(sectors),
            closed_at: row.closed_at,
        })
    }

    fn row(&self, created_at: DateTime<Utc>) -> Model {
        Model {
            id: self.id,
            committee_id: self.committee_id,
            name: self.name.clone(),
            keywords: self.keywords.clone().into(),
            sort: self.sort,
            accept_days: self.accept_days,
            respond_days: self.respond_days,
            closed_at: self.closed_at,
            created_at,
        }
    }
}

impl Record for CategoryRecord {
    const TARGET: AuditTarget = AuditTarget::Category;

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

/// Adds a category.
///
/// # Errors
/// The caller does not administer the committee; the name is taken; a sector is not the committee's; the
/// database does not answer.
pub async fn add(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    change: CategoryChange,
    request: Option<&Request>,
) -> Result<CategoryRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let now = state.clock.now();
    let mut record = CategoryRecord {
        id: state.ids.next(),
        committee_id,
        name: String::new(),
        keywords: Vec::new(),
        sort: 0,
        accept_days: None,
        respond_days: None,
        sectors: Vec::new(),
        closed_at: None,
    };
    change.apply(&mut record, now);
    let (id, row, sectors) = (record.id, record.row(now), record.sectors.clone());
    super::create(state, caller, request, record, async |tx| {
        rows::insert(tx, row).await?;
        keep_sectors(tx, id, committee_id, &sectors).await
    })
    .await
}

/// Changes a category. Terms that change hold for the decisions from now on, not for clocks that run.
///
/// # Errors
/// As [`add`].
pub async fn change(
    state: &Parts,
    caller: &Caller,
    id: CategoryId,
    change: CategoryChange,
) -> Result<CategoryRecord, AdministrationError> {
    let (tx, row) = super::lock_own(state, caller, id, |row: &Model| row.committee_id).await?;
    let before = CategoryRecord::new(&row, administration::list_sectors_of(&tx, id).await?)?;
    let mut after = before.clone();
    change.apply(&mut after, state.clock.now());
    let (changed, sectors) = (after.row(row.created_at), after.sectors.clone());
    super::change(state, caller, tx, before, after, async |tx| {
        rows::replace(tx, changed).await?;
        keep_sectors(tx, id, row.committee_id, &sectors).await
    })
    .await
}

async fn keep_sectors(
    tx: &Transaction,
    id: CategoryId,
    committee_id: CommitteeId,
    sectors: &[SectorId],
) -> Result<(), AdministrationError> {
    if !administration::are_sectors_of(tx, committee_id, sectors).await? {
        return Err(AdministrationError::UnknownReference("/sectors"));
    }
    Ok(administration::replace_sectors_of(tx, id, sectors).await?)
}
