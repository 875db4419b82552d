//! What is set or changed of a sector, as it comes.

use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::service::administration::sectors::SectorChange;

/// A sector; what is absent stays as it is. A new one needs `name`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectorBody {
    /// As it is called; at most 60 characters.
    name: Option<String>,
    /// Its place in lists; 0 when nothing is said.
    sort: Option<i32>,
}

impl SectorBody {
    /// The change, with every field checked.
    pub fn parse(self) -> Result<SectorChange, ApiError> {
        self.read(Fields::default())
    }

    /// The same for a new one.
    pub fn parse_new(self) -> Result<SectorChange, ApiError> {
        let mut fields = Fields::default();
        fields.required("/name", self.name.as_ref());
        self.read(fields)
    }

    fn read(self, mut fields: Fields) -> Result<SectorChange, ApiError> {
        let name = fields.changed_text("/name", self.name.as_deref(), Name::parse);
        fields.finish(Some(SectorChange { name, sort: self.sort }))
    }
}
