//! What was held back: the queue of a station, and a person's decision.

use chrono::{DateTime, Utc};
use domain::case::{EventBody, NotTheManager, decide_content};
use domain::content::{ContentState, Finding};
use domain::ids::{CaseId, ContentCheckId, StationId, UploadId};
use domain::text::Reason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::settle::{apply, show};
use crate::auth::Caller;
use crate::service::authority::{AuthorityError, manages_station};
use crate::service::casework::{self, CaseworkError};
use crate::service::idempotency::{self, IdempotencyError};
use crate::service::visitor::Visitor;
use crate::state::{AppState, Parts};
use crate::store::content_checks::HeldPiece;
use crate::store::{self, StoreError, Transaction};

/// Why there is nothing to show or to decide.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// There is no such piece or station, or not for this caller.
    #[error("no such piece or station for this caller")]
    Unknown,
    /// The caller may see the case, but does not run its station.
    #[error(transparent)]
    NotAllowed(#[from] NotTheManager),
    /// It does not wait for a decision.
    #[error("the piece is {state} already")]
    Settled {
        /// Where it stands.
        state: ContentState,
    },
    /// The key is of no use.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for HeldError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// A text or picture that waits for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeldContent {
    /// Name it to decide on it.
    pub id: ContentCheckId,
    /// The case.
    pub case_id: CaseId,
    /// The number to read out on the phone.
    pub number: String,
    /// The entry of the history that it came with; 1 is the report itself.
    pub event_seq: i32,
    /// The words, if it is words.
    pub text: Option<String>,
    /// The picture, if it is one.
    pub upload_id: Option<UploadId>,
    /// Why a person has to look.
    pub finding: Option<Finding>,
    /// The same in Chinese.
    pub finding_label: Option<&'static str>,
    /// WeChat's number of what may be wrong: 20001 politics, 20002 pornography, 20003 abuse, 20006 crime.
    pub label: Option<i64>,
    /// Since when it is held back.
    pub held_at: Option<DateTime<Utc>>,
}

impl From<HeldPiece> for HeldContent {
    fn from(piece: HeldPiece) -> Self {
        let words = piece.event_body.and_then(|body| serde_json::from_value::<EventBody>(body).ok()?.text);
        let text = if piece.event_seq == 1 { Some(piece.case_text) } else { words };
        Self {
            id: piece.id,
            case_id: piece.case_id,
            number: piece.number,
            event_seq: piece.event_seq,
            text: text.filter(|_| piece.upload_id.is_none()),
            upload_id: piece.upload_id,
            finding: piece.finding,
            finding_label: piece.finding.map(Finding::label),
            label: piece.label,
            held_at: piece.settled_at,
        }
    }
}

/// What became of a piece.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Decided {
    /// The piece.
    pub id: ContentCheckId,
    /// Its case.
    pub case_id: CaseId,
    /// `allowed` or `refused`.
    pub state: ContentState,
    /// Why.
    pub reason: Option<String>,
}

/// What waits for a person at a station, oldest first, for who runs it.
///
/// # Errors
/// [`HeldError`]
pub async fn list_held(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    after: Option<ContentCheckId>,
    limit: u64,
) -> Result<Vec<HeldContent>, HeldError> {
    manages_station(state, caller, station_id).await?;
    let rows = store::content_checks::list_held(state.db.reader(), station_id, after, limit).await?;
    Ok(rows.into_iter().map(HeldContent::from).collect())
}

/// Lets a piece be shown, or keeps it from everybody but staff; who wrote it is told why.
///
/// # Errors
/// [`HeldError`]
pub async fn decide(
    state: &AppState,
    caller: &Caller,
    id: ContentCheckId,
    (allowed, reason): (bool, Option<Reason>),
    request: Option<&idempotency::Request>,
) -> Result<Decided, HeldError> {
    let decided = idempotency::once(state, request, idempotency::OK, async |tx| {
        decide_in(state, tx, caller, id, allowed, reason.as_ref()).await
    })
    .await?;
    state.jobs.wake();
    Ok(decided)
}

async fn decide_in(
    state: &AppState,
    tx: &Transaction,
    caller: &Caller,
    id: ContentCheckId,
    allowed: bool,
    reason: Option<&Reason>,
) -> Result<Decided, HeldError> {
    let now = state.clock.now();
    let check = store::content_checks::find(state.db.reader(), id).await?.ok_or(HeldError::Unknown)?;
    let stored = store::cases::lock(tx, check.case_id).await?.ok_or(HeldError::Unknown)?;
    let visitor = Visitor { caller: Some(caller.clone()), ticket: None };
    let standing = casework::standing(tx, &visitor, &stored).await.map_err(|error| match error {
        CaseworkError::Store(error) => HeldError::Store(error),
        _ => HeldError::Unknown,
    })?;
    let reason = reason.map(Reason::as_str);
    let decision = decide_content(&stored.case, standing, check.event_seq, allowed, reason, now)?;
    let check = store::content_checks::lock(tx, id).await?.ok_or(HeldError::Unknown)?;
    if check.state != ContentState::Held {
        return Err(HeldError::Settled { state: check.state });
    }
    let to = if allowed { ContentState::Allowed } else { ContentState::Refused };
    store::content_checks::decide(tx, id, to, caller.account_id, reason).await?;
    show(tx, &check, to).await?;
    apply(state, tx, &stored, &decision, Some(caller.account_id), now).await?;
    Ok(Decided { id, case_id: check.case_id, state: to, reason: reason.map(str::to_owned) })
}
