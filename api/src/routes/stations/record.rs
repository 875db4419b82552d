//! What is set or changed of a station, as it comes.

use domain::geo::{Area, Point};
use domain::text::{Name, Phone, Place, Remark, TextError};
use domain::vocabulary::StationKind;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::service::administration::patch::Patch;
use crate::service::administration::stations::StationChange;
use crate::service::directory::MapPoint;

/// A station; what is absent stays as it is, and `null` empties. A new one needs `kind`, `name` and
/// `address`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationBody {
    /// What kind of place it is.
    kind: Option<StationKind>,
    /// As it is called; at most 60 characters.
    name: Option<String>,
    /// Where it is; at most 200 characters.
    address: Option<String>,
    /// Its public office number.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Patch<String>,
    /// When somebody is there, in words; at most 200 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    opening_hours: Patch<String>,
    /// On the map, in the system of WeChat (GCJ-02).
    #[serde(default)]
    #[schema(value_type = Option<MapPoint>)]
    point: Patch<MapPoint>,
    /// The ring of its area: 3 to 500 corners `[lng, lat]`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    service_area: Patch<Vec<[f64; 2]>>,
    /// Shown on its scan card; at most 1,000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    notice: Patch<String>,
    /// Whether its members may ask departments themselves.
    members_may_dispatch: Option<bool>,
    /// Whether its manager signs the answers of its members off before they are sent.
    answers_signed_off: Option<bool>,
    /// Whether it is closed.
    closed: Option<bool>,
}

impl StationBody {
    /// The change, with every field checked.
    pub fn parse(self) -> Result<StationChange, ApiError> {
        let mut fields = Fields::default();
        let change = self.read(&mut fields);
        fields.finish(Some(change))
    }

    /// The same for a new one, with its kind.
    pub fn parse_new(self) -> Result<(StationKind, StationChange), ApiError> {
        let mut fields = Fields::default();
        let kind = fields.required("/kind", self.kind);
        fields.required("/name", self.name.as_ref());
        fields.required("/address", self.address.as_ref());
        let change = self.read(&mut fields);
        fields.finish(kind.map(|kind| (kind, change)))
    }

    fn read(self, fields: &mut Fields) -> StationChange {
        let point = self.point.try_map(|MapPoint { lat, lng }| Point::new(lat, lng).ok());
        if point.is_none() {
            fields.wrong("/point", "out_of_range", "经纬度不正确。");
        }
        let service_area = self.service_area.try_map(|corners| Area::try_from(corners).ok());
        if service_area.is_none() {
            fields.wrong("/service_area", "invalid", "区域应由 3 到 500 个角点围成。");
        }
        StationChange {
            kind: self.kind,
            name: fields.changed_text("/name", self.name.as_deref(), Name::parse),
            address: fields.changed_text("/address", self.address.as_deref(), Place::parse),
            phone: fields.patch_text("/phone", self.phone, office_number),
            opening_hours: fields.patch_text("/opening_hours", self.opening_hours, Place::parse),
            point: point.unwrap_or_default(),
            service_area: service_area.unwrap_or_default(),
            notice: fields.patch_text("/notice", self.notice, Remark::parse),
            members_may_dispatch: self.members_may_dispatch,
            answers_signed_off: self.answers_signed_off,
            closed: self.closed,
        }
    }
}

/// A public number keeps the hyphens that it is printed with.
fn office_number(raw: &str) -> Result<Name, TextError> {
    match Phone::parse(raw) {
        Some(_) => Name::parse(raw),
        None => Err(TextError::NotAPhone),
    }
}
