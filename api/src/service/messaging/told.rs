//! What a message may tell: numbers, places and names, never what a resident wrote.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, CommitteeId, StationId};
use serde::{Deserialize, Serialize};

/// The facts from which the fields of a template are filled; stored with the message until it is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// A few characters for a list.
    pub title: String,
    /// One or two sentences.
    pub text: String,
    /// The number of the case, in groups; none for a shift.
    pub number: Option<String>,
    /// The case.
    pub case_id: Option<CaseId>,
    /// The name of the station.
    pub station: String,
    /// The member, or the station where there is none.
    pub handler: String,
    /// The department.
    pub department: Option<String>,
    /// When it happened; for a shift, when that begins.
    pub at: DateTime<Utc>,
    /// Tells one event from another, the same for all who are told of it.
    pub event: String,
    /// Whose staff is told in a group: the station.
    pub station_id: StationId,
    /// Or the committee.
    pub committee_id: CommitteeId,
}
