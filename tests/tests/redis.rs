//! What several processes share through a real Redis, and what happens when it goes away.
//!
//! Two caches in one test stand for two processes: they share nothing but Redis and the source.

#![expect(clippy::unwrap_used, reason = "a test ends there")]

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use api::cache::{Cache, Fresh, Key, Redis, Tag};
use api::clock::{Clock, ManualClock};
use api::config::Config;
use api::limits::{LimitKind, Limiter};
use chrono::{DateTime, TimeDelta};
use tests::{RedisServer, eventually};
use tokio::sync::oneshot;
use uuid::Uuid;

struct Card(&'static str);

impl Key for Card {
    type Value = String;
    const FAMILY: &'static str = "card";
    fn id(&self) -> String {
        self.0.to_owned()
    }
}

/// A service's settings for this Redis; `local_bytes = 0` lets every question go to Redis.
fn config(server: &RedisServer, local_bytes: u64) -> Config {
    let secret = "0".repeat(32);
    let config = Config::from_toml(&[&format!(
        r#"
        server.public_url = "https://m.example.com"
        database.url = "sqlite::memory:"
        auth.keys = [{{ id = "a", secret = "{secret}" }}]
        secrets.code_keys = [{{ version = "A", secret = "{secret}" }}]
        secrets.data_keys = [{{ id = 1, secret = "{secret}" }}]
        cache.redis_url = "{}"
        cache.redis_timeout_ms = 500
        cache.local_bytes = {local_bytes}
        limits.login_by_address = {{ burst = 5, every_ms = 60000 }}
        limits.intake_by_account = {{ burst = 1, every_ms = 60000 }}
        "#,
        server.url()
    )]);
    config.unwrap()
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH + TimeDelta::days(20_000)))
}

/// One process of the service.
struct Process {
    cache: Cache,
    limiter: Limiter,
}

fn process(server: &RedisServer, clock: &Arc<ManualClock>, local_bytes: u64) -> Process {
    let config = config(server, local_bytes);
    let redis = Redis::from_config(&config.cache).unwrap();
    let limiter = Limiter::new(&config, clock.clone(), redis.clone()).unwrap();
    Process { cache: Cache::new(&config.cache, clock.clone(), redis), limiter }
}

const ON: u64 = 1 << 20;
const OFF: u64 = 0;

fn tag() -> Tag {
    Tag::Station(Uuid::from_u128(1).into())
}

/// What all processes load from: a version, and how often it was read.
#[derive(Default)]
struct Source {
    version: AtomicU32,
    reads: AtomicU32,
}

impl Source {
    fn change(&self) {
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    fn read(&self) -> Fresh<String> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let value = format!("v{}", self.version.load(Ordering::SeqCst));
        Fresh { value, tags: vec![tag()], expires_at: None }
    }

    fn reads(&self) -> u32 {
        self.reads.load(Ordering::SeqCst)
    }

    async fn through(&self, process: &Process, card: &'static str) -> String {
        let key = Card(card);
        let got = process.cache.get(&key, async || Ok::<_, Infallible>(self.read()));
        got.await.unwrap().as_ref().clone()
    }
}

async fn up(process: &Process) -> bool {
    process.cache.is_shared_up().await == Some(true)
}

#[tokio::test]
async fn what_one_process_has_loaded_another_need_not_load() {
    let (server, clock, source) = (RedisServer::start().await, clock(), Source::default());
    let (one, other) = (process(&server, &clock, ON), process(&server, &clock, ON));
    assert_eq!(source.through(&one, "a").await, "v0");
    assert_eq!(source.through(&other, "a").await, "v0");
    assert_eq!(source.reads(), 1);
}

#[tokio::test]
async fn a_change_in_one_process_is_seen_by_all() {
    let (server, clock, source) = (RedisServer::start().await, clock(), Source::default());
    let (one, other) = (process(&server, &clock, ON), process(&server, &clock, ON));
    // given both have it in their own memory
    source.through(&one, "a").await;
    source.through(&other, "a").await;
    // when one changes it
    source.change();
    one.cache.invalidate(&[tag()]).await;
    // then it sees its own change at once, and the other hears of it
    assert_eq!(source.through(&one, "a").await, "v1");
    eventually("heard", async || source.through(&other, "a").await == "v1").await;
}

