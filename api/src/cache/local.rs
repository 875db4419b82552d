//! The level within the process: bounded by weight, exact about what has been invalidated.
//!
//! Nothing is searched for and removed when something is invalidated. Instead the process keeps a
//! short log of the latest invalidations, numbered by generation, and an entry remembers up to
//! which generation it is known to be good. On a hit that is one comparison of numbers; only after
//! an invalidation somewhere is an entry compared with the log, once. So there is no index of tags
//! that could leak or fall behind.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::key::EntryKey;
use super::tag::Tag;

/// A kept value whose type only its key knows.
pub(super) type AnyValue = Arc<dyn Any + Send + Sync>;

/// Invalidations that the log remembers. An entry that was last looked at before them all counts
/// as invalid: a miss too many, never a stale hit.
const LOG_LENGTH: usize = 1024;

/// What an entry costs beside its value: two allocations, the key, moka's own nodes (bytes).
const OVERHEAD: usize = 256;

/// The entries of this process.
#[derive(Debug)]
pub(super) struct Local {
    /// `None` when switched off.
    entries: Option<moka::sync::Cache<EntryKey, Arc<Entry>>>,
    /// The number of invalidations so far; changes only under the lock of `log`.
    generation: AtomicU64,
    log: Mutex<Log>,
}

struct Entry {
    value: AnyValue,
    weight: u32,
    tags: Vec<Tag>,
    expires_at: DateTime<Utc>,
    /// The generation up to which no tag of this entry was invalidated.
    good_until: AtomicU64,
    /// Made once an entry, so that a hit only adds to a number.
    hits: metrics::Counter,
}

/// The latest invalidations, oldest first.
#[derive(Debug, Default)]
struct Log {
    /// Whatever is not known to be good at this generation is invalid.
    floor: u64,
    recent: VecDeque<(u64, Tag)>,
}

impl Log {
    /// Whether nothing of `tags` was invalidated after `generation`.
    fn is_good(&self, generation: u64, tags: &[Tag]) -> bool {
        let newer = self.recent.iter().rev().take_while(|(number, _)| *number > generation);
        generation >= self.floor && newer.map(|(_, tag)| tag).all(|tag| !tags.contains(tag))
    }
}

impl Local {
    /// A level of at most `max_bytes`; 0 keeps nothing.
    pub(super) fn new(max_bytes: u64) -> Self {
        let entries = (max_bytes > 0).then(|| {
            moka::sync::Cache::builder()
                .max_capacity(max_bytes)
                .weigher(|_: &EntryKey, entry: &Arc<Entry>| entry.weight)
                .build()
        });
        Self { entries, generation: AtomicU64::new(0), log: Mutex::default() }
    }

    /// Whether it keeps anything.
    pub(super) fn is_on(&self) -> bool {
        self.entries.is_some()
    }

    /// The number of invalidations so far: taken before a load, given to [`Self::store`] after it.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The value, if it is there, of this type, not over its time, and not invalidated.
    pub(super) fn find<V: Send + Sync + 'static>(
        &self,
        name: &EntryKey,
        now: DateTime<Utc>,
    ) -> Option<Arc<V>> {
        let entry = self.entries.as_ref()?.get(name)?;
        if entry.expires_at <= now || !self.is_good(&entry) {
            return None;
        }
        let value = Arc::clone(&entry.value).downcast().ok()?;
        entry.hits.increment(1);
        Some(value)
    }

    fn is_good(&self, entry: &Entry) -> bool {
        let known = entry.good_until.load(Ordering::Relaxed);
        if known == self.generation() {
            return true;
        }
        let log = self.lock();
        let good = log.is_good(known, &entry.tags);
        if good {
            entry.good_until.store(self.generation(), Ordering::Relaxed);
        }
        good
    }

    /// Keeps a value whose loading began at generation `began`, unless one of its tags was
    /// invalidated since: it may have been read before the change.
    pub(super) fn store(
        &self,
        name: &EntryKey,
        value: AnyValue,
        size: usize,
        tags: Vec<Tag>,
        expires_at: DateTime<Utc>,
        began: u64,
    ) {
        let Some(entries) = &self.entries else { return };
        let weight = u32::try_from(size + name.id.len() + OVERHEAD).unwrap_or(u32::MAX);
        let hits = metrics::counter!("cache_hits_total", "family" => name.family, "level" => "local");
        let good_until = AtomicU64::new(began);
        let entry = Arc::new(Entry { value, weight, tags, expires_at, good_until, hits });
        // An entry that is invalid already would only push a good one out.
        if self.is_good(&entry) {
            entries.insert(name.clone(), entry);
        }
    }

    /// Makes invalid whatever depends on one of `tags`.
    pub(super) fn invalidate(&self, tags: &[Tag]) {
        let mut log = self.lock();
        let generation = self.generation() + 1;
        for tag in tags {
            log.recent.push_back((generation, tag.clone()));
        }
        while log.recent.len() > LOG_LENGTH {
            if let Some((forgotten, _)) = log.recent.pop_front() {
                log.floor = forgotten;
            }
        }
        self.generation.store(generation, Ordering::Release);
    }

    /// Makes everything invalid, also what is being loaded: invalidations may have been missed.
    pub(super) fn clear(&self) {
        let mut log = self.lock();
        let generation = self.generation() + 1;
        *log = Log { floor: generation, recent: VecDeque::new() };
        self.generation.store(generation, Ordering::Release);
        if let Some(entries) = &self.entries {
            entries.invalidate_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The weight of all entries in bytes, exact at this moment.
    #[cfg(test)]
    pub(super) fn weight(&self) -> u64 {
        let Some(entries) = &self.entries else { return 0 };
        entries.run_pending_tasks();
        entries.weighted_size()
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("tags", &self.tags).field("expires_at", &self.expires_at).finish()
    }
}
