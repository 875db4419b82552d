//! What is set or changed of a department, as it comes.

use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::service::administration::departments::DepartmentChange;

/// A department; what is absent stays as it is. A new one needs `name`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentBody {
    /// As it is called; at most 60 characters.
    name: Option<String>,
    /// Whether it takes nothing more.
    closed: Option<bool>,
}

impl DepartmentBody {
    /// The change, with every field checked.
    pub fn parse(self) -> Result<DepartmentChange, ApiError> {
        self.read(Fields::default())
    }

    /// The same for a new one.
    pub fn parse_new(self) -> Result<DepartmentChange, ApiError> {
        let mut fields = Fields::default();
        fields.required("/name", self.name.as_ref());
        self.read(fields)
    }

    fn read(self, mut fields: Fields) -> Result<DepartmentChange, ApiError> {
        let name = fields.changed_text("/name", self.name.as_deref(), Name::parse);
        fields.finish(Some(DepartmentChange { name, closed: self.closed }))
    }
}
