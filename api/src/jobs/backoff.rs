//! How often a failed job is tried again, and after how long.

use chrono::TimeDelta;

/// Seconds to wait after the first failure, the second, and so on.
///
/// 5 s, 15 s, 45 s, 2 min 15 s, 6 min 45 s, 20 min 15 s, then 1 h three times: three and a half
/// hours in all, longer than a restart or a fail-over, shorter than a working day.
const DELAYS_S: [i64; 9] = [5, 15, 45, 135, 405, 1_215, 3_600, 3_600, 3_600];

/// After this many tries a job is dead and waits for the operator.
#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "nine entries")]
pub const MAX_ATTEMPTS: i32 = DELAYS_S.len() as i32 + 1;

/// How long to wait after this many tries; `None` when it was the last.
#[must_use]
pub fn delay_after(attempts: i32) -> Option<TimeDelta> {
    let failures_before = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    DELAYS_S.get(failures_before).map(|seconds| TimeDelta::seconds(*seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_after_the_last_try() {
        let waits: Vec<TimeDelta> = (1..MAX_ATTEMPTS).map_while(delay_after).collect();
        assert_eq!(waits.len(), DELAYS_S.len());
        assert!(waits.is_sorted());
        assert_eq!(delay_after(MAX_ATTEMPTS), None);
    }
}
