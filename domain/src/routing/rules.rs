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

/// The rules that a committee has decided on itself; where it says nothing, others hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnRules {
    /// See [`Rules::full_at_percent`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_at_percent: Option<u32>,
    /// See [`Rules::assign_off_duty`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assign_off_duty: Option<bool>,
    /// See [`Rules::named_member_crosses_stations`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_member_crosses_stations: Option<bool>,
}

impl OwnRules {
    /// These rules, and `others` where they say nothing.
    #[must_use]
    pub fn over(self, others: Rules) -> Rules {
        Rules {
            full_at_percent: self.full_at_percent.unwrap_or(others.full_at_percent),
            assign_off_duty: self.assign_off_duty.unwrap_or(others.assign_off_duty),
            named_member_crosses_stations: self
                .named_member_crosses_stations
                .unwrap_or(others.named_member_crosses_stations),
        }
    }
}