#[tokio::test]
async fn a_load_that_began_before_the_change_of_another_process_is_not_shared() {
    let (server, clock, source) = (RedisServer::start().await, clock(), Source::default());
    let (one, other) = (process(&server, &clock, OFF), process(&server, &clock, OFF));
    let (has_read, wait_for_read) = oneshot::channel();
    let (go_on, wait) = oneshot::channel::<()>();
    let early = one.cache.get(&Card("a"), async || {
        let read = source.read();
        has_read.send(()).unwrap();
        wait.await.unwrap();
        Ok::<_, Infallible>(read)
    });
    let change = async {
        wait_for_read.await.unwrap();
        source.change();
        other.cache.invalidate(&[tag()]).await;
        go_on.send(()).unwrap();
    };
    let (early, ()) = tokio::join!(early, change);
    assert_eq!(*early.unwrap(), "v0");
    assert_eq!(source.through(&other, "a").await, "v1");
    // and what was loaded after the change is shared
    assert_eq!((source.through(&one, "a").await.as_str(), source.reads()), ("v1", 2));
}

#[tokio::test]
async fn an_entry_in_redis_ends_on_our_clock_and_nothing_stays_there_for_ever() {
    let (server, clock, source) = (RedisServer::start().await, clock(), Source::default());
    let one = process(&server, &clock, OFF);
    let shift_begins = clock.now() + TimeDelta::seconds(20);
    let card = || {
        one.cache.get(&Card("a"), async || {
            Ok::<_, Infallible>(Fresh { expires_at: Some(shift_begins), ..source.read() })
        })
    };
    card().await.unwrap();
    one.limiter.check(LimitKind::LoginByAddress, "a-secret-ticket").await.unwrap();
    let mut inside = server.connection().await;
    let names: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut inside).await.unwrap();
    assert!(names.contains(&"msj:card:a".to_owned()) && names.contains(&format!("msj:tag:{}", tag())));
    assert!(names.iter().all(|name| name.starts_with("msj:") && !name.contains("ticket")), "{names:?}");
    for name in &names {
        let life: i64 = redis::cmd("PTTL").arg(name).query_async(&mut inside).await.unwrap();
        let most = if name.starts_with("msj:limit:") { 60_000 } else { 20_000 };
        assert!((1..=most).contains(&life), "{name} {life}");
    }
    clock.advance(TimeDelta::milliseconds(19_999));
    card().await.unwrap();
    assert_eq!(source.reads(), 1);
    clock.advance(TimeDelta::milliseconds(1));
    card().await.unwrap();
    assert_eq!(source.reads(), 2);
}

#[tokio::test]
async fn when_redis_dies_loads_go_on_and_when_it_comes_back_they_are_shared_again() {
    let (mut server, clock, source) = (RedisServer::start().await, clock(), Source::default());
    let (one, other) = (process(&server, &clock, OFF), process(&server, &clock, OFF));
    source.through(&one, "a").await;
    // when it dies
    server.kill();
    // then everybody loads for himself
    source.through(&one, "a").await;
    source.through(&other, "a").await;
    assert_eq!(source.reads(), 3);
    assert!(!up(&one).await);
    // and when it is back, one load is enough again
    server.start_again().await;
    eventually("both are back", async || up(&one).await && up(&other).await).await;
    source.through(&one, "b").await;
    source.through(&other, "b").await;
    assert_eq!(source.reads(), 4);
}

#[tokio::test]
async fn a_service_that_starts_without_redis_finds_it_later() {
    let (mut server, clock, source) = (RedisServer::start().await, clock(), Source::default());
    server.kill();
    let (one, other) = (process(&server, &clock, ON), process(&server, &clock, ON));
    source.through(&one, "a").await;
    source.through(&other, "a").await;
    server.start_again().await;
    // Invalidations are heard again once both listen; a local level that missed some is dropped.
    eventually("both are back", async || up(&one).await && up(&other).await).await;
    source.change();
    one.cache.invalidate(&[tag()]).await;
    eventually("heard", async || source.through(&other, "a").await == "v1").await;
}

