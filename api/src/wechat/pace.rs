//! How fast calls follow each other: no more a minute than WeChat allows, and pauses that differ.
//!
//! A bucket lets a tenth of the minute's calls through at once and spreads the rest: whichever minute
//! WeChat counts, it never holds more than are allowed. It knows its own process only; what several
//! processes do together, WeChat's own limit ends with 45011, and that is waited out like any pause.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::policy::{APIS, Api};
use crate::clock::SharedClock;

const MINUTE: Duration = Duration::from_secs(60);

/// Lets the calls of one API through, evenly.
#[derive(Debug)]
struct Bucket {
    /// Between two calls, once the first ones are through.
    interval: Duration,
    /// How far the calls may be ahead of the even pace.
    ahead: Duration,
    /// When the next call is due at the even pace.
    due: Option<Instant>,
}

impl Bucket {
    /// Nine tenths of the calls come at an even pace, so that one tenth may come at once.
    fn new(per_minute: u32) -> Self {
        let at_once = (per_minute / 10).max(1);
        let interval = MINUTE / per_minute.saturating_sub(at_once).max(1);
        Self { interval, ahead: interval * (at_once - 1), due: None }
    }

    /// How long this call has to wait for its turn, which it thereby takes; an error when that is longer
    /// than it would wait, and then the turn is left to others.
    fn take(&mut self, now: Instant, patience: Duration) -> Result<Duration, Duration> {
        let due = self.due.map_or(now, |due| due.max(now));
        let wait = due.duration_since(now).saturating_sub(self.ahead);
        if wait > patience {
            return Err(wait);
        }
        self.due = Some(due + self.interval);
        Ok(wait)
    }
}

/// The buckets of one mini-program.
#[derive(Debug)]
pub(super) struct Pace {
    buckets: HashMap<&'static str, Mutex<Bucket>>,
    clock: SharedClock,
    draws: AtomicU64,
    /// Pauses are divided by this: 1, and more in tests.
    pub(super) haste: u32,
}

impl Pace {
    pub(super) fn new(clock: SharedClock) -> Self {
        let limited = APIS.iter().filter_map(|api| Some((api.path, api.per_minute?)));
        let buckets = limited.map(|(path, per_minute)| (path, Mutex::new(Bucket::new(per_minute))));
        Self { buckets: buckets.collect(), clock, draws: AtomicU64::new(0), haste: 1 }
    }

    /// Another limit for an API: a test does not make thousands of calls.
    #[cfg(test)]
    pub(super) fn limit(&mut self, path: &'static str, per_minute: u32) {
        self.buckets.insert(path, Mutex::new(Bucket::new(per_minute)));
    }

    /// Waits for this call's turn.
    ///
    /// # Errors
    /// The time that it would take, when that is longer than the patience.
    pub(super) async fn wait_for_turn(&self, api: &Api, patience: Duration) -> Result<(), Duration> {
        let Some(bucket) = self.buckets.get(api.path) else { return Ok(()) };
        let turn = bucket.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now(), patience)?;
        if turn > Duration::ZERO {
            tokio::time::sleep(turn).await;
        }
        Ok(())
    }

    /// The pause, and up to half of it more: processes that failed together do not come back together.
    pub(super) fn with_jitter(&self, pause: Duration) -> Duration {
        let pause = pause / self.haste;
        pause + pause.mul_f64(0.5 * self.draw())
    }

    /// At least 0 and less than 1; a mixture of the time and a counter is random enough for a pause
    /// (Steele, Lea and Flood: SplitMix64).
    fn draw(&self) -> f64 {
        let count = self.draws.fetch_add(1, Ordering::Relaxed);
        let now = self.clock.now().timestamp_subsec_nanos();
        let mut z = (u64::from(now) ^ count.rotate_left(32)).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let top = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0);
        f64::from(top) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use super::*;
    use crate::clock::ManualClock;

    const PATIENT: Duration = Duration::from_secs(3600);

    #[test]
    fn whichever_minute_is_looked_at_it_has_no_more_calls_than_are_allowed() {
        for per_minute in [1, 7, 60, 2_000] {
            let (start, mut bucket) = (Instant::now(), Bucket::new(per_minute));
            // Somebody who was quiet for long, and then wants more than he may.
            let calls = (0..3 * per_minute).map(|_| start + bucket.take(start, PATIENT).unwrap());
            let calls: Vec<Instant> = calls.collect();
            for (n, first) in calls.iter().enumerate() {
                let within = calls[n..].iter().filter(|call| **call - *first < MINUTE).count();
                assert!(within <= usize::try_from(per_minute).unwrap(), "{within} of {per_minute}");
            }
        }
    }

    #[test]
    fn a_quiet_api_does_not_wait_and_its_bucket_fills_up_again() {
        let (start, mut bucket) = (Instant::now(), Bucket::new(100));
        assert!((0..10).all(|_| bucket.take(start, PATIENT) == Ok(Duration::ZERO)));
        assert!(bucket.take(start, PATIENT).unwrap() > Duration::ZERO);
        let later = start + MINUTE;
        assert!((0..10).all(|_| bucket.take(later, PATIENT) == Ok(Duration::ZERO)));
    }

    #[test]
    fn who_does_not_wait_takes_nobodys_turn() {
        let (start, mut bucket) = (Instant::now(), Bucket::new(60));
        while bucket.take(start, Duration::ZERO).is_ok() {}
        let wait = bucket.take(start, Duration::ZERO).unwrap_err();
        assert_eq!(bucket.take(start, Duration::ZERO).unwrap_err(), wait);
        assert_eq!(bucket.take(start, wait), Ok(wait));
    }

    #[test]
    fn pauses_differ_by_up_to_half() {
        let clock = Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH));
        let pace = Pace::new(clock);
        let pause = Duration::from_millis(1000);
        let pauses: Vec<Duration> = (0..200).map(|_| pace.with_jitter(pause)).collect();
        assert!(pauses.iter().all(|with| (pause..pause + pause / 2).contains(with)));
        assert!(pauses.iter().max().unwrap().saturating_sub(*pauses.iter().min().unwrap()) > pause / 4);
    }
}
