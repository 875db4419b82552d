//! The cache within one process, on a clock that stands still.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::join_all;
use proptest::prelude::*;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::key::EntryKey;
use super::local::Local;
use super::{Cache, Fresh, Key, Tag};
use crate::clock::{Clock, ManualClock};
use crate::config::Config;

/// A page that may not exist.
struct Page(u32);

impl Key for Page {
    type Value = Option<u32>;
    const FAMILY: &'static str = "page";
    fn id(&self) -> String {
        self.0.to_string()
    }
}

/// A key that took the family of another.
struct Impostor;

impl Key for Impostor {
    type Value = String;
    const FAMILY: &'static str = Page::FAMILY;
    fn id(&self) -> String {
        "1".to_owned()
    }
}

/// A cache, and a source whose content counts how often it was read.
struct Given {
    clock: Arc<ManualClock>,
    cache: Cache,
    reads: AtomicU32,
}

fn given_with(local_bytes: u64) -> Given {
    let clock = Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH + TimeDelta::days(20_000)));
    let secret = "0".repeat(32);
    let config = Config::from_toml(&[&format!(
        r#"
        server.public_url = "https://m.example.com"
        database.url = "sqlite::memory:"
        auth.keys = [{{ id = "a", secret = "{secret}" }}]
        secrets.code_keys = [{{ version = "A", secret = "{secret}" }}]
        secrets.data_keys = [{{ id = 1, secret = "{secret}" }}]
        cache.local_bytes = {local_bytes}
        "#
    )]);
    let cache = Cache::new(&config.unwrap().cache, clock.clone(), None);
    Given { clock, cache, reads: AtomicU32::new(0) }
}

fn given() -> Given {
    given_with(1 << 20)
}

fn station(number: u128) -> Tag {
    Tag::Station(Uuid::from_u128(number).into())
}

impl Given {
    /// What the source says now: the number of the reading.
    fn read(&self, tags: Vec<Tag>, expires_at: Option<DateTime<Utc>>) -> Fresh<Option<u32>> {
        Fresh { value: Some(self.reads.fetch_add(1, Ordering::SeqCst) + 1), tags, expires_at }
    }

    async fn get(&self, page: u32) -> u32 {
        let key = Page(page);
        let loaded = self.cache.get(&key, async || {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(self.read(vec![station(page.into())], None))
        });
        loaded.await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_hundred_who_ask_at_once_cost_one_load() {
    let given = given();
    let got = join_all((0..100).map(|_| given.get(1))).await;
    assert_eq!(got, vec![1; 100]);
    assert_eq!(given.get(1).await, 1);
}

#[tokio::test]
async fn with_the_local_level_off_those_who_ask_at_once_still_share_a_load() {
    let given = given_with(0);
    assert_eq!(join_all((0..100).map(|_| given.get(1))).await, vec![1; 100]);
    assert_eq!(given.get(1).await, 2);
}

#[tokio::test]
async fn an_error_is_neither_kept_nor_handed_to_others() {
    let given = given();
    let attempts = AtomicU32::new(0);
    let fail = || {
        given.cache.get(&Page(1), async || {
            tokio::task::yield_now().await;
            Err(attempts.fetch_add(1, Ordering::SeqCst))
        })
    };
    let errors = join_all((0..10).map(|_| fail())).await;
    let mut seen: Vec<u32> = errors.into_iter().map(Result::unwrap_err).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..10).collect::<Vec<u32>>());
    assert_eq!(given.get(1).await, 1);
}

#[tokio::test]
async fn when_the_one_who_loads_goes_away_another_takes_over() {
    let given = given();
    let mut leader = Box::pin(given.cache.get(&Page(1), async || {
        std::future::pending::<()>().await;
        Err(())
    }));
    assert!(leader.as_mut().now_or_never().is_none());
    let mut follower = Box::pin(given.get(1));
    assert!(follower.as_mut().now_or_never().is_none());
    drop(leader);
    assert_eq!(follower.await, 1);
}

