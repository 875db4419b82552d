//! Ids, tokens and random draws: from the operating system, or seeded in tests.

use std::sync::{Mutex, PoisonError};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

use crate::clock::SharedClock;

/// Makes ids and secrets. One generator for all threads: a draw takes nanoseconds.
#[derive(Debug)]
pub struct Ids {
    clock: SharedClock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rng: ChaCha20Rng,
    /// The last id's 60 bits of time: milliseconds shifted by 12, and a counter below.
    last: u64,
}

impl Ids {
    /// Random ids, seeded by the operating system.
    #[must_use]
    pub fn random(clock: SharedClock) -> Self {
        Self::with_rng(clock, ChaCha20Rng::from_rng(&mut rand::rng()))
    }

    /// The same ids on every run.
    #[must_use]
    pub fn seeded(clock: SharedClock, seed: u64) -> Self {
        Self::with_rng(clock, ChaCha20Rng::seed_from_u64(seed))
    }

    fn with_rng(clock: SharedClock, rng: ChaCha20Rng) -> Self {
        Self { clock, state: Mutex::new(State { rng, last: 0 }) }
    }

    /// A new UUIDv7 (RFC 9562, section 5.7): later ids of one process sort after earlier ones, also
    /// within a millisecond, by the counter of method 1 in section 6.2.
    #[must_use]
    pub fn next<Id: From<Uuid>>(&self) -> Id {
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last = (millis << 12).max(state.last + 1);
        let mut tail = [0_u8; 10];
        state.rng.fill_bytes(&mut tail);
        let (millis, counter) = (state.last >> 12, state.last & 0xFFF);
        drop(state);
        let [.., c0, c1] = counter.to_be_bytes();
        let [t0, t1, rest @ ..] = &mut tail;
        (*t0, *t1) = (c0, c1);
        let _ = rest;
        Id::from(uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid())
    }

    /// Random bytes for a secret.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.state.lock().unwrap_or_else(PoisonError::into_inner).rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A random number.
    #[must_use]
    pub fn draw(&self) -> u64 {
        u64::from_be_bytes(self.bytes())
    }

    /// A secret of 160 bits as 32 characters, fit for a header and for reading aloud: RFC 4648
    /// base32 in lower case.
    #[must_use]
    pub fn secret(&self) -> String {
        data_encoding::BASE32_NOPAD.encode(&self.bytes::<20>()).to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn ids_sort_by_the_order_in_which_they_were_made() {
        let clock = Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH + TimeDelta::days(20_000)));
        let ids = Ids::seeded(clock.clone(), 1);
        let mut made: Vec<Uuid> = Vec::new();
        for _ in 0..50 {
            made.extend((0..200).map(|_| ids.next::<Uuid>()));
            clock.advance(TimeDelta::milliseconds(1));
        }
        let mut sorted = made.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(made, sorted);
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn the_same_seed_gives_the_same_ids_and_another_gives_others() {
        let clock: SharedClock = Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH));
        let one = |seed| Ids::seeded(clock.clone(), seed).next::<Uuid>();
        assert_eq!(one(7), one(7));
        assert_ne!(one(7), one(8));
    }
}
