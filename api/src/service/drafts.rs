//! Drafts of answers. A draft belongs to the case, not to who wrote it: when the case is given to somebody
//! else, he finds it and goes on.
//!
//! Nobody overwrites what he has not seen: a draft that is there is replaced or removed only by naming its
//! version. It ends with the answer (`casework`).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::case::State;
use domain::ids::{CaseId, MemberId, UploadId};
use domain::role::{Party, Standing};
use domain::text::AnswerText;
use domain::vocabulary::Evidence;
use entity::case_draft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::service::casework::{self, CaseworkError};
use crate::service::idempotency::{self, IdempotencyError};
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store::cases::{CaseKey, StoredCase};
use crate::store::{self, Connection, StoreError};

/// Why there is no draft, or it was not kept.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The case does not exist for the visitor, or the database failed.
    #[error(transparent)]
    Case(#[from] CaseworkError),
    /// The visitor may see the case, and not answer it.
    #[error("the visitor does not answer this case")]
    NotAllowed,
    /// There is no draft.
    #[error("there is no draft")]
    NotFound,
    /// The case has been answered or has ended.
    #[error("a case that is {state} has no draft")]
    WrongState {
        /// The state of the case.
        state: State,
    },
    /// A picture is unknown, somebody else's, taken, or named twice.
    #[error("a picture is not free")]
    UploadUnknown,
    /// Somebody else was faster, or the caller did not say which version he has seen.
    #[error("the draft is another one by now")]
    VersionConflict {
        /// The draft as it is now; none when it was sent or removed.
        current: Option<Box<Draft>>,
    },
}

impl From<StoreError> for DraftError {
    fn from(error: StoreError) -> Self {
        Self::Case(error.into())
    }
}

impl From<IdempotencyError> for DraftError {
    fn from(error: IdempotencyError) -> Self {
        Self::Case(error.into())
    }
}

/// The draft of a case's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    /// Its version, for `If-Match`; also the `ETag`.
    pub version: i32,
    /// The words so far; fields may still be unfilled.
    pub text: String,
    /// What the answer will rest on.
    pub evidence: Option<Evidence>,
    /// The pictures that it names. Those who answer the case see them, whoever sent them.
    pub uploads: Vec<UploadId>,
    /// As what somebody wrote it last.
    pub party: Party,
    /// The member, if it was one.
    pub member_id: Option<MemberId>,
    /// The member's name.
    pub member_name: Option<String>,
    /// Whether that was the caller.
    pub by_me: bool,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// The words so far.
    pub text: AnswerText,
    /// What the answer will rest on.
    pub evidence: Option<Evidence>,
    /// The pictures to come with the answer.
    pub uploads: Vec<UploadId>,
    /// The version that it replaces; none for the first one.
    pub seen_version: Option<i32>,
}

/// The draft of a case.
///
/// # Errors
/// [`DraftError`]
pub async fn show(state: &Parts, visitor: &Visitor, id: CaseId) -> Result<Draft, DraftError> {
    let db = state.db.reader();
    let (caller, ..) = writer(db, visitor, find(db, id).await?).await?;
    let row = store::drafts::find(db, id).await?.ok_or(DraftError::NotFound)?;
    Ok(draft(db, row, caller).await?)
}

/// Keeps a draft.
///
/// # Errors
/// [`DraftError`]; nothing has changed then.
pub async fn keep(
    state: &Parts,
    visitor: &Visitor,
    id: CaseId,
    new: NewDraft,
    request: Option<&idempotency::Request>,
) -> Result<Draft, DraftError> {
    idempotency::once(state, request, idempotency::OK, async |tx| {
        let stored = store::cases::lock(tx, id).await?.ok_or(CaseworkError::NotFound)?;
        let (caller, party, stored) = writer(tx, visitor, stored).await?;
        let case = stored.case;
        if !case.state.is_before_response() && case.state != State::Contested {
            return Err(DraftError::WrongState { state: case.state });
        }
        let before = store::drafts::find(tx, id).await?;
        if before.as_ref().map(|draft| draft.version) != new.seen_version {
            return Err(conflict(tx, before, caller).await?);
        }
        let now = state.clock.now();
        let row = case_draft::Model {
            case_id: id,
            version: before.as_ref().map_or(1, |draft| draft.version.saturating_add(1)),
            text: new.text.into_string(),
            evidence: new.evidence,
            account_id: caller.account_id,
            party,
            member_id: case.member_id.filter(|_| party == Party::ItsMember),
            created_at: before.as_ref().map_or(now, |draft| draft.created_at),
            updated_at: now,
        };
        match before {
            None => store::drafts::insert(tx, row.clone()).await?,
            Some(_) => store::drafts::replace(tx, row.clone()).await?,
        }
        check_uploads(tx, &new.uploads, id, caller).await?;
        store::drafts::name_uploads(tx, id, &new.uploads).await?;
        Ok(draft(tx, row, caller).await?)
    })
    .await
}