#[tokio::test]
async fn that_there_is_nothing_is_kept_too() {
    let given = given();
    for _ in 0..2 {
        let nothing = given.cache.get(&Page(1), async || {
            given.reads.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>(Fresh { value: None, tags: vec![station(1)], expires_at: None })
        });
        assert_eq!(*nothing.await.unwrap(), None);
    }
    assert_eq!(given.reads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_change_is_seen_at_once_and_touches_only_what_depends_on_it() {
    let given = given();
    assert_eq!((given.get(1).await, given.get(2).await), (1, 2));
    given.cache.invalidate(&[station(1)]).await;
    assert_eq!((given.get(1).await, given.get(2).await), (3, 2));
}

#[tokio::test]
async fn an_entry_lives_as_long_as_configured_and_no_longer_than_it_is_true() {
    let given = given();
    let shift_begins = given.clock.now() + TimeDelta::seconds(10);
    let card = || {
        given.cache.get(&Page(1), async || Ok::<_, Infallible>(given.read(Vec::new(), Some(shift_begins))))
    };
    assert_eq!((*card().await.unwrap(), given.get(2).await), (Some(1), 2));
    given.clock.advance(TimeDelta::milliseconds(9_999));
    assert_eq!(*card().await.unwrap(), Some(1));
    given.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!((*card().await.unwrap(), given.get(2).await), (Some(3), 2));
    given.clock.advance(TimeDelta::seconds(50));
    assert_eq!(given.get(2).await, 4);
}

#[tokio::test]
async fn a_load_that_began_before_a_change_is_answered_but_not_kept_or_shared() {
    // given a load that has read the source before the change
    let given = given();
    let (go_on, wait) = oneshot::channel::<()>();
    let mut early = Box::pin(given.cache.get(&Page(1), async || {
        let read = given.read(vec![station(1)], None);
        wait.await.unwrap();
        Ok::<_, Infallible>(read)
    }));
    assert!(early.as_mut().now_or_never().is_none());
    // when the change comes
    given.cache.invalidate(&[station(1)]).await;
    // then whoever asks afterwards gets the new state, and it stays
    assert_eq!(given.get(1).await, 2);
    go_on.send(()).unwrap();
    assert_eq!(*early.await.unwrap(), Some(1));
    assert_eq!(given.get(1).await, 2);
}

#[tokio::test]
async fn a_key_of_another_type_does_not_read_what_is_not_its_own() {
    let given = given();
    given.get(1).await;
    let own = given.cache.get(&Impostor, async || {
        Ok::<_, Infallible>(Fresh { value: "own".to_owned(), tags: Vec::new(), expires_at: None })
    });
    assert_eq!(*own.await.unwrap(), "own");
    assert_eq!(given.get(1).await, 2);
}

#[tokio::test]
async fn asking_works_from_a_task_that_moves_between_threads() {
    let given = Arc::new(given());
    let task = tokio::spawn(async move { given.get(1).await });
    assert_eq!(task.await.unwrap(), 1);
}

#[test]
fn the_local_level_stays_within_its_bytes() {
    let local = Local::new(100_000);
    let end = DateTime::UNIX_EPOCH + TimeDelta::days(1);
    for number in 0..10_000 {
        let name = EntryKey { family: "page", id: number.to_string() };
        local.store(&name, Arc::new(number), 1_000, Vec::new(), end, 0);
    }
    assert!((50_000..=100_000).contains(&local.weight()), "{}", local.weight());
}

/// What can happen to the local level.
#[derive(Debug, Clone)]
enum Event {
    Store { page: u32, tag: u128, age: u64 },
    Invalidate(Vec<u128>),
    Clear,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let store = (0..4_u32, 0..4_u128, 0..3_u64).prop_map(|(page, tag, age)| Event::Store { page, tag, age });
    let some = prop::collection::vec(0..4_u128, 1..3).prop_map(Event::Invalidate);
    // More than the log remembers.
    let many = (0..4_u128).prop_map(|tag| Event::Invalidate(vec![tag + 10; 1500]));
    let event = prop_oneof![8 => store, 6 => some, 1 => many, 1 => Just(Event::Clear)];
    prop::collection::vec(event, 1..60)
}

proptest! {
    #[test]
    fn what_was_read_before_a_change_is_never_found_after_it(events in events()) {
        let local = Local::new(1 << 20);
        let end = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let (mut kept, mut changed, mut cleared) = ([None; 4], [0_u64; 20], 0);
        for event in events {
            match event {
                Event::Store { page, tag, age } => {
                    let began = local.generation().saturating_sub(age);
                    let name = EntryKey { family: "page", id: page.to_string() };
                    local.store(&name, Arc::new((tag, began)), 8, vec![station(tag)], end, began);
                    kept[page as usize] = Some((tag, began));
                }
                Event::Invalidate(tags) => {
                    let tagged: Vec<Tag> = tags.iter().map(|tag| station(*tag)).collect();
                    local.invalidate(&tagged);
                    tags.iter().for_each(|tag| changed[*tag as usize] = local.generation());
                }
                Event::Clear => {
                    local.clear();
                    cleared = local.generation();
                }
            }
            for page in 0..4_u32 {
                let name = EntryKey { family: "page", id: page.to_string() };
                if let Some(found) = local.find::<(u128, u64)>(&name, DateTime::UNIX_EPOCH) {
                    let (tag, began) = *found;
                    prop_assert!(changed[tag as usize] <= began && cleared <= began);
                }
            }
        }
        // And it does keep: a good value stored last is found.
        if let Some((tag, _)) = kept.iter().flatten().next() {
            let name = EntryKey { family: "page", id: "0".to_owned() };
            local.store(&name, Arc::new((*tag, 0_u64)), 8, vec![station(*tag)], end, local.generation());
            prop_assert!(local.find::<(u128, u64)>(&name, DateTime::UNIX_EPOCH).is_some());
        }
    }
}

#[tokio::test]
async fn what_a_look_into_redis_carries_is_allocated_on_the_fast_way() {
    let given = given_with(0);
    let name = EntryKey::of(&Page(1));
    let bytes = size_of_val(&given.cache.find_shared::<Page>(&name, given.clock.now()));
    // glibc's allocator keeps freed pieces of up to 1,032 bytes at hand.
    assert!(bytes <= 1032, "{bytes} bytes");
}
