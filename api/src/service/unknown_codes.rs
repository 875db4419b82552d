//! Tokens that people scan although nobody issued them: somewhere hangs a poster that is not ours, or one that
//! was printed wrong.
//!
//! Only what has the form of a token is kept, and of whoever scanned it nothing. Made-up tokens are endless, and
//! so both lists have an end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::authority::runs_anything;
use crate::auth::Caller;
use crate::state::Parts;
use crate::store::{StoreError, unknown_codes};

/// The most tokens in memory between two flushes.
const MOST_WAITING: usize = 500;
/// The most tokens in the list.
const MOST_LISTED: u64 = 10_000;
/// For how long a token is listed that is not scanned any more.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(90);

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum UnknownCodesError {
    /// It is for those who run a station or a committee.
    #[error("the caller runs no station and no committee")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Scans of unknown tokens that are not in the database yet.
#[derive(Debug, Default)]
pub struct UnknownScans(Mutex<HashMap<String, i64>>);

/// A token that nobody issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnknownCode {
    /// Its place in the list.
    #[serde(skip)]
    pub id: Uuid,
    /// What was scanned, as our own tokens are spelled.
    pub token: String,
    /// How often.
    pub scans: i64,
    /// When it was scanned first.
    pub first_at: DateTime<Utc>,
    /// When it was scanned last.
    pub last_at: DateTime<Utc>,
}

impl UnknownScans {
    /// Notes one scan of a text; nothing for what does not look like a token.
    pub fn note(&self, text: &str) {
        let Ok(token) = qr::spelling(text) else { return };
        self.add(token, 1);
    }

    fn add(&self, token: String, scans: i64) {
        let mut waiting = self.lock();
        if waiting.len() < MOST_WAITING || waiting.contains_key(&token) {
            *waiting.entry(token).or_insert(0) += scans;
        } else {
            metrics::counter!("unknown_scans_not_noted").increment(1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what was noted into the database.
///
/// # Errors
/// The database does not answer; what was noted is kept for the next time.
pub async fn flush(state: &Parts) -> Result<(), StoreError> {
    let waiting = std::mem::take(&mut *state.unknown_scans.lock());
    if waiting.is_empty() {
        return Ok(());
    }
    let written = write(state, &waiting).await;
    if written.is_err() {
        waiting.into_iter().for_each(|(token, scans)| state.unknown_scans.add(token, scans));
    }
    written
}

async fn write(state: &Parts, scans: &HashMap<String, i64>) -> Result<(), StoreError> {
    let tx = state.db.begin().await?;
    unknown_codes::add(&tx, scans, MOST_LISTED, state.clock.now(), || state.ids.next()).await?;
    Ok(tx.commit().await?)
}

/// The tokens that came up before `last`, newest first.
///
/// # Errors
/// The caller runs no station and no committee; the database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    last: Option<Uuid>,
    limit: u64,
) -> Result<Vec<UnknownCode>, UnknownCodesError> {
    if !runs_anything(caller) {
        return Err(UnknownCodesError::NotAllowed);
    }
    let rows = unknown_codes::list(state.db.reader(), last, limit).await?.into_iter();
    let listed = rows.map(|row| UnknownCode {
        id: row.id,
        token: row.token,
        scans: row.scans,
        first_at: row.first_at,
        last_at: row.last_at,
    });
    Ok(listed.collect())
}
