//! What is set or changed of a category, as it comes.

use domain::ids::SectorId;
use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::service::administration::categories::CategoryChange;
use crate::service::administration::patch::Patch;

/// The most words that hint at a category.
const MOST_KEYWORDS: usize = 50;
/// The most sectors that a category falls to.
const MOST_SECTORS: usize = 34;
/// The longest term, in working days.
const LONGEST_TERM: i32 = 250;

/// A category; what is absent stays as it is, and `null` empties. A new one needs `name`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryBody {
    /// As it is called; at most 60 characters.
    name: Option<String>,
    /// Words in a text that hint at it: at most 50 of 60 characters.
    keywords: Option<Vec<String>>,
    /// Its place in lists; 0 when nothing is said.
    sort: Option<i32>,
    /// Working days to accept, 1 to 250; the default when `null`.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    accept_days: Patch<i32>,
    /// Working days to answer, 1 to 250; the default when `null`.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    respond_days: Patch<i32>,
    /// The sectors that it falls to: at most 34 of the same committee.
    sectors: Option<Vec<SectorId>>,
    /// Whether it is no longer offered.
    closed: Option<bool>,
}

impl CategoryBody {
    /// The change, with every field checked.
    pub fn parse(self) -> Result<CategoryChange, ApiError> {
        self.read(Fields::default())
    }

    /// The same for a new one.
    pub fn parse_new(self) -> Result<CategoryChange, ApiError> {
        let mut fields = Fields::default();
        fields.required("/name", self.name.as_ref());
        self.read(fields)
    }

    fn read(self, mut fields: Fields) -> Result<CategoryChange, ApiError> {
        let name = fields.changed_text("/name", self.name.as_deref(), Name::parse);
        fields.at_most("/keywords", self.keywords.as_ref(), MOST_KEYWORDS);
        fields.at_most("/sectors", self.sectors.as_ref(), MOST_SECTORS);
        let keywords = self.keywords.map(|words| {
            let words = words.iter().take(MOST_KEYWORDS).enumerate();
            words
                .filter_map(|(at, word)| fields.text(&format!("/keywords/{at}"), word, Name::parse))
                .collect()
        });
        for (pointer, days) in [("/accept_days", self.accept_days), ("/respond_days", self.respond_days)] {
            if let Patch::Set(days) = days {
                fields.in_range(pointer, Some(days), 1..=LONGEST_TERM);
            }
        }
        fields.finish(Some(CategoryChange {
            name,
            keywords,
            sort: self.sort,
            accept_days: self.accept_days,
            respond_days: self.respond_days,
            sectors: self.sectors,
            closed: self.closed,
        }))
    }
}
