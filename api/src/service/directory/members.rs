//! Members: lists by words, station, sector or category, and the page of one.

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::shanghai_date;
use domain::ids::{CategoryId, MemberId};
use domain::vocabulary::{Level, ShiftKind};
use serde::Serialize;

use super::{DirectoryError, SectorName, StationName, photo_url};
use crate::cache::{Fresh, Key, Tag};
use crate::service::document::Document;
use crate::state::Parts;
use crate::store::directory::members::{self, Link, MemberFilter, MemberRow};
use crate::store::rosters::{self, MemberShift};

/// How far ahead a member's page shows duty times.
const DUTY_AHEAD: TimeDelta = TimeDelta::days(14);

/// A member in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MemberEntry {
    /// Key.
    pub id: MemberId,
    /// The member's name.
    pub name: String,
    /// The order of the list.
    #[serde(skip)]
    pub name_pinyin: String,
    /// The level of the member's committee.
    pub level: Level,
    /// Post or profession.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The sector.
    pub sector: SectorName,
    /// Where the portrait is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo_url: Option<String>,
    /// The open stations that the member serves.
    pub stations: Vec<StationName>,
}

/// The page of one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MemberPage {
    /// The member.
    #[serde(flatten)]
    pub member: MemberEntry,
    /// A few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// What the member knows well.
    pub categories: Vec<MemberSpeciality>,
    /// When and where the member is on duty in the next 14 days.
    pub duty: Vec<DutyTime>,
}

/// A category that a member knows well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MemberSpeciality {
    /// Key.
    pub id: CategoryId,
    /// As it is called.
    pub name: String,
}

/// When and where a member is on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DutyTime {
    /// Where.
    pub station: StationName,
    /// Duty or reception day.
    pub kind: ShiftKind,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
}

impl MemberEntry {
    fn new(state: &Parts, row: MemberRow, stations: Vec<StationName>) -> Self {
        Self {
            id: row.id,
            name: row.name,
            name_pinyin: row.name_pinyin,
            level: row.level,
            post: row.post,
            sector: row.sector.into(),
            photo_url: row.photo_id.map(|photo_id| photo_url(state, photo_id)),
            stations,
        }
    }
}

impl From<MemberShift> for DutyTime {
    fn from(shift: MemberShift) -> Self {
        Self {
            station: StationName { id: shift.station.id, name: shift.station.name },
            kind: shift.kind,
            starts_at: shift.starts_at,
            ends_at: shift.ends_at,
        }
    }
}

/// Members in office after `last`, by the pinyin of their names.
///
/// # Errors
/// The database does not answer.
pub async fn list_members(
    state: &Parts,
    filter: &MemberFilter,
    last: Option<(String, MemberId)>,
    limit: u64,
) -> Result<Vec<MemberEntry>, DirectoryError> {
    let today = shanghai_date(state.clock.now());
    let db = state.db.reader();
    let rows = members::list(db, filter, today, last, limit).await?;
    let ids: Vec<MemberId> = rows.iter().map(|row| row.id).collect();
    let stations = members::list_stations_of(db, &ids).await?;
    let stations_of = |id| {
        let own = stations.iter().filter(|link| link.member_id == id);
        own.map(|link| StationName { id: link.id, name: link.name.clone() }).collect()
    };
    let entry = |row: MemberRow| {
        let stations = stations_of(row.id);
        MemberEntry::new(state, row, stations)
    };
    Ok(rows.into_iter().map(entry).collect())
}

struct PageKey(MemberId);

impl Key for PageKey {
    type Value = Option<Document>;
    const FAMILY: &'static str = "member";

    fn id(&self) -> String {
        self.0.to_string()
    }
}

/// The page of a member in office; that there is none is remembered too.
///
/// # Errors
/// There is no such member; the database does not answer.
pub async fn find_member_page(state: &Parts, id: MemberId) -> Result<Document, DirectoryError> {
    let page = state.cache.get(&PageKey(id), async || load_page(state, id).await).await?;
    Option::clone(&page).ok_or(DirectoryError::Unknown)
}

async fn load_page(state: &Parts, id: MemberId) -> Result<Fresh<Option<Document>>, DirectoryError> {
    let now = state.clock.now();
    let db = state.db.reader();
    let Some(row) = members::find(db, id, shanghai_date(now)).await? else {
        return Ok(Fresh { value: None, tags: vec![Tag::Member(id)], expires_at: None });
    };
    let stations = members::list_stations_of(db, &[id]).await?;
    let specialities = members::list_specialities_of(db, id).await?;
    let shifts = rosters::list_of_member(db, id, now, now + DUTY_AHEAD).await?;
    let at = stations.iter().map(|link| link.id).chain(shifts.iter().map(|shift| shift.station.id));
    let tags = at.map(Tag::Station).chain([Tag::Member(id)]).collect();
    let expires_at = shifts.iter().map(|shift| shift.ends_at).min();
    let named = |link: Link<_>| StationName { id: link.id, name: link.name };
    let speciality = |link: Link<_>| MemberSpeciality { id: link.id, name: link.name };
    let page = MemberPage {
        bio: row.bio.clone(),
        member: MemberEntry::new(state, row, stations.into_iter().map(named).collect()),
        categories: specialities.into_iter().map(speciality).collect(),
        duty: shifts.into_iter().map(DutyTime::from).collect(),
    };
    Ok(Fresh { value: Some(Document::of(&page)?), tags, expires_at })
}
