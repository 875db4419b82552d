//! Stations: lists by words or by distance, the page of one, its roster.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::geo::{Point, distance_m};
use domain::ids::{CommitteeId, ShiftId, StationId};
use domain::vocabulary::{ShiftKind, StationKind};
use serde::Serialize;

use super::{DirectoryError, MapPoint};
use crate::cache::{Fresh, Key, Tag};
use crate::service::committees::CommitteeTree;
use crate::service::document::Document;
use crate::service::duty::{Duty, OnDuty, Receiver, ReceptionDay};
use crate::state::Parts;
use crate::store::directory::stations::{self, StationFilter, StationPlace, StationRow};
use crate::store::rosters;

/// Stations among which the nearest are looked for: of more, only the oldest are. A province has some
/// thousands.
const MOST_PLACES: u64 = 5_000;
/// Sorts stations that are on no map behind all others.
const NOWHERE: u32 = u32::MAX;

/// The committee of a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StationCommittee {
    /// Key.
    pub id: CommitteeId,
    /// As it is called.
    pub name: String,
}

/// A station in a list.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct StationEntry {
    /// Key.
    pub id: StationId,
    /// Its committee.
    pub committee: StationCommittee,
    /// What kind of place it is.
    pub kind: StationKind,
    /// As it is called.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its office number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// When somebody is there, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours: Option<String>,
    /// On the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<MapPoint>,
    /// How far it is, in metres, when a place was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
}

impl StationEntry {
    fn new(row: StationRow, tree: &CommitteeTree, distance_m: Option<u32>) -> Self {
        let committee =
            StationCommittee { id: row.committee_id, name: tree.name(row.committee_id).to_owned() };
        Self {
            id: row.id,
            committee,
            kind: row.kind,
            name: row.name,
            address: row.address,
            phone: row.phone,
            opening_hours: row.opening_hours,
            point: MapPoint::of(row.lat, row.lng),
            distance_m,
        }
    }

    /// Its place in a list by distance.
    #[must_use]
    pub fn nearness(&self) -> (u32, StationId) {
        (self.distance_m.unwrap_or(NOWHERE), self.id)
    }
}

/// The page of one station.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct StationPage {
    /// The station.
    #[serde(flatten)]
    pub station: StationEntry,
    /// Whether it takes cases.
    pub open: bool,
    /// Who is on duty now.
    pub on_duty: Vec<OnDuty>,
    /// The reception day that runs or comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_reception_day: Option<ReceptionDay>,
    /// What it wants everybody to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// A shift on a station's roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RosterShift {
    /// Key.
    pub id: ShiftId,
    /// Duty or reception day.
    pub kind: ShiftKind,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// Who.
    pub member: Receiver,
}

/// Open stations after `last`, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_stations(
    state: &Parts,
    filter: StationFilter,
    last: Option<StationId>,
    limit: u64,
) -> Result<Vec<StationEntry>, DirectoryError> {
    let tree = CommitteeTree::load(state).await?;
    let filter = with_those_below(filter, &tree);
    let rows = stations::list(state.db.reader(), &filter, last, limit).await?;
    Ok(rows.into_iter().map(|row| StationEntry::new(row, &tree, None)).collect())
}

/// Open stations after `last`, nearest first; those on no map come last.
///
/// Distances are computed here, over at most 5,000 stations that fit the filter.
///
/// # Errors
/// The database does not answer.
pub async fn list_stations_near(
    state: &Parts,
    filter: StationFilter,
    place: Point,
    last: Option<(u32, StationId)>,
    limit: u64,
) -> Result<Vec<StationEntry>, DirectoryError> {
    let tree = CommitteeTree::load(state).await?;
    let filter = with_those_below(filter, &tree);
    let places = stations::list_places(state.db.reader(), &filter, MOST_PLACES).await?;
    let mut ranked: Vec<(u32, StationId)> =
        places.iter().map(|station| (distance_to(place, station), station.id)).collect();
    ranked.retain(|rank| last.is_none_or(|last| *rank > last));
    ranked.sort_unstable();
    ranked.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let ids: Vec<StationId> = ranked.iter().map(|(_, id)| *id).collect();
    let rows = stations::list_by_ids(state.db.reader(), &ids).await?;
    let mut rows: HashMap<StationId, StationRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let entry = |(metres, id): (u32, StationId)| {
        let row = rows.remove(&id)?;
        Some(StationEntry::new(row, &tree, (metres != NOWHERE).then_some(metres)))
    };
    Ok(ranked.into_iter().filter_map(entry).collect())
}

/// A committee stands for itself and all below it.
fn with_those_below(filter: StationFilter, tree: &CommitteeTree) -> StationFilter {
    let below = |ids: Vec<CommitteeId>| ids.into_iter().flat_map(|id| tree.below(id)).collect();
    StationFilter { committees: filter.committees.map(below), ..filter }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to half the equator")]
fn distance_to(place: Point, station: &StationPlace) -> u32 {
    let point = station.lat.zip(station.lng).and_then(|(lat, lng)| Point::new(lat, lng).ok());
    point.map_or(NOWHERE, |point| distance_m(place, point).round() as u32)
}

struct PageKey(StationId);

impl Key for PageKey {
    type Value = Option<Document>;
    const FAMILY: &'static str = "station";

    fn id(&self) -> String {
        self.0.to_string()
    }
}

/// The page of a station, open or closed; that there is none is remembered too.
///
/// # Errors
/// There is no such station; the database does not answer.
pub async fn find_station_page(state: &Parts, id: StationId) -> Result<Document, DirectoryError> {
    let page = state.cache.get(&PageKey(id), async || load_page(state, id).await).await?;
    Option::clone(&page).ok_or(DirectoryError::Unknown)
}

async fn load_page(state: &Parts, id: StationId) -> Result<Fresh<Option<Document>>, DirectoryError> {
    let Some(row) = stations::find_public(state.db.reader(), id).await? else {
        return Ok(Fresh { value: None, tags: vec![Tag::Station(id)], expires_at: None });
    };
    let tree = CommitteeTree::load(state).await?;
    let duty = Duty::load(&state.db, id, state.clock.now()).await?;
    let mut tags = vec![Tag::Station(id), Tag::Committee(row.committee_id)];
    tags.extend(duty.members().map(Tag::Member));
    let expires_at = duty.changes_at;
    let page = StationPage {
        open: row.closed_at.is_none(),
        notice: row.notice.clone(),
        station: StationEntry::new(row, &tree, None),
        on_duty: duty.on_duty,
        next_reception_day: duty.next_reception_day,
    };
    Ok(Fresh { value: Some(Document::of(&page)?), tags, expires_at })
}

/// The shifts of a station that overlap a period, after `last`, by their beginning.
///
/// # Errors
/// There is no such station; the database does not answer.
pub async fn list_roster(
    state: &Parts,
    station_id: StationId,
    period: (DateTime<Utc>, DateTime<Utc>),
    last: Option<(DateTime<Utc>, ShiftId)>,
    limit: u64,
) -> Result<Vec<RosterShift>, DirectoryError> {
    let db = state.db.reader();
    let shifts = rosters::list_between(db, station_id, period, last, limit).await?;
    if shifts.is_empty() && stations::find_public(db, station_id).await?.is_none() {
        return Err(DirectoryError::Unknown);
    }
    let entry = |shift: rosters::ShiftRow| RosterShift {
        id: shift.id,
        kind: shift.kind,
        starts_at: shift.starts_at,
        ends_at: shift.ends_at,
        member: shift.member.into(),
    };
    Ok(shifts.into_iter().map(entry).collect())
}
