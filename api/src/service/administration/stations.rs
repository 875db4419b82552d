//! Stations (工作站).

use chrono::{DateTime, Utc};
use domain::audit::AuditTarget;
use domain::geo::{Area, Point};
use domain::ids::{CommitteeId, StationId};
use domain::text::{Name, Place, Remark};
use domain::vocabulary::StationKind;
use entity::station::Model;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::patch::Patch;
use super::{AdministrationError, Record, closed_at};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::service::directory::MapPoint;
use crate::service::idempotency::Request;
use crate::state::Parts;
use crate::store::{administration, rows};

/// A station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StationRecord {
    /// Key.
    pub id: StationId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// What kind of place it is.
    pub kind: StationKind,
    /// As it is called.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its public office number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// When somebody is there, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours: Option<String>,
    /// On the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<MapPoint>,
    /// The ring of its area: an array of `[lng, lat]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    pub service_area: Option<Value>,
    /// Shown on its scan card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Whether its members may ask departments themselves.
    pub members_may_dispatch: bool,
    /// Whether its manager signs the answers of its members off before they are sent.
    pub answers_signed_off: bool,
    /// Since when it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// What is set or changed of a station.
#[derive(Debug, Clone, Default)]
pub struct StationChange {
    /// What kind of place it is.
    pub kind: Option<StationKind>,
    /// As it is called.
    pub name: Option<Name>,
    /// Where it is.
    pub address: Option<Place>,
    /// Its public office number.
    pub phone: Patch<Name>,
    /// When somebody is there.
    pub opening_hours: Patch<Place>,
    /// On the map.
    pub point: Patch<Point>,
    /// Its area.
    pub service_area: Patch<Area>,
    /// Shown on its scan card.
    pub notice: Patch<Remark>,
    /// Whether its members may ask departments themselves.
    pub members_may_dispatch: Option<bool>,
    /// Whether its manager signs the answers of its members off before they are sent.
    pub answers_signed_off: Option<bool>,
    /// Whether it is closed.
    pub closed: Option<bool>,
}

impl StationChange {
    fn apply(self, row: &mut Model, now: DateTime<Utc>) -> Result<(), AdministrationError> {
        row.kind = self.kind.unwrap_or(row.kind);
        if let Some(name) = self.name {
            row.name = name.into_string();
        }
        if let Some(address) = self.address {
            row.address = address.into_string();
        }
        self.phone.map(Name::into_string).apply(&mut row.phone);
        self.opening_hours.map(Place::into_string).apply(&mut row.opening_hours);
        self.notice.map(Remark::into_string).apply(&mut row.notice);
        match self.point {
            Patch::Keep => {}
            Patch::Clear => (row.lat, row.lng) = (None, None),
            Patch::Set(point) => (row.lat, row.lng) = (Some(point.lat()), Some(point.lng())),
        }
        match self.service_area {
            Patch::Keep => {}
            Patch::Clear => row.service_area = None,
            Patch::Set(area) => row.service_area = Some(serde_json::to_value(area)?),
        }
        row.members_may_dispatch = self.members_may_dispatch.unwrap_or(row.members_may_dispatch);
        row.answers_signed_off = self.answers_signed_off.unwrap_or(row.answers_signed_off);
        row.closed_at = closed_at(row.closed_at, self.closed, now);
        Ok(())
    }
}

impl From<&Model> for StationRecord {
    fn from(row: &Model) -> Self {
        Self {
            id: row.id,
            committee_id: row.committee_id,
            kind: row.kind,
            name: row.name.clone(),
            address: row.address.clone(),
            phone: row.phone.clone(),
            opening_hours: row.opening_hours.clone(),
            point: MapPoint::of(row.lat, row.lng),
            service_area: row.service_area.clone(),
            notice: row.notice.clone(),
            members_may_dispatch: row.members_may_dispatch,
            answers_signed_off: row.answers_signed_off,
            closed_at: row.closed_at,
        }
    }
}

impl Record for StationRecord {
    const TARGET: AuditTarget = AuditTarget::Station;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn committee_id(&self) -> CommitteeId {
        self.committee_id
    }

    fn tags(&self) -> Vec<Tag> {
        vec![Tag::Station(self.id), Tag::Committee(self.committee_id)]
    }
}

/// Adds a station of this kind.
///
/// # Errors
/// The caller does not administer the committee; the database does not answer.
pub async fn add(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    kind: StationKind,
    change: StationChange,
    request: Option<&Request>,
) -> Result<StationRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let created_at = state.clock.now();
    let mut row = Model {
        id: state.ids.next(),
        committee_id,
        kind,
        name: String::new(),
        address: String::new(),
        phone: None,
        opening_hours: None,
        lat: None,
        lng: None,
        service_area: None,
        notice: None,
        members_may_dispatch: false,
        answers_signed_off: false,
        closed_at: None,
        created_at,
    };
    change.apply(&mut row, created_at)?;
    let record = StationRecord::from(&row);
    super::create(state, caller, request, record, async |tx| Ok(rows::insert(tx, row).await?)).await
}

/// Changes a station. One with open cases can't be closed: they are reassigned first.
///
/// # Errors
/// The caller does not administer its committee; cases are open; the database does not answer.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    id: StationId,
    change: StationChange,
) -> Result<StationRecord, AdministrationError> {
    let (tx, mut row) = super::lock_own(state, caller, id, |row: &Model| row.committee_id).await?;
    let before = StationRecord::from(&row);
    change.apply(&mut row, state.clock.now())?;
    let after = StationRecord::from(&row);
    if before.closed_at.is_none() && after.closed_at.is_some() {
        super::refuse_open_cases(administration::count_open_at_station(&tx, id).await?)?;
    }
    super::change(state, caller, tx, before, after, async |tx| Ok(rows::replace(tx, row).await?)).await
}
