//! The level in Redis, which all processes share.
//!
//! An entry is `<prefix>:<family>:<id>`: the end of its life, its tags, then the bytes of the value. For every tag a sorted set has the names of the entries that depend on
//! it. Both expire by themselves.
//!
//! A fill is refused when one of its tags was invalidated after its load began: invalidations are
//! numbered in Redis, and each tag remembers the number of its latest one ([`MEMORY`] long; a load
//! that takes longer than that may be kept although stale, until the entry's end of life). When
//! Redis has lost its memory the numbers run backwards, and such a fill is refused too. A Redis
//! that comes back with an old snapshot may bring stale entries back, until their end of life.
//!
//! An invalidation that Redis did not take is remembered here and delivered before this process
//! reads from Redis again: nobody gets back what he has just changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use redis::Script;

use super::key::EntryKey;
use super::link::Redis;
use super::tag::Tag;
use crate::clock::SharedClock;

/// How long a tag remembers that it was invalidated: far longer than any load takes.
const MEMORY: Duration = Duration::from_secs(600);

/// KEYS: the entry, the counter, then for each tag its set and its latest invalidation.
/// ARGV: the counter when the load began, the bytes, the life in ms.
const FILL: &str = r"
local began = tonumber(ARGV[1])
if tonumber(redis.call('GET', KEYS[2]) or '0') < began then return 0 end
for i = 4, #KEYS, 2 do
    if tonumber(redis.call('GET', KEYS[i]) or '0') > began then return 0 end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
for i = 3, #KEYS, 2 do
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    redis.call('ZADD', KEYS[i], now + ARGV[3], KEYS[1])
    if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
end
return 1
";

/// KEYS: the counter, then for each tag its set and its latest invalidation.
/// ARGV: how long a tag remembers (ms), the channel, the message.
const INVALIDATE: &str = r"
local number = redis.call('INCR', KEYS[1])
for i = 2, #KEYS, 2 do
    for _, entry in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do redis.call('UNLINK', entry) end
    redis.call('UNLINK', KEYS[i])
    redis.call('SET', KEYS[i + 1], number, 'PX', ARGV[1])
end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return number
";

/// What an entry begins with. One of another version begins with something else, and is no entry.
const FORMAT: &[u8] = b"msj2";

/// The entries in Redis.
#[derive(Debug)]
pub(super) struct Shared {
    redis: Redis,
    clock: SharedClock,
    /// The longest life of an entry; after it nothing stale can be left in Redis.
    ttl: Duration,
    fill: Arc<Script>,
    invalidate: Arc<Script>,
    /// Invalidations that Redis has not taken yet, with the time when they need not be told any more.
    undelivered: Mutex<HashMap<Tag, Instant>>,
}

/// What Redis said when it was asked for an entry.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) found: Option<Stored>,
    /// The right to fill the entry later.
    pub(super) permit: Option<Permit>,
}

/// The counter of invalidations when a load began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Permit(u64);

/// An entry from Redis.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) expires_at: DateTime<Utc>,
    all: Bytes,
    tags_at: usize,
    body_at: usize,
}

impl Stored {
    /// The bytes of the value.
    pub(super) fn bytes(&self) -> Bytes {
        self.all.slice(self.body_at..)
    }

    /// What it depends on; `None` when another version wrote something that this one does not know.
    pub(super) fn tags(&self) -> Option<Vec<Tag>> {
        serde_json::from_slice(self.all.get(self.tags_at..self.body_at)?).ok()
    }

    fn parse(all: Vec<u8>) -> Option<Self> {
        let head = all.strip_prefix(FORMAT)?.first_chunk::<12>()?;
        let (micros, tags_len) = head.split_first_chunk::<8>()?;
        let expires_at = DateTime::from_timestamp_micros(i64::from_le_bytes(*micros))?;
        let tags_len = usize::try_from(u32::from_le_bytes(*tags_len.first_chunk()?)).ok()?;
        let tags_at = FORMAT.len() + head.len();
        let body_at = tags_at.checked_add(tags_len).filter(|at| *at <= all.len())?;
        Some(Self { expires_at, all: all.into(), tags_at, body_at })
    }

    /// What stands before the value: the format, the end of its life in microseconds since 1970 on our
    /// clock, which is not always Redis's, and the tags as JSON after their length. It is read with every
    /// card: nothing in it has to be searched for.
    fn head(expires_at: DateTime<Utc>, tags: &[Tag]) -> Option<Vec<u8>> {
        let tags = serde_json::to_vec(tags).ok()?;
        let tags_len = u32::try_from(tags.len()).ok()?;
        Some([FORMAT, &expires_at.timestamp_micros().to_le_bytes(), &tags_len.to_le_bytes(), &tags].concat())
    }
}

impl Shared {
    pub(super) fn new(redis: Redis, ttl: TimeDelta, clock: SharedClock) -> Self {
        Self {
            redis,
            clock,
            ttl: ttl.to_std().unwrap_or_default(),
            fill: Arc::new(Script::new(FILL)),
            invalidate: Arc::new(Script::new(INVALIDATE)),
            undelivered: Mutex::default(),
        }
    }

    pub(super) fn redis(&self) -> &Redis {
        &self.redis
    }

