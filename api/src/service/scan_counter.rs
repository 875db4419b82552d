//! Counts scans without slowing the answer: in memory first, then many at once into the database.
//!
//! [`flush`] runs every second and once more when the service stops. What was counted and not yet
//! written is lost only when the process dies.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ids::CodeId;

use crate::state::Parts;
use crate::store::{StoreError, codes};

/// So many locks that two threads hardly ever meet at one.
const SHARDS: usize = 16;
/// Codes counted in one shard between two flushes: a million codes in all, more than any district prints.
const MOST_IN_SHARD: usize = 65_536;
/// Codes in one statement.
const BATCH: usize = 500;

/// Scans that are not in the database yet.
#[derive(Debug, Default)]
pub struct ScanCounter {
    shards: [Mutex<HashMap<CodeId, i64>>; SHARDS],
}

impl ScanCounter {
    /// Counts one scan.
    pub fn count(&self, code_id: CodeId) {
        self.add(code_id, 1);
    }

    /// Scans of a code that are not in the database yet.
    #[must_use]
    pub fn pending(&self, code_id: CodeId) -> i64 {
        self.shard(code_id).get(&code_id).copied().unwrap_or(0)
    }

    fn add(&self, code_id: CodeId, scans: i64) {
        let mut shard = self.shard(code_id);
        if shard.len() >= MOST_IN_SHARD && !shard.contains_key(&code_id) {
            metrics::counter!("scans_not_counted").increment(scans.unsigned_abs());
            return;
        }
        *shard.entry(code_id).or_insert(0) += scans;
    }

    fn shard(&self, code_id: CodeId) -> MutexGuard<'_, HashMap<CodeId, i64>> {
        // The last byte of a UUIDv7 is random.
        let [.., last] = code_id.0.into_bytes();
        let [first_shard, ..] = &self.shards;
        let shard = self.shards.get(usize::from(last) % SHARDS).unwrap_or(first_shard);
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes all counts out.
    fn take(&self) -> Taken<'_> {
        let mut counts = Vec::new();
        for shard in &self.shards {
            counts.extend(shard.lock().unwrap_or_else(PoisonError::into_inner).drain());
        }
        Taken { counter: self, counts }
    }
}

/// Counts on their way to the database; what has not arrived goes back, also when the flush is dropped
/// half-way.
struct Taken<'a> {
    counter: &'a ScanCounter,
    counts: Vec<(CodeId, i64)>,
}

impl Taken<'_> {
    /// The counts to write next.
    fn batch(&self) -> &[(CodeId, i64)] {
        let from = self.counts.len().saturating_sub(BATCH);
        self.counts.get(from..).unwrap_or_default()
    }

    /// The batch has arrived.
    fn written(&mut self) {
        self.counts.truncate(self.counts.len().saturating_sub(BATCH));
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        for (code_id, scans) in self.counts.drain(..) {
            self.counter.add(code_id, scans);
        }
    }
}

/// Writes the counts into the database, one statement for up to 500 codes.
///
/// # Errors
/// The database does not answer; what was not written is kept for the next time.
pub async fn flush(state: &Parts) -> Result<(), StoreError> {
    let mut taken = state.scans.take();
    while !taken.counts.is_empty() {
        codes::add_scans(state.db.reader(), taken.batch()).await?;
        taken.written();
    }
    Ok(())
}

#[cfg(test)]
mod tests;
