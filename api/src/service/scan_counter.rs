//! Counts scans without slowing the answer: in memory first, then many at once into the database.
//!
//! [`flush`] runs every second and once more when the service stops. What was counted and not yet
//! written is lost only when the process dies. A scan counts in the hour in which it is written: while the
//! database does not answer that is later than the scan.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ids::CodeId;
use domain::scans::Hour;
use domain::vocabulary::ScanResult;

use crate::state::Parts;
use crate::store::code_scans::{self, Counted};
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
    shards: [Mutex<HashMap<Counted, i64>>; SHARDS],
}

impl ScanCounter {
    /// Counts one scan, or that something came of one.
    pub fn count(&self, code_id: CodeId, result: ScanResult) {
        self.add((code_id, result), 1);
    }

    /// Scans of a code that are not in the database yet.
    #[must_use]
    pub fn pending(&self, code_id: CodeId, result: ScanResult) -> i64 {
        self.shard(code_id).get(&(code_id, result)).copied().unwrap_or(0)
    }

    fn add(&self, counted: Counted, scans: i64) {
        let mut shard = self.shard(counted.0);
        if shard.len() >= MOST_IN_SHARD && !shard.contains_key(&counted) {
            metrics::counter!("scans_not_counted").increment(scans.unsigned_abs());
            return;
        }
        *shard.entry(counted).or_insert(0) += scans;
    }

    fn shard(&self, code_id: CodeId) -> MutexGuard<'_, HashMap<Counted, i64>> {
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
    counts: Vec<(Counted, i64)>,
}

impl Taken<'_> {
    /// The counts to write next.
    fn batch(&self) -> &[(Counted, i64)] {
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
        for (counted, scans) in self.counts.drain(..) {
            self.counter.add(counted, scans);
        }
    }
}

/// Writes the counts into the database, in one transaction for up to 500 of them.
///
/// # Errors
/// The database does not answer; what was not written is kept for the next time.
pub async fn flush(state: &Parts) -> Result<(), StoreError> {
    let mut taken = state.scans.take();
    while !taken.counts.is_empty() {
        write(state, taken.batch()).await?;
        taken.written();
    }
    Ok(())
}

async fn write(state: &Parts, counts: &[(Counted, i64)]) -> Result<(), StoreError> {
    let tx = state.db.begin().await?;
    let ids: Vec<CodeId> = counts.iter().map(|((code_id, _), _)| *code_id).collect();
    // A restored database may not have a code that was scanned meanwhile.
    let known: HashSet<CodeId> = code_scans::list_known(&tx, &ids).await?.into_iter().collect();
    let counts: Vec<_> = counts.iter().copied().filter(|((id, _), _)| known.contains(id)).collect();
    if !counts.is_empty() {
        codes::add_scans(&tx, &scans_of(&counts)).await?;
        code_scans::add(&tx, Hour::of(state.clock.now()), &counts).await?;
    }
    Ok(tx.commit().await?)
}

/// How often each code was scanned, whatever came of it. A case that came of a scan is no scan more.
fn scans_of(counts: &[(Counted, i64)]) -> Vec<(CodeId, i64)> {
    let mut sums: BTreeMap<CodeId, i64> = BTreeMap::new();
    for ((code_id, result), scans) in counts {
        if *result != ScanResult::Reported {
            *sums.entry(*code_id).or_insert(0) += scans;
        }
    }
    sums.into_iter().collect()
}

#[cfg(test)]
mod tests;
