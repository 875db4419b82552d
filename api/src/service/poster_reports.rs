//! Posters that look wrong to somebody: pasted over, torn, leading elsewhere. The station is told where to go
//! and look.
//!
//! Anybody says so, and nothing of whoever says it is kept. Where the code is none of ours, it is not known
//! whose poster it is, and everybody who runs a station or a committee sees it.

use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{CodeId, CommitteeId, PosterReportId, StationId};
use domain::text::{Place, Reason};
use entity::poster_report::Model;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::audit::{self, Deed};
use super::authority::{AuthorityError, manages_station, runs_anything};
use super::idempotency::{self, IdempotencyError};
use crate::auth::Caller;
use crate::state::Parts;
use crate::store::{self, StoreError};

/// Letters of what was read that are kept: more is no token.
const MOST_SAID: usize = 64;

/// What somebody says of a poster.
#[derive(Debug, Clone)]
pub struct NewPosterReport {
    /// What was read from it, by the camera or by eye.
    pub token: Option<String>,
    /// What is wrong with it.
    pub text: Reason,
    /// Where it hangs.
    pub place: Option<Place>,
}

/// What somebody said of a poster, for those who go and look.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PosterReport {
    /// Key.
    pub id: PosterReportId,
    /// The code on it, where it is one of ours.
    pub code_id: Option<CodeId>,
    /// The station that should go and look; without one it is not known whose poster it is.
    pub station_id: Option<StationId>,
    /// What was read from it.
    pub said_token: Option<String>,
    /// What is wrong with it.
    pub text: String,
    /// Where it hangs.
    pub place: Option<String>,
    /// When it was said.
    pub created_at: DateTime<Utc>,
    /// When somebody had looked.
    pub settled_at: Option<DateTime<Utc>>,
    /// What was found.
    pub note: Option<String>,
}

impl From<Model> for PosterReport {
    fn from(row: Model) -> Self {
        let Model { id, code_id, station_id, said_token, text, place, created_at, settled_at, note } = row;
        Self { id, code_id, station_id, said_token, text, place, created_at, settled_at, note }
    }
}

/// A thank-you for whoever said it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceivedPosterReport {
    /// Its key.
    pub id: PosterReportId,
    /// Whether the code on the poster is one of ours and works.
    pub is_ours: bool,
}

/// Why something can't be done with a report.
#[derive(Debug, thiserror::Error)]
pub enum PosterReportError {
    /// There is no such station or report for this caller.
    #[error("no such station or report for this caller")]
    Unknown,
    /// The list without a station is for those who run something.
    #[error("the caller runs no station and no committee")]
    NotAllowed,
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for PosterReportError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// Takes a report in, once for every key.
///
/// # Errors
/// The key came with another content; the database does not answer.
pub async fn take_in(
    state: &Parts,
    report: NewPosterReport,
    request: Option<&idempotency::Request>,
) -> Result<ReceivedPosterReport, PosterReportError> {
    idempotency::once(state, request, idempotency::CREATED, async |tx| {
        let code = match report.token.as_deref().map(|text| state.code_keys.read(text)) {
            Some(Ok(token)) => store::codes::find(tx, token.as_ref()).await?,
            _ => None,
        };
        let is_ours = code.as_ref().is_some_and(|code| code.revoked_at.is_none());
        let said = report.token.as_ref().map(|text| text.chars().take(MOST_SAID).collect());
        let row = Model {
            id: state.ids.next(),
            code_id: code.as_ref().map(|code| code.id),
            station_id: code.map(|code| code.station_id),
            said_token: said,
            text: report.text.as_str().to_owned(),
            place: report.place.as_ref().map(|place| place.as_str().to_owned()),
            created_at: state.clock.now(),
            settled_at: None,
            note: None,
        };
        let received = ReceivedPosterReport { id: row.id, is_ours };
        store::poster_reports::insert(tx, row).await?;
        Ok(received)
    })
    .await
}

/// The reports of a station, or those of none, before a place in the list, newest first.
///
/// # Errors
/// The caller does not run the station, or nothing at all; the database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    station_id: Option<StationId>,
    unsettled: bool,
    page: (Option<PosterReportId>, u64),
) -> Result<Vec<PosterReport>, PosterReportError> {
    may_look(state, caller, station_id).await?;
    let rows = store::poster_reports::list(state.db.reader(), station_id, unsettled, page).await?;
    Ok(rows.into_iter().map(PosterReport::from).collect())
}

/// Notes that somebody has looked, and what was found; repeated, it changes the note.
///
/// # Errors
/// No such report for this caller; the database does not answer.
pub async fn settle(
    state: &Parts,
    caller: &Caller,
    id: PosterReportId,
    note: &Reason,
) -> Result<PosterReport, PosterReportError> {
    if !runs_anything(caller) {
        return Err(PosterReportError::Unknown);
    }
    let tx = state.db.begin().await?;
    let report = store::poster_reports::lock(&tx, id).await?.ok_or(PosterReportError::Unknown)?;
    let committee_id = may_look(state, caller, report.station_id).await?;
    let settled = store::poster_reports::settle(&tx, report, note.as_str(), state.clock.now()).await?;
    audit::record(state, &tx, Some(caller.account_id), deed(committee_id, &settled)).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(settled.into())
}

/// The committee of the station, where it is known whose poster it is.
async fn may_look(
    state: &Parts,
    caller: &Caller,
    station_id: Option<StationId>,
) -> Result<Option<CommitteeId>, PosterReportError> {
    match station_id {
        Some(station_id) => Ok(Some(manages_station(state, caller, station_id).await?.committee_id)),
        None if runs_anything(caller) => Ok(None),
        None => Err(PosterReportError::NotAllowed),
    }
}

fn deed(committee_id: Option<CommitteeId>, settled: &Model) -> Deed {
    let detail = json!({ "station_id": settled.station_id, "code_id": settled.code_id });
    let (action, target) = (AuditAction::Change, AuditTarget::PosterReport);
    Deed { committee_id, action, target, target_id: settled.id.0, detail }
}
