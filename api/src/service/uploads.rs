//! Pictures: received, given to cases, shown, and removed when no case wants them.
//!
//! Files go first, then the row: what a crash leaves behind is at most a file that nobody names.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, CaseId, UploadId};
use domain::vocabulary::UploadCheck;
use entity::upload;
use serde::Serialize;
use utoipa::ToSchema;

use super::idempotency::{self, Answer, IdempotencyError};
use crate::media::{Admission, DevelopError, FilesError, Picture, Rendition};
use crate::service::casework::{self, CaseworkError};
use crate::service::drafts;
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store::cases::CaseKey;
use crate::store::{self, StoreError, Transaction};

/// The most pictures that come with one event of a case.
pub const MAX_PER_EVENT: usize = 9;

/// Rows looked at in one round of the sweep.
const SWEEP_BATCH: u64 = 100;

/// A picture that was taken in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Received {
    /// Its id; name it in `uploads` of a case.
    #[schema(value_type = uuid::Uuid)]
    pub id: UploadId,
    /// The media type it came as.
    #[schema(example = "image/jpeg")]
    pub kind: &'static str,
    /// Pixels across of the original, upright.
    pub width: u32,
    /// Pixels down of the original, upright.
    pub height: u32,
    /// Where the content check stands.
    pub check: UploadCheck,
}

/// Why a picture was not taken in or can't be shown.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is none, or not for this viewer.
    #[error("no such picture for this viewer")]
    NotFound,
    /// It was refused, or has to wait.
    #[error(transparent)]
    Develop(#[from] DevelopError),
    /// Its key is of no use.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Its files failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why pictures can't come with an event of a case.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// More than [`MAX_PER_EVENT`].
    #[error("more than {MAX_PER_EVENT} pictures")]
    TooMany,
    /// One is unknown, somebody else's, taken by another case, or named twice.
    #[error("picture {index} is not free")]
    UploadUnknown {
        /// Its place in the list.
        index: usize,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a picture in. `sender` is its owner until a case takes it.
///
/// # Errors
/// [`UploadError`]
pub async fn receive(
    state: &Parts,
    sender: Option<AccountId>,
    key: idempotency::Key,
    content: Bytes,
    admission: Admission,
) -> Result<Answer, UploadError> {
    let request = idempotency::Request::new("uploads", sender, key, &content);
    if let Some(first) = idempotency::find_answer(state, &request).await? {
        return Ok(first);
    }
    let picture = state.darkroom.develop(content, admission).await?;
    let id: UploadId = state.ids.next();
    state.files.write(id, &picture).await?;
    match insert(state, id, sender, &picture, &request).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            discard(state, id).await;
            let UploadError::Idempotency(IdempotencyError::Taken(_)) = &error else { return Err(error) };
            idempotency::find_answer(state, &request).await?.ok_or(error)
        }
    }
}

async fn insert(
    state: &Parts,
    id: UploadId,
    sender: Option<AccountId>,
    picture: &Picture,
    request: &idempotency::Request,
) -> Result<Answer, UploadError> {
    let kind = picture.header.kind.media_type();
    let bytes: usize = Rendition::ALL.iter().map(|rendition| picture.file(*rendition).len()).sum();
    let fits = |number: u32| i32::try_from(number).map_err(|e| StoreError::inconsistent("uploads", id, e));
    let row = upload::Model {
        id,
        account_id: sender,
        case_id: None,
        event_seq: None,
        kind: kind.to_owned(),
        width: fits(picture.width)?,
        height: fits(picture.height)?,
        bytes: i32::try_from(bytes).map_err(|error| StoreError::inconsistent("uploads", id, error))?,
        sha256: request.content_hash().to_vec(),
        check_state: UploadCheck::Pending,
        created_at: state.clock.now(),
    };
    let received =
        Received { id, kind, width: picture.width, height: picture.height, check: row.check_state };
    let transaction = state.db.begin().await?;
    // The key first: a second request with it fails before it has written anything else.
    let answer =
        idempotency::keep_answer(state, &transaction, request, idempotency::CREATED, &received).await?;
    store::uploads::insert(&transaction, row).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(answer)
}

/// Removes the files of a picture that has no row. That it fails is only worth a line in the log.
async fn discard(state: &Parts, id: UploadId) {
    if let Err(error) = state.files.remove(id).await {
        tracing::warn!(upload = %id, error = &error as &dyn std::error::Error, "files were left behind");
    }
}

