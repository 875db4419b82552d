//! Counts within one process, in bounded memory.
//!
//! At most [`SHARDS`] × [`MAX_KEYS`] = 65,536 keys of 16 bytes each: below 3 MiB with the tables'
//! own overhead, whatever addresses a flood invents. A key over whose head the time has gone is as
//! good as unknown and makes room first; then those do that have used least of their limit.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::gcra::{self, Verdict};
use super::kind::{LimitKey, LimitKind};
use crate::config::Limit;

/// Independent parts, so that threads seldom wait for each other.
const SHARDS: usize = 64;
/// Keys in one part.
const MAX_KEYS: usize = 1024;

/// The arrival times of all keys.
#[derive(Debug)]
pub(super) struct Local {
    /// Randomly keyed: nobody can aim for a collision, and no address or ticket is kept.
    hasher: RandomState,
    shards: Box<[Mutex<Shard>]>,
}

/// Arrival times by the hash of kind and key.
#[derive(Debug, Default)]
struct Shard(HashMap<u64, i64, BuildHasherDefault<Hashed>>);

/// The hash of what is a keyed hash already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    /// Never asked for: keys are whole hashes.
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
}

impl Default for Local {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { hasher: RandomState::new(), shards }
    }
}

impl Local {
    /// Lets one more pass or not.
    pub(super) fn count(&self, kind: LimitKind, key: LimitKey<'_>, limit: Limit, now: i64) -> Verdict {
        self.with(kind, key, |shard, hash| {
            if let Some(known) = shard.0.get_mut(&hash) {
                let (verdict, arrival) = gcra::decide(*known, now, limit);
                *known = arrival;
                return verdict;
            }
            let (verdict, arrival) = gcra::decide(i64::MIN, now, limit);
            if verdict == Verdict::Pass {
                shard.set(hash, arrival, now);
            }
            verdict
        })
    }

    /// Whether one more would pass.
    pub(super) fn peek(&self, kind: LimitKind, key: LimitKey<'_>, limit: Limit, now: i64) -> Verdict {
        self.with(kind, key, |shard, hash| gcra::decide(shard.arrival(hash), now, limit).0)
    }

    /// Takes over an arrival time that all processes agree on.
    pub(super) fn learn(&self, kind: LimitKind, key: LimitKey<'_>, arrival: i64, now: i64) {
        self.with(kind, key, |shard, hash| {
            let arrival = arrival.max(shard.arrival(hash));
            shard.set(hash, arrival, now);
        });
    }

    fn with<T>(&self, kind: LimitKind, key: LimitKey<'_>, work: impl FnOnce(&mut Shard, u64) -> T) -> T {
        let hash = self.hasher.hash_one((kind, key));
        work(&mut self.shard(hash), hash)
    }

    #[expect(clippy::indexing_slicing, reason = "below SHARDS")]
    fn shard(&self, hash: u64) -> MutexGuard<'_, Shard> {
        // Bits from the middle: the map of a shard tells its keys apart by the others.
        self.shards[(hash >> 32) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many keys are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap().0.len()).sum()
    }
}

impl Shard {
    fn arrival(&self, hash: u64) -> i64 {
        self.0.get(&hash).copied().unwrap_or(i64::MIN)
    }

    fn set(&mut self, hash: u64, arrival: i64, now: i64) {
        if self.0.len() >= MAX_KEYS && !self.0.contains_key(&hash) {
            self.make_room(now);
        }
        self.0.insert(hash, arrival);
    }

    /// Frees an eighth, so that a flood of new keys pays for a search only now and then.
    fn make_room(&mut self, now: i64) {
        self.0.retain(|_, arrival| *arrival > now);
        let mut too_many = self.0.len().saturating_sub(MAX_KEYS / 8 * 7);
        let mut arrivals: Vec<i64> = self.0.values().copied().collect();
        if too_many == 0 {
            return;
        }
        let (_, &mut most, _) = arrivals.select_nth_unstable(too_many - 1);
        self.0.retain(|_, arrival| {
            let leaves = *arrival <= most && too_many > 0;
            too_many -= usize::from(leaves);
            !leaves
        });
    }
}
