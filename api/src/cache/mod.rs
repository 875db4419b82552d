//! What is read often and changes seldom, kept close: in the process, and in Redis for all processes.
//!
//! [`Cache::get`] looks into the process, then into Redis, then runs the loader, once for all who
//! ask at the same time. A loader says what its value depends on ([`Tag`]); whoever has committed
//! a change calls [`Cache::invalidate`] with the tags of the change. Redis is optional and never
//! fails a request.
//!
//! **What can be stale, and how long.** In the process that invalidates: nothing. In others: the
//! milliseconds that Redis needs to publish. While a process can't hear Redis, or when a process
//! dies between its commit and its `invalidate`: up to the entry's life (`cache.ttl_s`), no longer.
//! A load that began before an invalidation of one of its tags is answered but never kept.
//!
//! This module knows neither HTTP nor SQL nor what the values mean. Start reading at [`Key`].

mod flights;
mod key;
mod link;
mod listener;
mod local;
mod shared;
mod tag;
#[cfg(test)]
mod tests;
mod watch;

use std::cell::RefCell;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

pub use key::{CodecError, Key, Raw};
pub use link::Redis;
pub use tag::Tag;

use crate::clock::SharedClock;
use crate::config;
use flights::{Flights, Landing, Turn};
use key::EntryKey;
use local::Local;
use shared::{Reading, Shared, Stored};

/// What a loader brings.
#[derive(Debug, Clone)]
pub struct Fresh<V> {
    /// The value; "there is none" is a value too (`Option`).
    pub value: V,
    /// What it depends on.
    pub tags: Vec<Tag>,
    /// When it stops being true by itself, such as when the next duty shift begins.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The two levels of the cache. Clones share everything.
#[derive(Debug, Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    clock: SharedClock,
    ttl: TimeDelta,
    local: Arc<Local>,
    flights: Flights,
    shared: Option<Arc<Shared>>,
    /// Ends with the last clone of the cache.
    _listener: Option<listener::Listener>,
}

impl Cache {
    /// A cache as configured, shared through `redis` when there is one.
    ///
    /// With Redis it must be called inside a runtime: it starts listening for the invalidations of
    /// others. It does not wait for Redis to answer.
    #[must_use]
    pub fn new(config: &config::Cache, clock: SharedClock, redis: Option<Redis>) -> Self {
        let ttl = TimeDelta::seconds(i64::try_from(config.ttl_s).unwrap_or(60));
        let local = Arc::new(Local::new(config.local_bytes));
        let shared = redis.map(|redis| Arc::new(Shared::new(redis, ttl, clock.clone())));
        let listener = shared.clone().map(|shared| listener::Listener::start(shared, local.clone()));
        let flights = Flights::default();
        Self { inner: Arc::new(Inner { clock, ttl, local, flights, shared, _listener: listener }) }
    }

    /// The value under `key`: kept, or loaded by `load` and kept.
    ///
    /// Many who ask at once wait for one loader. When that one fails, the others try themselves,
    /// side by side, as without a cache: an error is never kept nor handed to somebody else.
    ///
    /// # Errors
    /// What `load` failed with.
    pub async fn get<K: Key, E>(
        &self,
        key: &K,
        load: impl AsyncFnOnce() -> Result<Fresh<K::Value>, E>,
    ) -> Result<Arc<K::Value>, E> {
        let Inner { clock, local, .. } = &*self.inner;
        let name = EntryKey::of(key);
        let now = clock.now();
        if local.is_on() {
            if let Some(value) = local.find(&name, now) {
                return Ok(value);
            }
            count("cache_misses_total", K::FAMILY, "local");
        }
        // Boxed, both: a hit would carry them through every frame above. Whoever finds it in Redis waits for
        // nobody.
        if let Some(value) = Box::pin(self.find_shared::<K>(&name, now)).await {
            return Ok(value);
        }
        Box::pin(self.load_once::<K, E>(&name, load)).await
    }

