//! The two sizes in which a picture is kept.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A size in which a picture is kept, named by its longest side in px.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Rendition {
    /// For looking closely.
    #[serde(rename = "1280")]
    Large,
    /// For lists.
    #[serde(rename = "320")]
    Small,
}

impl Rendition {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Large, Self::Small];

    /// The longest side in px.
    #[must_use]
    pub const fn longest_side(self) -> u32 {
        match self {
            Self::Large => 1280,
            Self::Small => 320,
        }
    }
}