#[tokio::test]
async fn a_change_that_redis_did_not_take_is_seen_here_at_once_and_by_all_when_it_is_back() {
    let (server, clock, source) = (RedisServer::start().await, clock(), Source::default());
    let (one, other) = (process(&server, &clock, ON), process(&server, &clock, OFF));
    source.through(&one, "a").await;
    // given a change while Redis hangs
    server.pause();
    source.change();
    one.cache.invalidate(&[tag()]).await;
    assert_eq!(source.through(&one, "a").await, "v1");
    // when it goes on, still with the old entry in it
    server.resume();
    // then the process that changed it never gets the old one back, and the other loses it too
    eventually("delivered", async || {
        assert_eq!(source.through(&one, "a").await, "v1");
        // A question that misses the local level is what delivers.
        one.cache.invalidate(&[Tag::Code("unrelated".to_owned())]).await;
        source.through(&other, "a").await == "v1"
    })
    .await;
}

#[tokio::test]
async fn processes_count_together_what_is_expensive() {
    let (server, clock) = (RedisServer::start().await, clock());
    let (one, other) = (process(&server, &clock, ON), process(&server, &clock, ON));
    let address: std::net::IpAddr = "203.0.113.9".parse().unwrap();
    let login = LimitKind::LoginByAddress;
    for process in [&one, &other, &one, &other, &one] {
        process.limiter.check(login, address).await.unwrap();
    }
    for process in [&one, &other] {
        let limited = process.limiter.check(login, address).await.unwrap_err();
        assert_eq!(limited.retry_after, Duration::from_secs(60));
    }
    clock.advance(TimeDelta::seconds(59));
    assert_eq!(other.limiter.check(login, address).await.unwrap_err().retry_after, Duration::from_secs(1));
    clock.advance(TimeDelta::seconds(1));
    other.limiter.check(login, address).await.unwrap();
    one.limiter.check(login, address).await.unwrap_err();
}

#[tokio::test]
async fn where_one_limit_is_exhausted_the_others_do_not_count() {
    let (server, clock) = (RedisServer::start().await, clock());
    let address: std::net::IpAddr = "203.0.113.9".parse().unwrap();
    let flooder = domain::ids::AccountId(uuid::Uuid::from_u128(1));
    let (login, intake) = (LimitKind::LoginByAddress, LimitKind::IntakeByAccount);
    let both = [(login, address.into()), (intake, flooder.into())];

    // given one account that has used up its limit
    process(&server, &clock, ON).limiter.check_all(&both).await.unwrap();
    // when it goes on, at processes that don't know it yet
    for _ in 0..10 {
        let refused = process(&server, &clock, ON).limiter.check_all(&both).await.unwrap_err();
        assert_eq!((refused.kind, refused.retry_after), (intake, Duration::from_secs(60)));
    }
    // then its neighbours behind the same address have what it has left them
    let neighbours = process(&server, &clock, ON);
    for _ in 0..4 {
        neighbours.limiter.check(login, address).await.unwrap();
    }
    assert_eq!(neighbours.limiter.check(login, address).await.unwrap_err().kind, login);
}

#[tokio::test]
async fn without_redis_a_flood_is_still_stopped_and_what_was_counted_is_remembered() {
    let (mut server, clock) = (RedisServer::start().await, clock());
    let (one, other) = (process(&server, &clock, ON), process(&server, &clock, ON));
    let address: std::net::IpAddr = "203.0.113.9".parse().unwrap();
    let login = LimitKind::LoginByAddress;
    for process in [&other, &other, &one] {
        process.limiter.check(login, address).await.unwrap();
    }
    server.kill();
    // It has seen one of its own, and has learned of the other's two.
    one.limiter.check(login, address).await.unwrap();
    one.limiter.check(login, address).await.unwrap();
    let limited = one.limiter.check(login, address).await.unwrap_err();
    assert_eq!(limited.retry_after, Duration::from_secs(60));
}
