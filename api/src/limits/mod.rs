//! Rate limits: they stop a flood, not a stairwell behind one address.
//!
//! Each limit of [`crate::config::Limits`] is a [`LimitKind`]; a caller is counted by a
//! [`LimitKey`]. In a handler a limit is one line:
//!
//! ```ignore
//! state.limiter.check_local(LimitKind::ReadByAddress, address)?;
//! state.limiter.check(LimitKind::IntakeByAccount, caller.account_id).await?;
//! ```
//!
//! What is cheap to serve is counted in this process alone, so that a scan never waits for Redis:
//! with n processes a limit is up to n times as wide. What is expensive, or worth guessing, is
//! counted by all processes together through Redis; without Redis, in this process.
//!
//! This module knows neither HTTP nor what is being limited.

mod gcra;
mod kind;
mod local;
mod shared;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use kind::{LimitKey, LimitKind};

use crate::cache::Redis;
use crate::clock::SharedClock;
use crate::config::{Config, Limits};
use crate::error::{ApiError, ErrorCode};
use crate::seal::SealError;
use gcra::Verdict;
use local::Local;
use shared::Shared;

/// Too many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} is exhausted", kind.as_str())]
pub struct RateLimited {
    /// The limit.
    pub kind: LimitKind,
    /// After this time one more passes, if nobody else comes first.
    pub retry_after: Duration,
}

impl From<RateLimited> for ApiError {
    fn from(limited: RateLimited) -> Self {
        Self::new(ErrorCode::RateLimited).retry_after(limited.retry_after).source(limited)
    }
}

/// Counts who comes how often.
#[derive(Debug)]
pub struct Limiter {
    limits: Limits,
    clock: SharedClock,
    local: Local,
    shared: Option<Shared>,
}

impl Limiter {
    /// A limiter with the configured limits, shared through `redis` when there is one.
    ///
    /// # Errors
    /// No data key is configured: keys are hashed with it before they go to Redis.
    pub fn new(config: &Config, clock: SharedClock, redis: Option<Redis>) -> Result<Self, SealError> {
        let shared = redis.map(|redis| Shared::new(redis, &config.secrets)).transpose()?;
        Ok(Self { limits: config.limits.clone(), clock, local: Local::default(), shared })
    }

    /// Lets one more pass or not; counted by all processes together where the limit is a shared one.
    ///
    /// # Errors
    /// The limit is exhausted.
    pub async fn check<'k>(&self, kind: LimitKind, key: impl Into<LimitKey<'k>>) -> Result<(), RateLimited> {
        self.check_all(&[(kind, key.into())]).await
    }

    /// Lets one more pass several shared limits, in one round trip. Where one is exhausted, none counts it:
    /// a flood by one account does not use up the limit of its neighbours' code.
    ///
    /// # Errors
    /// The first limit that is exhausted.
    pub async fn check_all(&self, keys: &[(LimitKind, LimitKey<'_>)]) -> Result<(), RateLimited> {
        let now = self.now();
        let claims: Vec<_> = keys.iter().map(|(kind, key)| (*kind, *key, kind.limit(&self.limits))).collect();
        // Who is known to be over a limit costs Redis nothing, and counts nowhere.
        for (kind, key, limit) in &claims {
            answer(*kind, self.local.peek(*kind, *key, *limit, now))?;
        }
        let shared = self.shared.as_ref().filter(|_| keys.iter().all(|(kind, _)| kind.is_shared()));
        let counted = match shared {
            Some(shared) => shared.count(&claims, now).await,
            None => None,
        };
        let Some((exhausted, arrivals)) = counted else {
            return claims.iter().try_for_each(|(kind, key, _)| self.count_here(*kind, *key, now));
        };
        for ((kind, key, _), arrival) in claims.iter().zip(&arrivals) {
            // The count of all processes is remembered here, should Redis go away.
            self.local.learn(*kind, *key, *arrival, now);
        }
        let Some(at) = exhausted else { return Ok(()) };
        let (Some((kind, _, limit)), Some(arrival)) = (claims.get(at), arrivals.get(at)) else {
            return Ok(());
        };
        answer(*kind, gcra::decide(*arrival, now, *limit).0)
    }

    /// Lets one more pass or not, counted in this process alone: for what is asked very often.
    ///
    /// # Errors
    /// The limit is exhausted.
    pub fn check_local<'k>(&self, kind: LimitKind, key: impl Into<LimitKey<'k>>) -> Result<(), RateLimited> {
        self.count_here(kind, key.into(), self.now())
    }

    fn count_here(&self, kind: LimitKind, key: LimitKey<'_>, now: i64) -> Result<(), RateLimited> {
        answer(kind, self.local.count(kind, key, kind.limit(&self.limits), now))
    }

    /// Microseconds since 1970 on our clock: the clocks of the processes must agree to a second.
    fn now(&self) -> i64 {
        DateTime::<Utc>::timestamp_micros(&self.clock.now())
    }
}

fn answer(kind: LimitKind, verdict: Verdict) -> Result<(), RateLimited> {
    match verdict {
        Verdict::Pass => Ok(()),
        Verdict::Wait(wait) => refuse(kind, wait),
    }
}

fn refuse(kind: LimitKind, retry_after: Duration) -> Result<(), RateLimited> {
    metrics::counter!("rate_limited_total", "limit" => kind.as_str()).increment(1);
    Err(RateLimited { kind, retry_after })
}
