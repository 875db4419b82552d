//! The simulator's clock. Knows nothing of tokens, codes or HTTP.
//!
//! Everything in the simulator that ages (codes, tokens, quotas) reads this clock, so that a test moves
//! time by advancing it instead of waiting.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the simulator's time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockMode {
    /// The machine's time, plus whatever it was advanced by.
    System,
    /// Stands still at the given instant until it is advanced.
    Manual(DateTime<Utc>),
}

/// A clock that runs or stands, and can be moved forward.
#[derive(Debug)]
pub(crate) struct Clock {
    mode: ClockMode,
    advanced_ms: AtomicI64,
}

impl Clock {
    /// A clock of the given mode that was not advanced yet.
    pub(crate) const fn new(mode: ClockMode) -> Self {
        Self { mode, advanced_ms: AtomicI64::new(0) }
    }

    /// The simulator's present.
    #[expect(clippy::disallowed_methods, reason = "this is the simulator's one home of the machine's time")]
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let base = match self.mode {
            ClockMode::System => Utc::now(),
            ClockMode::Manual(start) => start,
        };
        base + TimeDelta::milliseconds(self.advanced_ms.load(Ordering::SeqCst))
    }

    /// Moves time forward; a negative step is taken as none, because codes never grow younger.
    pub(crate) fn advance(&self, by: TimeDelta) {
        self.advanced_ms.fetch_add(by.num_milliseconds().max(0), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_until_it_is_advanced() {
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let clock = Clock::new(ClockMode::Manual(start));
        assert_eq!(clock.now(), start);
        clock.advance(TimeDelta::seconds(300));
        assert_eq!(clock.now(), start + TimeDelta::seconds(300));
    }

    #[test]
    fn a_clock_never_goes_back() {
        let clock = Clock::new(ClockMode::Manual(DateTime::UNIX_EPOCH));
        clock.advance(TimeDelta::seconds(-5));
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
    }
}
