//! What a committee may decide about routing, with the defaults.

use serde::{Deserialize, Serialize};

/// After this many returns only the manager decides (contract, action `return`).
pub const RETURNS_BEFORE_MANAGER: u32 = 2;

/// A committee's choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// A member with this share of their capacity in open cases gets no more, unless a code or the
    /// resident names them: 100 means that `capacity` open cases are enough, 150 allows half as many again.
    pub full_at_percent: u32,
    /// Whether members who are not on duty get cases; when not, such cases wait for the manager.
    pub assign_off_duty: bool,
    /// Whether a member named by a code or by the resident gets a case at a station they don't serve.
    pub named_member_crosses_stations: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { full_at_percent: 100, assign_off_duty: true, named_member_crosses_stations: true }
    }
}
