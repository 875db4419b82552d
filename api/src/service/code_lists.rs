//! The registry of printed codes as the manager of a station reads it.

use chrono::{DateTime, Utc};
use domain::ids::{CodeId, MemberId, StationId};
use domain::scans::Hour;
use domain::vocabulary::{CodeConcern, CodeKind, CodeState};
use serde::Serialize;

use super::authority::manages_station;
use super::codes::{CodesError, link_of};
use crate::auth::Caller;
use crate::state::Parts;
use crate::store::codes::{self, RegisteredCode};

/// A code as the station's manager sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CodeEntry {
    /// Its place in the list.
    #[serde(skip)]
    pub id: CodeId,
    /// What stands in the printed link.
    pub token: String,
    /// The printed link.
    pub url: String,
    /// What it points to.
    pub kind: CodeKind,
    /// The member, for a member's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<CodeMember>,
    /// Whether it works.
    pub state: CodeState,
    /// Where it hangs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<String>,
    /// The print run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// How often it was scanned.
    pub scan_count: i64,
    /// How many cases came from it.
    pub case_count: i64,
    /// The hour in which it was scanned last; kept since scans are counted by the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_scanned_at: Option<DateTime<Utc>>,
    /// Why somebody should go and look at it.
    pub concerns: Vec<CodeConcern>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_reason: Option<String>,
}

/// The member that a code points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CodeMember {
    /// Key.
    pub id: MemberId,
    /// The member's name.
    pub name: String,
}

/// The codes of a station before a place in the list, newest first; all, or those of one concern.
///
/// # Errors
/// The caller does not run the station; the database does not answer.
pub async fn list_station_codes(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    concern: Option<CodeConcern>,
    page: (Option<CodeId>, u64),
) -> Result<Vec<CodeEntry>, CodesError> {
    manages_station(state, caller, station_id).await?;
    let (db, now) = (state.db.reader(), state.clock.now());
    let rows = codes::list_of_station(db, station_id, concern, page, now).await?;
    Ok(rows.into_iter().map(|row| CodeEntry::new(state, row)).collect())
}

impl CodeEntry {
    fn new(state: &Parts, row: RegisteredCode) -> Self {
        let RegisteredCode { code, member_name, case_count, last_hour, concerns } = row;
        Self {
            id: code.id,
            url: link_of(state, &code.token),
            token: code.token,
            kind: code.kind,
            member: code.member_id.zip(member_name).map(|(id, name)| CodeMember { id, name }),
            state: code.state,
            placed_at: code.placed_at,
            batch: code.batch,
            scan_count: code.scan_count,
            case_count,
            last_scanned_at: last_hour.map(Hour::begins_at),
            concerns,
            created_at: code.created_at,
            revoked_at: code.revoked_at,
            revoked_reason: code.revoked_reason,
        }
    }
}
