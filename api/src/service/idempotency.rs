//! A request that may be repeated is carried out once; the repetition gets the first answer.
//!
//! Most use cases hand their work to [`once`]. Those that need more of a hand in it ask
//! [`find_answer`] before they work, and call [`keep_answer`] within the transaction of their work.
//! Of two equal requests at the same moment one commits; the other's `keep_answer` fails with
//! [`IdempotencyError::Taken`], it rolls back and asks [`find_answer`] again. Answers are sealed: they
//! hold tickets. They are kept for [`KEPT_FOR`].

use std::fmt;

use bytes::Bytes;
use chrono::TimeDelta;
use domain::ids::AccountId;
use entity::idempotency_key;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::seal::{SealError, sha256};
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction};

/// How long an answer is kept at least.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// The status of an answer to a call that changes something.
pub const OK: u16 = 200;

/// The status of an answer to a call after which there is nothing to show.
pub const NO_CONTENT: u16 = 204;

/// The status of an answer to a call that creates something.
pub const CREATED: u16 = 201;

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

/// Whose a key is: keys of different owners are apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// Somebody with an account.
    Account(AccountId),
    /// Whoever has this case ticket; its SHA-256.
    Ticket(Vec<u8>),
    /// All others share their keys: there, a key is as good as it is hard to guess.
    Anybody,
}

impl From<Option<AccountId>> for Owner {
    fn from(account_id: Option<AccountId>) -> Self {
        account_id.map_or(Self::Anybody, Self::Account)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "{id}"),
            Self::Ticket(hash) => write!(f, "ticket/{}", data_encoding::HEXLOWER.encode(hash)),
            Self::Anybody => f.write_str("anonymous"),
        }
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
    /// A request to `call` (its collection, for example `uploads`) with this content. Keys of
    /// different calls are apart.
    #[must_use]
    pub fn new(call: &'static str, owner: impl Into<Owner>, key: Key, content: &[u8]) -> Self {
        Self { scope: format!("{call}/{}", owner.into()), key, hash: sha256(content) }
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

/// Does `work` in a transaction, once for the key of the request: a repetition, also one at the same
/// moment, gets the first value. Without a request it is done every time.
///
/// # Errors
/// Those of the work; the key came with another content; the database failed. Nothing has changed then.
pub async fn once<T, E>(
    state: &Parts,
    request: Option<&Request>,
    status: u16,
    work: impl AsyncFnOnce(&Transaction) -> Result<T, E>,
) -> Result<T, E>
where
    T: Serialize + DeserializeOwned,
    E: From<IdempotencyError> + From<StoreError>,
{
    if let Some(first) = find_value(state, request).await? {
        return Ok(first);
    }
    let carry_out = async {
        let transaction = state.db.begin().await?;
        let value = work(&transaction).await?;
        if let Some(request) = request {
            keep_answer(state, &transaction, request, status, &value).await?;
        }
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(value)
    };
    match carry_out.await {
        Ok(value) => Ok(value),
        // An equal request may have been faster, and be the reason of whatever went wrong here.
        Err(error) => find_value(state, request).await?.ok_or(error),
    }
}

async fn find_value<T: DeserializeOwned>(
    state: &Parts,
    request: Option<&Request>,
) -> Result<Option<T>, IdempotencyError> {
    let Some(request) = request else { return Ok(None) };
    let answer = find_answer(state, request).await?;
    Ok(answer.map(|answer| serde_json::from_slice(&answer.body)).transpose()?)
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
