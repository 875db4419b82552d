//! A request that may be repeated is carried out once; the repetition gets the first answer.
//!
//! A use case asks [`find_answer`] before it works, and calls [`keep_answer`] within the
//! transaction of its work. Of two equal requests at the same moment one commits; the other's
//! `keep_answer` fails with [`IdempotencyError::Taken`], it rolls back and asks [`find_answer`]
//! again. Answers are sealed: they hold tickets. They are kept for [`KEPT_FOR`].

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::AccountId;
use entity::idempotency_key;
use serde::Serialize;

use crate::seal::{SealError, sha256};
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction};

/// How long an answer is kept at least.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// The longest key, in characters.
const MAX_KEY: usize = 128;

/// The key of a request: 1 to 128 visible ASCII characters, chosen by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Checks a key; `None` when it is empty, too long, or holds blanks or other characters.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let fits = (1..=MAX_KEY).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(raw.to_owned()))
    }
}

/// A request that may be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    scope: String,
    key: Key,
    hash: Vec<u8>,
}

impl Request {
    /// A request to `call` (its collection, for example `uploads`) with this content.
    ///
    /// Keys of different callers and calls are apart. All callers without an account share a scope:
    /// there, a key is as good as it is hard to guess.
    #[must_use]
    pub fn new(call: &'static str, caller: Option<AccountId>, key: Key, content: &[u8]) -> Self {
        let scope = match caller {
            Some(account_id) => format!("{call}/{account_id}"),
            None => format!("{call}/anonymous"),
        };
        Self { scope, key, hash: sha256(content) }
    }

    /// SHA-256 of its content.
    #[must_use]
    pub fn content_hash(&self) -> &[u8] {
        &self.hash
    }

    /// What its answer is sealed for: it can't be moved to another key.
    fn context(&self) -> String {
        format!("idempotency_keys.response/{}/{}", self.scope, self.key.0)
    }
}

/// An answer, to be sent byte for byte every time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The key came before with another content.
    #[error("the key came before with another content")]
    Reused,
    /// Another request with the same key was faster; roll back and ask for its answer.
    #[error("another request with the same key was faster")]
    Taken(#[source] StoreError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The answer can't be sealed or opened.
    #[error("the answer can't be sealed or opened")]
    Seal(#[from] SealError),
    /// The answer can't be written as JSON.
    #[error("the answer can't be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// The first answer to this request, if it came before.
///
/// # Errors
/// `Reused` when the key came with another content; or the database failed.
pub async fn find_answer(state: &Parts, request: &Request) -> Result<Option<Answer>, IdempotencyError> {
    let Some(row) = store::idempotency::find(state.db.reader(), &request.scope, &request.key.0).await? else {
        return Ok(None);
    };
    if row.request_hash != request.hash {
        return Err(IdempotencyError::Reused);
    }
    let status = u16::try_from(row.status)
        .map_err(|error| StoreError::inconsistent("idempotency_keys", &row.key, error))?;
    let body = state.sealer.open(&request.context(), &row.response_sealed)?;
    Ok(Some(Answer { status, body: body.into() }))
}

/// The first answer to this request, and the row that keeps it.
///
/// # Errors
/// The answer can't be written or sealed.
pub fn seal_answer(
    state: &Parts,
    request: &Request,
    status: u16,
    body: &impl Serialize,
) -> Result<(idempotency_key::Model, Answer), IdempotencyError> {
    let body = serde_json::to_vec(body)?;
    let row = idempotency_key::Model {
        scope: request.scope.clone(),
        key: request.key.0.clone(),
        request_hash: request.hash.clone(),
        status: i16::try_from(status)
            .map_err(|error| StoreError::inconsistent("idempotency_keys", &request.key.0, error))?,
        response_sealed: state.sealer.seal(&state.ids, &request.context(), &body)?,
        created_at: state.clock.now(),
    };
    Ok((row, Answer { status, body: body.into() }))
}

/// Keeps the first answer to this request, in the transaction of its work.
///
/// # Errors
/// `Taken` when another request with the key was faster; or the database failed.
pub async fn keep_answer(
    state: &Parts,
    transaction: &Transaction,
    request: &Request,
    status: u16,
    body: &impl Serialize,
) -> Result<Answer, IdempotencyError> {
    let (row, answer) = seal_answer(state, request, status, body)?;
    match store::idempotency::insert(transaction, row).await {
        Ok(()) => Ok(answer),
        Err(error @ StoreError::Duplicate(_)) => Err(IdempotencyError::Taken(error)),
        Err(error) => Err(error.into()),
    }
}

/// Forgets answers that have been kept long enough; says how many.
///
/// # Errors
/// The database failed.
pub async fn sweep(state: &Parts, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let transaction = state.db.begin().await?;
    let removed = store::idempotency::remove_before(&transaction, now - KEPT_FOR).await?;
    transaction.commit().await?;
    Ok(removed)
}
