//! Counts that all processes share, in Redis, one round trip each.

use std::sync::Arc;

use redis::Script;

use super::gcra;
use super::kind::{LimitKey, LimitKind};
use crate::cache::Redis;
use crate::config::{Limit, Secrets};
use crate::seal::{SealError, Sealer};

/// `gcra::decide` in Redis for several keys: all are counted, or none when one is exhausted. KEYS: the
/// arrival times. ARGV: now, then interval and tolerance of each (µs). Answers the number of the exhausted
/// one, or 0, and the arrival times. Doubles are exact up to 2^53 µs: the year 2255.
const COUNT: &str = r"
local now, arrivals, exhausted = tonumber(ARGV[1]), {}, 0
for i = 1, #KEYS do
    local arrival = tonumber(redis.call('GET', KEYS[i]) or '0')
    arrivals[i] = arrival
    if exhausted == 0 and arrival - now > tonumber(ARGV[2 * i + 1]) then exhausted = i end
end
if exhausted > 0 then return {exhausted, arrivals} end
for i = 1, #KEYS do
    arrivals[i] = math.max(arrivals[i], now) + tonumber(ARGV[2 * i])
    local life = math.ceil((arrivals[i] - now) / 1000)
    redis.call('SET', KEYS[i], string.format('%.0f', arrivals[i]), 'PX', life)
end
return {0, arrivals}
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

    /// Which is exhausted, if one is, and the arrival times of all; `None` without Redis.
    pub(super) async fn count(
        &self,
        claims: &[(LimitKind, LimitKey<'_>, Limit)],
        now: i64,
    ) -> Option<(Option<usize>, Vec<i64>)> {
        let names: Vec<String> = claims.iter().map(|(kind, key, _)| self.name(*kind, *key)).collect();
        let limits: Vec<(i64, i64)> =
            claims.iter().map(|(.., limit)| gcra::interval_and_tolerance(*limit)).collect();
        let script = self.count.clone();
        let counted = self.redis.call(|mut connection| async move {
            let mut call = script.key(names);
            call.arg(now);
            for (interval, tolerance) in limits {
                call.arg(interval).arg(tolerance);
            }
            call.invoke_async::<(usize, Vec<i64>)>(&mut connection).await
        });
        let (exhausted, arrivals) = counted.await?;
        Some((exhausted.checked_sub(1), arrivals))
    }

    fn name(&self, kind: LimitKind, key: LimitKey<'_>) -> String {
        let hash = self.sealer.lookup_hash(kind.as_str(), key.as_bytes());
        let hash = data_encoding::BASE64URL_NOPAD.encode(&hash);
        format!("{}:limit:{}:{hash}", self.redis.prefix(), kind.as_str())
    }
}
