//! What is set or changed of a member, as it comes.

use chrono::NaiveDate;
use domain::ids::{CategoryId, SectorId, StationId};
use domain::text::{Name, Remark};
use domain::vocabulary::Level;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::service::administration::members::{MOST_CASES, MOST_LINKS, MemberChange};
use crate::service::administration::patch::Patch;

/// A member; what is absent stays as it is, and `null` empties. A new one needs `name` and `sector_id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberBody {
    /// The name; at most 60 characters.
    name: Option<String>,
    /// The sector that the member stands for.
    sector_id: Option<SectorId>,
    /// The level; the committee's when nothing is said.
    level: Option<Level>,
    /// Post or profession; at most 60 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    post: Patch<String>,
    /// A few words for residents; at most 1,000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    bio: Patch<String>,
    /// How many open cases the member can carry, 1 to 1,000; 10 when nothing is said.
    capacity: Option<i32>,
    /// The day on which the term ends or ended.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    left_on: Patch<NaiveDate>,
    /// The stations that the member serves: at most 50.
    stations: Option<Vec<StationId>>,
    /// The categories that the member knows well: at most 50.
    specialities: Option<Vec<CategoryId>>,
}

impl MemberBody {
    /// The change, with every field checked.
    pub fn parse(self) -> Result<MemberChange, ApiError> {
        let mut fields = Fields::default();
        let change = self.read(&mut fields);
        fields.finish(Some(change))
    }

    /// The same for a new one, with the sector.
    pub fn parse_new(self) -> Result<(SectorId, MemberChange), ApiError> {
        let mut fields = Fields::default();
        fields.required("/name", self.name.as_ref());
        let sector_id = fields.required("/sector_id", self.sector_id);
        let change = self.read(&mut fields);
        fields.finish(sector_id.map(|sector_id| (sector_id, change)))
    }

    fn read(self, fields: &mut Fields) -> MemberChange {
        fields.in_range("/capacity", self.capacity, 1..=MOST_CASES);
        fields.at_most("/stations", self.stations.as_ref(), MOST_LINKS);
        fields.at_most("/specialities", self.specialities.as_ref(), MOST_LINKS);
        MemberChange {
            sector_id: self.sector_id,
            name: fields.changed_text("/name", self.name.as_deref(), Name::parse),
            level: self.level,
            post: fields.patch_text("/post", self.post, Name::parse),
            bio: fields.patch_text("/bio", self.bio, Remark::parse),
            capacity: self.capacity,
            left_on: self.left_on,
            stations: self.stations,
            specialities: self.specialities,
        }
    }
}
