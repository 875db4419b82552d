//! Members (委员).

use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::AuditTarget;
use domain::ids::{CategoryId, CommitteeId, MemberId, SectorId, StationId};
use domain::text::{Name, Remark};
use domain::vocabulary::Level;
use entity::member::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patch::Patch;
use super::{AdministrationError, Record};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::service::idempotency::Request;
use crate::service::names::{name_initials, name_pinyin};
use crate::state::Parts;
use crate::store::{StoreError, Transaction, administration, rows};

/// How many open cases a member can carry when nothing is said.
pub const DEFAULT_CAPACITY: i32 = 10;
/// The most open cases that a member can carry.
pub const MOST_CASES: i32 = 1_000;
/// The most stations that a member serves, and categories that a member knows well.
pub const MOST_LINKS: usize = 50;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberRecord {
    /// Key.
    pub id: MemberId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// The sector that the member stands for.
    pub sector_id: SectorId,
    /// The name.
    pub name: String,
    /// The level of the member's committee.
    pub level: Level,
    /// Post or profession.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// A few words for residents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// How many open cases the member can carry.
    pub capacity: i32,
    /// When the term ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
    /// The stations that the member serves.
    pub stations: Vec<StationId>,
    /// The categories that the member knows well.
    pub specialities: Vec<CategoryId>,
}

/// What is set or changed of a member.
#[derive(Debug, Clone, Default)]
pub struct MemberChange {
    /// The sector.
    pub sector_id: Option<SectorId>,
    /// The name.
    pub name: Option<Name>,
    /// The level.
    pub level: Option<Level>,
    /// Post or profession.
    pub post: Patch<Name>,
    /// A few words.
    pub bio: Patch<Remark>,
    /// How many open cases the member can carry.
    pub capacity: Option<i32>,
    /// When the term ended.
    pub left_on: Patch<NaiveDate>,
    /// The stations.
    pub stations: Option<Vec<StationId>>,
    /// The categories.
    pub specialities: Option<Vec<CategoryId>>,
}

impl MemberChange {
    fn apply(self, record: &mut MemberRecord) {
        record.sector_id = self.sector_id.unwrap_or(record.sector_id);
        if let Some(name) = self.name {
            record.name = name.into_string();
        }
        record.level = self.level.unwrap_or(record.level);
        self.post.map(Name::into_string).apply(&mut record.post);
        self.bio.map(Remark::into_string).apply(&mut record.bio);
        record.capacity = self.capacity.unwrap_or(record.capacity);
        self.left_on.apply(&mut record.left_on);
        if let Some(stations) = self.stations {
            record.stations = super::sorted(stations);
        }
        if let Some(specialities) = self.specialities {
            record.specialities = super::sorted(specialities);
        }
    }
}

impl MemberRecord {
    /// A new one of a committee of this level.
    pub(super) fn new(
        id: MemberId,
        (committee_id, level): (CommitteeId, Level),
        sector_id: SectorId,
        change: MemberChange,
    ) -> Self {
        let mut record = Self {
            id,
            committee_id,
            sector_id,
            name: String::new(),
            level,
            post: None,
            bio: None,
            capacity: DEFAULT_CAPACITY,
            left_on: None,
            stations: Vec::new(),
            specialities: Vec::new(),
        };
        change.apply(&mut record);
        record
    }

    async fn read(tx: &Transaction, row: &Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            committee_id: row.committee_id,
            sector_id: row.sector_id,
            name: row.name.clone(),
            level: row.level,
            post: row.post.clone(),
            bio: row.bio.clone(),
            capacity: row.capacity,
            left_on: row.left_on,
            stations: super::sorted(administration::list_stations_of(tx, row.id).await?),
            specialities: super::sorted(administration::list_specialities_of(tx, row.id).await?),
        })
    }

    pub(super) fn row(&self, photo_id: Option<domain::ids::UploadId>, created_at: DateTime<Utc>) -> Model {
        Model {
            id: self.id,
            committee_id: self.committee_id,
            sector_id: self.sector_id,
            name_pinyin: name_pinyin(&self.name),
            name_initials: name_initials(&self.name),
            name: self.name.clone(),
            level: self.level,
            post: self.post.clone(),
            bio: self.bio.clone(),
            photo_id,
            capacity: self.capacity,
            left_on: self.left_on,
            created_at,
        }
    }

    /// Checks that all it points to is the committee's, and stores what it serves and knows.
    async fn keep_links(&self, tx: &Transaction) -> Result<(), AdministrationError> {
        let committee_id = self.committee_id;
        if !administration::are_stations_of(tx, committee_id, &self.stations).await? {
            return Err(AdministrationError::UnknownReference("/stations"));
        }
        if !administration::are_categories_of(tx, committee_id, &self.specialities).await? {
            return Err(AdministrationError::UnknownReference("/specialities"));
        }
        administration::replace_stations_of(tx, self.id, &self.stations).await?;
        Ok(administration::replace_specialities_of(tx, self.id, &self.specialities).await?)
    }

    async fn check_sector(&self, tx: &Transaction) -> Result<(), AdministrationError> {
        match administration::are_sectors_of(tx, self.committee_id, &[self.sector_id]).await? {
            true => Ok(()),
            false => Err(AdministrationError::UnknownReference("/sector_id")),
        }
    }
}

impl Record for MemberRecord {
    const TARGET: AuditTarget = AuditTarget::Member;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn committee_id(&self) -> CommitteeId {
        self.committee_id
    }

    fn tags(&self) -> Vec<Tag> {
        let stations = self.stations.iter().copied().map(Tag::Station);
        stations.chain([Tag::Member(self.id)]).collect()
    }
}

/// Adds a member of this sector.
///
/// # Errors
/// The caller does not administer the committee; a sector, station or category is not the committee's; the
/// database does not answer.
pub async fn add(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    sector_id: SectorId,
    change: MemberChange,
    request: Option<&Request>,
) -> Result<MemberRecord, AdministrationError> {
    let tree = administers(state, caller, committee_id).await?;
    let level = tree.all().iter().find(|row| row.id == committee_id).map_or(Level::District, |row| row.level);
    let record = MemberRecord::new(state.ids.next(), (committee_id, level), sector_id, change);
    let (row, links) = (record.row(None, state.clock.now()), record.clone());
    super::create(state, caller, request, record, async |tx| {
        links.check_sector(tx).await?;
        rows::insert(tx, row).await?;
        links.keep_links(tx).await
    })
    .await
}

/// Changes a member. Whoever has open cases neither leaves nor stops serving a station that they are at:
/// they are reassigned first.
///
/// # Errors
/// As [`add`]; cases are open.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    id: MemberId,
    change: MemberChange,
) -> Result<MemberRecord, AdministrationError> {
    let (tx, row) = super::lock_own(state, caller, id, |row: &Model| row.committee_id).await?;
    let before = MemberRecord::read(&tx, &row).await?;
    let mut after = before.clone();
    change.apply(&mut after);
    let left = before.left_on.is_none() && after.left_on.is_some();
    let served = |station: &StationId| !left && after.stations.contains(station);
    let stations: Vec<StationId> = before.stations.iter().copied().filter(|id| !served(id)).collect();
    super::refuse_open_cases(administration::count_unanswered_at(&tx, id, &stations, left).await?)?;
    let (changed, links) = (after.row(row.photo_id, row.created_at), after.clone());
    super::change(state, caller, tx, before, after, async |tx| {
        links.check_sector(tx).await?;
        rows::replace(tx, changed).await?;
        links.keep_links(tx).await
    })
    .await
}