/// Gives pictures to an event of a case, all or none: on an error roll `transaction` back.
///
/// `claimant` is the account that acts, if any: it can take its own pictures and those that were
/// sent without an account.
///
/// # Errors
/// [`ClaimError`]
pub async fn claim(
    transaction: &Transaction,
    ids: &[UploadId],
    case_id: CaseId,
    event_seq: i32,
    claimant: Option<AccountId>,
) -> Result<(), ClaimError> {
    if ids.is_empty() {
        return Ok(());
    }
    if ids.len() > MAX_PER_EVENT {
        return Err(ClaimError::TooMany);
    }
    let twice = |(index, id): (usize, &UploadId)| ids.iter().take(index).any(|earlier| earlier == id);
    if let Some(index) = ids.iter().enumerate().position(twice) {
        return Err(ClaimError::UploadUnknown { index });
    }
    let claimed = store::uploads::claim(transaction, ids, case_id, event_seq, claimant).await?;
    if usize::try_from(claimed) == Ok(ids.len()) {
        return Ok(());
    }
    let claimed = store::uploads::list_claimed(transaction, ids, case_id, event_seq).await?;
    let index = ids.iter().position(|id| !claimed.contains(id)).unwrap_or_default();
    Err(ClaimError::UploadUnknown { index })
}

/// The JPEG file of a rendition, for somebody who may see it.
///
/// # Errors
/// [`UploadError`]
pub async fn open(
    state: &Parts,
    id: UploadId,
    rendition: Rendition,
    visitor: &Visitor,
) -> Result<Bytes, UploadError> {
    let row = store::uploads::find(state.db.reader(), id).await?.ok_or(UploadError::NotFound)?;
    if !may_see(state, &row, visitor).await? {
        return Err(UploadError::NotFound);
    }
    let file = state.files.find(id, rendition).await?;
    file.ok_or_else(|| StoreError::inconsistent("uploads", id, "its file is missing").into())
}

/// Who sent a picture sees it, unless the content check has held it back. Handlers of its case see
/// it in any state; its resident sees what has passed the check. One in a draft is for those who answer.
async fn may_see(state: &Parts, row: &upload::Model, visitor: &Visitor) -> Result<bool, StoreError> {
    let caller = visitor.caller.as_ref();
    let sent = caller.is_some_and(|caller| row.account_id == Some(caller.account_id));
    if sent && row.check_state != UploadCheck::Held {
        return Ok(true);
    }
    let Some(case_id) = row.case_id else {
        return drafts::may_see_picture(state, row.id, visitor).await;
    };
    match casework::standing_of(state, visitor, CaseKey::Id(case_id)).await {
        Ok(standing) if standing.is_staff() => Ok(true),
        Ok(_) if row.check_state != UploadCheck::Passed => Ok(false),
        Ok(_) => Ok(!store::uploads::is_unsent(state.db.reader(), row.id).await?),
        Err(CaseworkError::Store(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// Removes pictures that no case has taken in time, with their files; says how many.
///
/// # Errors
/// The database failed; what was removed stays removed.
pub async fn sweep_unclaimed(state: &Parts, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let before = now - TimeDelta::hours(state.config.media.unclaimed_hours.into());
    let mut removed = 0;
    loop {
        let ids = store::uploads::list_unclaimed(state.db.reader(), before, SWEEP_BATCH).await?;
        if ids.is_empty() {
            return Ok(removed);
        }
        for id in ids {
            if store::uploads::remove_unclaimed(state.db.reader(), id).await? {
                removed += 1;
                discard(state, id).await;
            }
        }
    }
}

/// Removes the pictures of an account that no case has taken, with their files; says how many.
///
/// # Errors
/// The database failed; what was removed stays removed.
pub async fn forget_unclaimed(state: &Parts, account_id: AccountId) -> Result<u32, StoreError> {
    let mut removed = 0;
    for id in store::consents::list_unclaimed(state.db.reader(), account_id).await? {
        if store::uploads::remove_unclaimed(state.db.reader(), id).await? {
            removed += 1;
            discard(state, id).await;
        }
    }
    Ok(removed)
}

#[cfg(test)]
pub(crate) mod bench;
#[cfg(test)]
mod claim_tests;
#[cfg(test)]
mod tests;
