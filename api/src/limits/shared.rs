//! Counts that all processes share, in Redis, one round trip each.

use std::sync::Arc;

use redis::Script;

use super::gcra::{self, Verdict};
use super::kind::{LimitKey, LimitKind};
use crate::cache::Redis;
use crate::config::{Limit, Secrets};
use crate::seal::{SealError, Sealer};

/// `gcra::decide` in Redis. KEYS: the arrival time. ARGV: now, interval, tolerance (µs).
/// Answers whether one more passes, and the arrival time. Doubles are exact up to 2^53 µs: the
/// year 2255.
const COUNT: &str = r"
local now, interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local arrival = tonumber(redis.call('GET', KEYS[1]) or '0')
local ahead = math.max(arrival, now)
if ahead - now > tolerance then return {0, arrival} end
arrival = ahead + interval
redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000))
return {1, arrival}
";

/// The counts in Redis.
pub(super) struct Shared {
    redis: Redis,
    /// Hashes keys: addresses and tickets are nobody's business in Redis.
    sealer: Sealer,
    count: Arc<Script>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("redis", &self.redis).finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn new(redis: Redis, secrets: &Secrets) -> Result<Self, SealError> {
        Ok(Self { redis, sealer: Sealer::new(secrets)?, count: Arc::new(Script::new(COUNT)) })
    }

    /// The verdict and the arrival time, or `None` without Redis.
    pub(super) async fn count(
        &self,
        kind: LimitKind,
        key: LimitKey<'_>,
        limit: Limit,
        now: i64,
    ) -> Option<(Verdict, i64)> {
        let (interval, tolerance) = gcra::interval_and_tolerance(limit);
        let name = self.name(kind, key);
        let script = self.count.clone();
        let counted = self.redis.call(|mut connection| async move {
            let mut call = script.key(name);
            call.arg(now).arg(interval).arg(tolerance);
            call.invoke_async::<(bool, i64)>(&mut connection).await
        });
        let (passes, arrival) = counted.await?;
        let verdict = if passes { Verdict::Pass } else { gcra::decide(arrival, now, limit).0 };
        Some((verdict, arrival))
    }

    fn name(&self, kind: LimitKind, key: LimitKey<'_>) -> String {
        let hash = self.sealer.lookup_hash(kind.as_str(), key.as_bytes());
        let hash = data_encoding::BASE64URL_NOPAD.encode(&hash);
        format!("{}:limit:{}:{hash}", self.redis.prefix(), kind.as_str())
    }
}
