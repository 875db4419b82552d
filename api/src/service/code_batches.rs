//! Batches of posters: ordered, drawn part by part as jobs, fetched, and removed after a time.
//!
//! The file of a batch is the parts in their order. A part is written first and noted afterwards, together with
//! the job of the next one: what a crash leaves behind is a part that nobody names. Start reading in `drawing`.

mod archive;
mod drawing;
mod listing;

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{CodeBatchId, CommitteeId, StationId};
use domain::vocabulary::{BatchForm, BatchState, CodeKind};
use entity::code_batch;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub use drawing::{DrawError, Stride, Work, go_on, stride};

use super::audit::{self, Deed};
use super::authority::{AuthorityError, administers};
use super::idempotency::{self, IdempotencyError};
use super::poster_look::{PosterMargin, PosterPaper, PosterTemplate};
use crate::auth::Caller;
use crate::jobs::Job;
use crate::media::FilesError;
use crate::state::Parts;
use crate::store::code_batches::{self, BatchRow, Selection};
use crate::store::outbox::{self, NewJob};
use crate::store::{StoreError, Transaction, rows};

/// The most codes of one batch.
pub const MOST_CODES: u64 = 5_000;
/// So many batches of a committee may wait or be drawn at the same time.
pub const MOST_OPEN: u64 = 3;
/// Batches removed in one round of the sweep.
const SWEEP_BATCH: u64 = 100;

/// Which codes, and how they are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wanted {
    /// What the file is.
    pub form: BatchForm,
    /// Codes of this kind only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CodeKind>,
    /// Codes of this station only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub station_id: Option<StationId>,
    /// Which poster; the usual one of each code when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<PosterTemplate>,
    /// What it is printed on; A4 when nothing is said. A member's card has a size of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<PosterPaper>,
    /// What is added for who cuts it.
    #[serde(default)]
    pub margin: PosterMargin,
    /// Pixels an inch of the pictures of `zip-png`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpi: Option<u16>,
}

impl Wanted {
    /// The codes of it, as they were at a time. Only members' codes have cards.
    #[must_use]
    pub fn selection(&self, committee_id: CommitteeId, issued_by: DateTime<Utc>) -> Selection {
        let of_members = self.template == Some(PosterTemplate::MemberCard);
        let kind = if of_members { Some(CodeKind::Member) } else { self.kind };
        Selection { committee_id, kind, station_id: self.station_id, issued_by, with_revoked: false }
    }
}

/// A batch, and how far it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CodeBatch {
    /// Key.
    pub id: CodeBatchId,
    /// How far it is.
    pub state: BatchState,
    /// What was ordered.
    #[serde(flatten)]
    pub wanted: Wanted,
    /// How many codes it has; those that are revoked before they are drawn are left out at the end.
    pub total: i32,
    /// How many of them are drawn.
    pub done: i32,
    /// How long its file is, when it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<i64>,
    /// Why it failed, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When it was ordered.
    pub created_at: DateTime<Utc>,
    /// When it was ready, or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// When it is removed.
    pub removed_at: DateTime<Utc>,
}

/// Why there is no batch, or no file of it.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// There is no such committee or batch for this caller.
    #[error("no such committee or batch for this caller")]
    Unknown,
    /// No code is selected.
    #[error("no code is selected")]
    NoCodes,
    /// More than [`MOST_CODES`].
    #[error("{0} codes are selected")]
    TooManyCodes(u64),
    /// [`MOST_OPEN`] are being drawn already.
    #[error("too many batches at once")]
    TooManyOpen,
    /// It has no file yet, or never will have.
    #[error("the batch is {state}")]
    NotReady {
        /// How far it is.
        state: BatchState,
        /// Why it failed, for people.
        failure: Option<String>,
    },
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// What was ordered can't be kept or read.
    #[error("an order can't be written or read")]
    Json(#[from] serde_json::Error),
    /// The file storage failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for BatchError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// Orders a batch of all codes of a committee that work and that are wanted.
///
/// # Errors
/// [`BatchError`].
pub async fn order(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    wanted: Wanted,
    request: Option<&idempotency::Request>,
) -> Result<CodeBatch, BatchError> {
    administers(state, caller, committee_id).await?;
    let batch = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        if code_batches::count_open(tx, committee_id).await? >= MOST_OPEN {
            return Err(BatchError::TooManyOpen);
        }
        let created_at = state.clock.now();
        let total = count(tx, &wanted.selection(committee_id, created_at)).await?;
        let row = code_batch::Model {
            id: state.ids.next(),
            committee_id,
            account_id: caller.account_id,
            wanted: serde_json::to_value(wanted)?,
            state: BatchState::Waiting,
            total,
            done: 0,
            part: 0,
            bytes: 0,
            work: serde_json::to_value(Work::default())?,
            failure: None,
            created_at,
            finished_at: None,
        };
        let batch = CodeBatch::new(state, BatchRow::from(row.clone()))?;
        rows::insert(tx, row).await?;
        enqueue(state, tx, batch.id, 0).await?;
        let (target, detail) = (AuditTarget::Committee, json!({ "batch_id": batch.id, "codes": total }));
        let committee = Some(committee_id);
        let action = AuditAction::OrderPosters;
        let deed = Deed { committee_id: committee, action, target, target_id: committee_id.0, detail };
        audit::record(state, tx, Some(caller.account_id), deed).await?;
        Ok(batch)
    });
    let batch = batch.await?;
    state.jobs.wake();
    Ok(batch)
}