/// Throws a draft away.
///
/// # Errors
/// [`DraftError`]; nothing has changed then.
pub async fn discard(
    state: &Parts,
    visitor: &Visitor,
    id: CaseId,
    seen_version: Option<i32>,
    request: Option<&idempotency::Request>,
) -> Result<(), DraftError> {
    idempotency::once(state, request, idempotency::NO_CONTENT, async |tx| {
        let stored = store::cases::lock(tx, id).await?.ok_or(CaseworkError::NotFound)?;
        let (caller, ..) = writer(tx, visitor, stored).await?;
        let Some(row) = store::drafts::find(tx, id).await? else { return Err(DraftError::NotFound) };
        if Some(row.version) != seen_version {
            return Err(conflict(tx, Some(row), caller).await?);
        }
        store::drafts::remove(tx, id).await?;
        Ok(())
    })
    .await
}

/// Whether a picture stands in the draft of a case that the visitor answers.
///
/// # Errors
/// The database does not answer.
pub(super) async fn may_see_picture(
    state: &Parts,
    id: UploadId,
    visitor: &Visitor,
) -> Result<bool, StoreError> {
    let Some(case_id) = store::drafts::find_case_of(state.db.reader(), id).await? else { return Ok(false) };
    match casework::standing_of(state, visitor, CaseKey::Id(case_id)).await {
        Ok(standing) => Ok(standing.is_in_charge()),
        Err(CaseworkError::Store(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

async fn find(db: &impl Connection, id: CaseId) -> Result<StoredCase, DraftError> {
    Ok(store::cases::find(db, CaseKey::Id(id)).await?.ok_or(CaseworkError::NotFound)?)
}

/// The caller, if he is one of those who answer the case: its member, or its manager.
async fn writer<'a>(
    db: &impl Connection,
    visitor: &'a Visitor,
    stored: StoredCase,
) -> Result<(&'a Caller, Party, StoredCase), DraftError> {
    let standing: Standing = casework::standing(db, visitor, &stored).await?;
    let party = [Party::ItsMember, Party::Manager].into_iter().find(|party| standing.is(*party));
    match (&visitor.caller, party) {
        (Some(caller), Some(party)) => Ok((caller, party, stored)),
        _ => Err(DraftError::NotAllowed),
    }
}

/// Pictures that the caller may put in, each once.
async fn check_uploads(
    db: &impl Connection,
    uploads: &[UploadId],
    id: CaseId,
    caller: &Caller,
) -> Result<(), DraftError> {
    let named: BTreeSet<UploadId> = uploads.iter().copied().collect();
    if uploads.is_empty() {
        return Ok(());
    }
    let free = store::drafts::count_free(db, uploads, id, caller.account_id).await?;
    let fit = named.len() == uploads.len() && usize::try_from(free) == Ok(uploads.len());
    if fit { Ok(()) } else { Err(DraftError::UploadUnknown) }
}

async fn conflict(
    db: &impl Connection,
    current: Option<case_draft::Model>,
    caller: &Caller,
) -> Result<DraftError, StoreError> {
    let current = match current {
        Some(row) => Some(Box::new(draft(db, row, caller).await?)),
        None => None,
    };
    Ok(DraftError::VersionConflict { current })
}

async fn draft(db: &impl Connection, row: case_draft::Model, caller: &Caller) -> Result<Draft, StoreError> {
    let uploads = store::drafts::list_uploads(db, row.case_id).await?;
    let member_name = store::parties::find_member_name(db, row.member_id).await?;
    Ok(Draft {
        version: row.version,
        text: row.text,
        evidence: row.evidence,
        uploads,
        party: row.party,
        member_id: row.member_id,
        member_name,
        by_me: row.account_id == caller.account_id,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
