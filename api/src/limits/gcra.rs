//! The arithmetic of a rate limit: the generic cell rate algorithm in its form as virtual
//! scheduling (ITU-T I.371, annex A). Pure; times are microseconds.
//!
//! One number is kept for each key: the theoretical arrival time, at which all that has passed
//! would have passed at the steady rate. It may lie ahead of now by less than a burst.

use std::time::Duration;

use crate::config::Limit;

/// Whether one more passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does.
    Pass,
    /// It does not, but would after this time.
    Wait(Duration),
}

/// The interval at the steady rate, and how far ahead of now the arrival time may be for one more
/// to pass.
pub(super) fn interval_and_tolerance(limit: Limit) -> (i64, i64) {
    let interval = i64::from(limit.every_ms) * 1000;
    (interval, interval * (i64::from(limit.burst) - 1))
}

/// The verdict, and the new arrival time when it passes.
pub(super) fn decide(arrival: i64, now: i64, limit: Limit) -> (Verdict, i64) {
    let (interval, tolerance) = interval_and_tolerance(limit);
    let ahead = arrival.max(now);
    let wait = ahead - now - tolerance;
    if wait > 0 {
        return (Verdict::Wait(Duration::from_micros(wait.unsigned_abs())), arrival);
    }
    (Verdict::Pass, ahead + interval)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_burst_passes_at_once_and_then_one_at_every_interval() {
        let limit = Limit { burst: 3, every_ms: 100 };
        let mut arrival = 0;
        let mut ask = |now| {
            let (verdict, next) = decide(arrival, now, limit);
            arrival = next;
            verdict
        };
        assert_eq!([ask(0), ask(0), ask(0)], [Verdict::Pass; 3]);
        assert_eq!(ask(0), Verdict::Wait(Duration::from_millis(100)));
        assert_eq!(ask(99_999), Verdict::Wait(Duration::from_micros(1)));
        assert_eq!(ask(100_000), Verdict::Pass);
        assert_eq!(ask(100_000), Verdict::Wait(Duration::from_millis(100)));
    }

    proptest! {
        #[test]
        fn no_window_lets_more_pass_than_a_burst_and_the_steady_rate(
            burst in 1_u32..20,
            every_ms in 1_u32..1000,
            gaps in prop::collection::vec(0_i64..2_000_000, 1..200),
        ) {
            let limit = Limit { burst, every_ms };
            let (mut arrival, mut now, mut passed) = (0, 0, Vec::new());
            for gap in gaps {
                now += gap;
                let (verdict, next) = decide(arrival, now, limit);
                match verdict {
                    Verdict::Pass => passed.push(now),
                    Verdict::Wait(wait) => {
                        // It passes exactly then, and not a microsecond earlier.
                        let then = now + i64::try_from(wait.as_micros()).unwrap();
                        prop_assert_eq!(decide(arrival, then, limit).0, Verdict::Pass);
                        prop_assert_ne!(decide(arrival, then - 1, limit).0, Verdict::Pass);
                    }
                }
                arrival = next;
            }
            let interval = i64::from(every_ms) * 1000;
            for (first, from) in passed.iter().enumerate() {
                for (last, to) in passed.iter().enumerate().skip(first) {
                    let most = i64::from(burst) + (to - from) / interval;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= most);
                }
            }
        }
    }
}
