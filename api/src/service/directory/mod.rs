//! The public directory: stations, members, categories, sectors, committees; departments for staff.
//!
//! Nothing here says more of a member than everybody may know: never a phone number.

mod members;
mod stations;
#[cfg(test)]
mod tests;
mod vocabularies;

use domain::ids::{SectorId, StationId, UploadId};
use serde::{Deserialize, Serialize};

pub use members::{DutyTime, MemberEntry, MemberPage, MemberSpeciality, find_member_page, list_members};
pub use stations::{
    RosterShift, StationCommittee, StationEntry, StationPage, find_station_page, list_roster, list_stations,
    list_stations_near,
};
pub(super) use vocabularies::committees_of;
pub use vocabularies::{
    CategoryEntry, CommitteeEntry, DepartmentEntry, SectorEntry, list_categories, list_committees,
    list_departments, list_sectors,
};

use crate::state::Parts;
use crate::store::StoreError;
use crate::store::directory::members::SectorName as SectorRow;

/// Why the directory does not answer.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There is no such station or member.
    #[error("no such station or member")]
    Unknown,
    /// Only staff may see this.
    #[error("only staff may see this")]
    NotStaff,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The page can't be written.
    #[error("the page can't be written as JSON")]
    Unwritable(#[from] serde_json::Error),
}

/// A sector by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SectorName {
    /// Key.
    pub id: SectorId,
    /// As it is called.
    pub name: String,
}

impl From<SectorRow> for SectorName {
    fn from(row: SectorRow) -> Self {
        Self { id: row.id, name: row.name }
    }
}

/// A station by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StationName {
    /// Key.
    pub id: StationId,
    /// As it is called.
    pub name: String,
}

/// A point on the map, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MapPoint {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

impl MapPoint {
    /// The point of two columns that are set together.
    #[must_use]
    pub fn of(lat: Option<f64>, lng: Option<f64>) -> Option<Self> {
        lat.zip(lng).map(|(lat, lng)| Self { lat, lng })
    }
}

/// Where the small rendition of a portrait is served.
#[must_use]
pub(super) fn photo_url(state: &Parts, photo_id: UploadId) -> String {
    format!("{}/api/v1/uploads/{photo_id}/320", state.config.server.public_base())
}