    /// The channel on which invalidations are published.
    pub(super) fn channel(&self) -> String {
        self.name("invalidate")
    }

    /// Looks an entry up.
    pub(super) async fn find(&self, name: &EntryKey, now: DateTime<Utc>) -> Option<Stored> {
        if !self.deliver().await {
            return None;
        }
        let name = self.entry_name(name);
        let read = self.redis.call(|mut connection| async move {
            let mut command = redis::cmd("GET");
            command.arg(name);
            command.query_async::<Option<Vec<u8>>>(&mut connection).await
        });
        Stored::parse(read.await??).filter(|stored| stored.expires_at > now)
    }

    /// Looks an entry up once more, before a load that may fill it.
    pub(super) async fn read(&self, name: &EntryKey, now: DateTime<Utc>) -> Reading {
        if !self.deliver().await {
            return Reading::default();
        }
        let names = [self.entry_name(name), self.name("generation")];
        let read = self.redis.call(|mut connection| async move {
            let mut command = redis::cmd("MGET");
            command.arg(&names);
            command.query_async::<(Option<Vec<u8>>, Option<u64>)>(&mut connection).await
        });
        let Some((entry, generation)) = read.await else { return Reading::default() };
        let found = entry.and_then(Stored::parse).filter(|stored| stored.expires_at > now);
        Reading { found, permit: Some(Permit(generation.unwrap_or(0))) }
    }

    /// Keeps an entry, unless one of its tags was invalidated since the permit was given.
    pub(super) async fn fill(
        &self,
        permit: Permit,
        name: &EntryKey,
        tags: &[Tag],
        expires_at: DateTime<Utc>,
        bytes: &[u8],
    ) {
        let life = (expires_at - self.clock.now()).num_milliseconds();
        let Some(mut body) = Stored::head(expires_at, tags) else { return };
        if life <= 0 {
            return;
        }
        body.extend_from_slice(bytes);
        let mut names = vec![self.entry_name(name), self.name("generation")];
        names.extend(tags.iter().flat_map(|tag| self.tag_names(tag)));
        let script = self.fill.clone();
        let filled = self.redis.call(|mut connection| async move {
            let mut call = script.key(names);
            call.arg(permit.0).arg(body).arg(life);
            call.invoke_async::<()>(&mut connection).await
        });
        // Without Redis the value is not kept there: nothing else to do.
        filled.await.unwrap_or_default();
    }

    /// Removes whatever depends on `tags` and tells all processes.
    pub(super) async fn invalidate(&self, tags: &[Tag]) {
        let needless_at = Instant::now() + self.ttl;
        self.undelivered().extend(tags.iter().map(|tag| (tag.clone(), needless_at)));
        self.deliver().await;
    }

    /// Delivers what Redis has not taken yet; whether nothing is left.
    pub(super) async fn deliver(&self) -> bool {
        if self.undelivered().is_empty() {
            return true;
        }
        // Boxed: a look into Redis would else carry it, and nearly never has anything to deliver.
        Box::pin(self.deliver_waiting()).await
    }

    async fn deliver_waiting(&self) -> bool {
        let waiting: Vec<(Tag, Instant)> = {
            let mut undelivered = self.undelivered();
            let now = Instant::now();
            undelivered.retain(|_, needless_at| *needless_at > now);
            undelivered.iter().map(|(tag, needless_at)| (tag.clone(), *needless_at)).collect()
        };
        if waiting.is_empty() {
            return true;
        }
        let tags: Vec<&Tag> = waiting.iter().map(|(tag, _)| tag).collect();
        let Ok(message) = serde_json::to_string(&tags) else { return false };
        let mut names = vec![self.name("generation")];
        names.extend(tags.iter().flat_map(|tag| self.tag_names(tag)));
        let memory = u64::try_from(MEMORY.as_millis()).unwrap_or(u64::MAX);
        let (script, channel) = (self.invalidate.clone(), self.channel());
        let told = self.redis.call(|mut connection| async move {
            let mut call = script.key(names);
            call.arg(memory).arg(channel).arg(message);
            call.invoke_async::<u64>(&mut connection).await
        });
        if told.await.is_none() {
            return false;
        }
        let mut undelivered = self.undelivered();
        for (tag, needless_at) in waiting {
            // The same tag may have been invalidated again meanwhile.
            if undelivered.get(&tag) == Some(&needless_at) {
                undelivered.remove(&tag);
            }
        }
        undelivered.is_empty()
    }

    fn undelivered(&self) -> MutexGuard<'_, HashMap<Tag, Instant>> {
        self.undelivered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name(&self, what: &str) -> String {
        format!("{}:{what}", self.redis.prefix())
    }

    fn entry_name(&self, EntryKey { family, id }: &EntryKey) -> String {
        // Joined and not formatted: it is made for every look into Redis.
        [self.redis.prefix(), family, id].join(":")
    }

    /// The set of the entries that depend on a tag, and the number of its latest invalidation.
    fn tag_names(&self, tag: &Tag) -> [String; 2] {
        [format!("{}:tag:{tag}", self.redis.prefix()), format!("{}:invalidated:{tag}", self.redis.prefix())]
    }
}