    /// By one loader for all who wait.
    async fn load_once<K: Key, E>(
        &self,
        name: &EntryKey,
        load: impl AsyncFnOnce() -> Result<Fresh<K::Value>, E>,
    ) -> Result<Arc<K::Value>, E> {
        let Inner { clock, local, flights, .. } = &*self.inner;
        loop {
            match flights.join(name, local.generation()) {
                Turn::Lead(lead) => {
                    // The flight before this one may have landed in between.
                    let outcome = match local.find(name, clock.now()) {
                        Some(value) => Ok(value),
                        None => self.fetch::<K, E>(name, load).await,
                    };
                    lead.land(outcome.as_ref().ok().map(|value| Arc::clone(value) as _));
                    return outcome;
                }
                Turn::Follow(flight) => match flight.landing().await {
                    Landing::Loaded(value) => match value.downcast() {
                        Ok(value) => return Ok(value),
                        Err(_) => return self.fetch::<K, E>(name, load).await,
                    },
                    Landing::Failed => return self.fetch::<K, E>(name, load).await,
                    Landing::Abandoned => {}
                },
            }
        }
    }

    /// Forgets whatever depends on one of `tags`: here at once, elsewhere as soon as Redis has
    /// told. Call it after the commit, never before.
    ///
    /// What Redis does not take now is delivered later, by the first that reaches it.
    pub async fn invalidate(&self, tags: &[Tag]) {
        if tags.is_empty() {
            return;
        }
        self.inner.local.invalidate(tags);
        if let Some(shared) = &self.inner.shared {
            shared.invalidate(tags).await;
        }
    }

    /// Whether Redis answers; `None` when none is configured.
    pub async fn is_shared_up(&self) -> Option<bool> {
        let shared = self.inner.shared.as_ref()?;
        Some(shared.redis().ping().await)
    }

    /// From Redis, and kept in the process.
    async fn find_shared<K: Key>(&self, name: &EntryKey, now: DateTime<Utc>) -> Option<Arc<K::Value>> {
        let Inner { local, shared, .. } = &*self.inner;
        let shared = shared.as_deref().filter(|_| K::SHARED)?;
        let began = local.generation();
        let stored = shared.find(name, now).await?;
        self.keep_found::<K>(name, stored, began)
    }

    fn keep_found<K: Key>(&self, name: &EntryKey, stored: Stored, began: u64) -> Option<Arc<K::Value>> {
        let bytes = stored.bytes();
        let size = bytes.len();
        let value = Arc::new(K::decode(bytes).ok()?);
        count("cache_hits_total", K::FAMILY, "shared");
        let local = &self.inner.local;
        if local.is_on()
            && let Some(tags) = stored.tags()
        {
            local.store(name, value.clone(), size, tags, stored.expires_at, began);
        }
        Some(value)
    }

    /// From Redis or from the loader, and kept.
    async fn fetch<K: Key, E>(
        &self,
        name: &EntryKey,
        load: impl AsyncFnOnce() -> Result<Fresh<K::Value>, E>,
    ) -> Result<Arc<K::Value>, E> {
        let Inner { clock, ttl, local, .. } = &*self.inner;
        let (began, now) = (local.generation(), clock.now());
        let shared = self.inner.shared.as_deref().filter(|_| K::SHARED);
        let reading = match shared {
            Some(shared) => shared.read(name, now).await,
            None => Reading::default(),
        };
        // Somebody may have filled it since this one has looked.
        if let Some(value) = reading.found.and_then(|stored| self.keep_found::<K>(name, stored, began)) {
            return Ok(value);
        }
        if shared.is_some() {
            count("cache_misses_total", K::FAMILY, "shared");
        }
        let fresh = load().await?;
        let expires_at = fresh.expires_at.map_or(now + *ttl, |at| at.min(now + *ttl));
        let value = Arc::new(fresh.value);
        match K::encode(&value) {
            Ok(bytes) => {
                if let (Some(shared), Some(permit)) = (shared, reading.permit) {
                    shared.fill(permit, name, &fresh.tags, expires_at, &bytes).await;
                }
                local.store(name, value.clone(), bytes.len(), fresh.tags, expires_at, began);
            }
            Err(error) => tracing::error!(family = K::FAMILY, %error, "a value can't be cached"),
        }
        Ok(value)
    }
}

/// Adds one to a counter. Every thread keeps the handles that it has used: families are few, and looking
/// a handle up in the recorder costs more than a look into the process's own level.
fn count(name: &'static str, family: &'static str, level: &'static str) {
    type Kept = Vec<([&'static str; 3], metrics::Counter)>;
    thread_local! {
        static KEPT: RefCell<Kept> = RefCell::default();
    }
    let wanted = [name, family, level];
    KEPT.with_borrow_mut(|kept| match kept.iter().find(|(known, _)| *known == wanted) {
        Some((_, counter)) => counter.increment(1),
        None => {
            let counter = metrics::counter!(name, "family" => family, "level" => level);
            counter.increment(1);
            kept.push((wanted, counter));
        }
    });
}