/// How many codes are selected, if a batch can have so many.
async fn count(tx: &Transaction, selection: &Selection) -> Result<i32, BatchError> {
    match code_batches::count_codes(tx, selection).await? {
        0 => Err(BatchError::NoCodes),
        found => match i32::try_from(found) {
            Ok(total) if found <= MOST_CODES => Ok(total),
            _ => Err(BatchError::TooManyCodes(found)),
        },
    }
}

async fn enqueue(
    state: &Parts,
    tx: &Transaction,
    batch_id: CodeBatchId,
    part: i32,
) -> Result<(), StoreError> {
    let now = state.clock.now();
    let job = Job::DrawBatch { batch_id, part };
    let new = NewJob { id: state.ids.next(), job: &job, run_at: now, dedupe_key: None, created_at: now };
    outbox::enqueue(tx, new).await?;
    Ok(())
}

impl CodeBatch {
    fn new(state: &Parts, row: BatchRow) -> Result<Self, serde_json::Error> {
        Ok(Self {
            id: row.id,
            state: row.state,
            wanted: serde_json::from_value(row.wanted)?,
            total: row.total,
            done: row.done,
            bytes: (row.state == BatchState::Ready).then_some(row.bytes),
            failure: row.failure,
            created_at: row.created_at,
            finished_at: row.finished_at,
            removed_at: row.created_at + kept_for(state),
        })
    }
}

fn kept_for(state: &Parts) -> TimeDelta {
    TimeDelta::days(state.config.storage.batch_days.into())
}

/// The batches of a committee, newest first.
///
/// # Errors
/// The caller does not administer it; the database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    last: Option<CodeBatchId>,
    limit: u64,
) -> Result<Vec<CodeBatch>, BatchError> {
    administers(state, caller, committee_id).await?;
    let rows = code_batches::list(state.db.reader(), committee_id, last, limit).await?;
    rows.into_iter().map(|row| Ok(CodeBatch::new(state, row)?)).collect()
}

/// One batch.
///
/// # Errors
/// The caller does not administer its committee; the database does not answer.
pub async fn show(state: &Parts, caller: &Caller, id: CodeBatchId) -> Result<CodeBatch, BatchError> {
    let row = code_batches::find(state.db.reader(), id).await?.ok_or(BatchError::Unknown)?;
    administers(state, caller, row.committee_id).await?;
    Ok(CodeBatch::new(state, row)?)
}

/// A file that is ready: how long it is, and of which parts.
#[derive(Debug, Clone)]
pub struct BatchFile {
    /// The batch.
    pub batch: CodeBatch,
    /// How long it is.
    pub bytes: u64,
    /// Its parts, in their order.
    pub parts: Vec<String>,
}

/// The file of a batch that is ready.
///
/// # Errors
/// [`BatchError::NotReady`]; the caller does not administer its committee; the database does not answer.
pub async fn open(state: &Parts, caller: &Caller, id: CodeBatchId) -> Result<BatchFile, BatchError> {
    let batch = show(state, caller, id).await?;
    if batch.state != BatchState::Ready {
        return Err(BatchError::NotReady { state: batch.state, failure: batch.failure });
    }
    let work = code_batches::find_work(state.db.reader(), id).await?.ok_or(BatchError::Unknown)?;
    let work: Work = serde_json::from_value(work)?;
    let bytes = u64::try_from(batch.bytes.unwrap_or_default()).unwrap_or_default();
    Ok(BatchFile { batch, bytes, parts: work.parts })
}

/// A part of a file.
///
/// # Errors
/// It is not there; the file storage failed.
pub async fn read_part(state: &Parts, id: CodeBatchId, part: &str) -> Result<bytes::Bytes, BatchError> {
    let found = state.files.find_part(id.0, part).await?;
    found.ok_or_else(|| StoreError::inconsistent("code_batches", id, "a part of its file is missing").into())
}

/// Removes batches that have had their time, with their files.
///
/// # Errors
/// The database failed; what was removed stays removed.
pub async fn sweep(state: &Parts) -> Result<(), StoreError> {
    let before = state.clock.now() - kept_for(state);
    for id in code_batches::list_before(state.db.reader(), before, SWEEP_BATCH).await? {
        // The files first: while the row is there, the next round tries again.
        if let Err(error) = state.files.remove_parts(id.0).await {
            tracing::warn!(batch = %id, error = &error as &dyn std::error::Error, "files were left behind");
            continue;
        }
        code_batches::delete(state.db.reader(), id).await?;
    }
    Ok(())
}
