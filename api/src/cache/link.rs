//! The way to Redis: never an error, never a long wait.
//!
//! Every call has a time limit (see [`super::watch`]). After a failure nobody tries for a moment ([`BACK_OFF`]); then one
//! call goes ahead, and its success opens the way for all. An outage is logged when it begins and
//! when it ends. What is asked of Redis is the callers' business.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{MultiplexedConnection, PubSub};
use redis::io::tcp::TcpSettings;
use redis::{Client, IntoConnectionInfo, RedisResult};
use secrecy::ExposeSecret;

use super::watch::{self, Calls, Watched};
use crate::config;

/// After a failure nobody tries for so long: a dead Redis costs one request the time limit, not all.
pub(super) const BACK_OFF: Duration = Duration::from_secs(1);

/// What the log says of a call that was given up.
const TOO_LATE: &str = "no answer in time";

/// The most connections of one process. Threads beyond share.
const MAX_CONNECTIONS: usize = 32;

/// A Redis that may come and go. Clones share connections and the knowledge of an outage.
#[derive(Clone)]
pub struct Redis {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    prefix: String,
    time_limit: Duration,
    /// One connection a thread: a reply then wakes nobody on another thread, which takes a third
    /// off the cost of a call.
    connections: Box<[Place]>,
    outage: Outage,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the client: its address may hold a password.
        f.debug_struct("Redis").field("prefix", &self.inner.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// The configured Redis, `None` when there is none. Nothing is connected yet.
    ///
    /// # Errors
    /// The address can't be read.
    pub fn from_config(config: &config::Cache) -> RedisResult<Option<Self>> {
        if config.redis_url.expose_secret().is_empty() {
            return Ok(None);
        }
        let address = config.redis_url.expose_secret().into_connection_info()?;
        let client = Client::open(address.set_tcp_settings(TcpSettings::default().set_nodelay(true)))?;
        Ok(Some(Self {
            inner: Arc::new(Inner {
                client,
                prefix: config.redis_prefix.clone(),
                time_limit: Duration::from_millis(config.redis_timeout_ms),
                connections: (0..MAX_CONNECTIONS).map(|_| Place::default()).collect(),
                outage: Outage::default(),
            }),
        }))
    }

    /// What all names of this installation begin with.
    pub(crate) fn prefix(&self) -> &str {
        &self.inner.prefix
    }

    /// Does `work` on a connection; `None` when Redis did not do it in time.
    pub(crate) async fn call<T, F, Working>(&self, work: F) -> Option<T>
    where
        F: FnOnce(MultiplexedConnection) -> Working,
        Working: Future<Output = RedisResult<T>>,
    {
        let Inner { client, time_limit, connections, outage, .. } = &*self.inner;
        if !outage.may_try() {
            return None;
        }
        let place = connections.get(thread_number() % MAX_CONNECTIONS)?;
        let connected = match place.kept() {
            Some(watched) => Ok(watched),
            // Boxed: else every call would carry, and allocate, what connecting needs.
            None => Box::pin(place.connect(client, *time_limit)).await,
        };
        let failure = match connected {
            Ok(Watched { connection, calls }) => {
                let running = calls.begin();
                let done = work(connection).await;
                drop(running);
                let error = match done {
                    Ok(done) => {
                        outage.end();
                        return Some(done);
                    }
                    Err(error) => error,
                };
                // It may be broken: a new one next time.
                place.forget(&calls);
                if calls.is_late() { TOO_LATE.to_owned() } else { error.to_string() }
            }
            Err(failure) => failure,
        };
        metrics::counter!("cache_redis_errors_total").increment(1);
        outage.begin(&failure);
        None
    }

    /// Whether it answers.
    pub async fn ping(&self) -> bool {
        let pong =
            self.call(|mut connection| async move { redis::cmd("PING").exec_async(&mut connection).await });
        pong.await.is_some()
    }

    /// A connection of its own that hears what is published on `channel`; `None` when Redis does
    /// not give one in time.
    pub(super) async fn subscribe(&self, channel: &str) -> Option<PubSub> {
        let subscribing = async {
            let mut pubsub = self.inner.client.get_async_pubsub().await?;
            pubsub.subscribe(channel).await?;
            RedisResult::Ok(pubsub)
        };
        tokio::time::timeout(self.inner.time_limit.max(BACK_OFF), subscribing).await.ok()?.ok()
    }
}

/// Where a thread has its connection.
#[derive(Default)]
struct Place {
    kept: Mutex<Option<Watched>>,
    /// Held by whoever connects, so that one does it for all.
    connecting: tokio::sync::Mutex<()>,
}

impl Place {
    fn lock(&self) -> MutexGuard<'_, Option<Watched>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> Option<Watched> {
        self.lock().clone()
    }

    /// Gives the connection of these calls up, if it is still the one.
    fn forget(&self, calls: &Arc<Calls>) {
        self.lock().take_if(|watched| Arc::ptr_eq(&watched.calls, calls));
    }

    /// The connection, made if there is none; or why there is none in time.
    async fn connect(&self, client: &Client, limit: Duration) -> Result<Watched, String> {
        let connecting = async {
            let _turn = self.connecting.lock().await;
            if let Some(watched) = self.kept() {
                return Ok(watched);
            }
            let watched = watch::connect(client, limit).await?;
            *self.lock() = Some(watched.clone());
            RedisResult::Ok(watched)
        };
        match tokio::time::timeout(limit, connecting).await {
            Ok(connected) => connected.map_err(|error| error.to_string()),
            Err(_) => Err(TOO_LATE.to_owned()),
        }
    }
}

/// A small number of the current thread.
fn thread_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

/// Whether Redis is out, and when to try again.
struct Outage {
    start: Instant,
    /// Milliseconds since `start`; 0 while all is well.
    retry_at: AtomicU64,
}

impl Default for Outage {
    fn default() -> Self {
        Self { start: Instant::now(), retry_at: AtomicU64::new(0) }
    }
}

impl Outage {
    /// Milliseconds since the start, never 0.
    fn millis(&self, later: Duration) -> u64 {
        u64::try_from((self.start.elapsed() + later).as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// All is well, or it is this caller's turn to find out.
    fn may_try(&self) -> bool {
        let retry_at = self.retry_at.load(Ordering::Relaxed);
        if retry_at == 0 {
            return true;
        }
        // Whoever moves the time on is the one who tries.
        let next = self.millis(BACK_OFF);
        self.millis(Duration::ZERO) >= retry_at
            && self.retry_at.compare_exchange(retry_at, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn begin(&self, failure: &str) {
        if self.retry_at.swap(self.millis(BACK_OFF), Ordering::Relaxed) == 0 {
            tracing::warn!(failure, "Redis does not serve; going on without it");
        }
    }

    fn end(&self) {
        if self.retry_at.load(Ordering::Relaxed) != 0 && self.retry_at.swap(0, Ordering::Relaxed) != 0 {
            tracing::info!("Redis serves again");
        }
    }
}
