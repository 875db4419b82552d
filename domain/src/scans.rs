//! When scans of a code are something to look at: nobody scans it any more, or suddenly far too many do.

use chrono::{DateTime, Utc};

/// A live code that hangs so long and that nobody has scanned for so long may have been torn down or pasted
/// over (days).
pub const UNSCANNED_DAYS: i32 = 60;

/// Fewer scans than this in an hour are never a burst: a meeting where everybody scans the same poster.
pub const BURST_LEAST: i64 = 60;
/// A burst is so many times what a whole day had before it.
pub const BURST_TIMES: i64 = 5;
/// How many days before an hour tell what is usual.
pub const USUAL_DAYS: i32 = 28;
/// For how many days a burst is shown.
pub const BURST_SHOWN_DAYS: i32 = 14;

/// An hour, counted from the beginning of 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(pub i32);

impl Hour {
    /// The hour of an instant. (Its number reaches to the year 246,953.)
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        Self(i32::try_from(at.timestamp().div_euclid(3600)).unwrap_or(i32::MAX))
    }

    /// When it begins.
    #[must_use]
    pub fn begins_at(self) -> DateTime<Utc> {
        DateTime::from_timestamp(i64::from(self.0) * 3600, 0).unwrap_or_default()
    }

    /// Which hour of the day it is in Shanghai, 0 to 23. (UTC+8 all the year.)
    #[must_use]
    pub const fn of_day(self) -> i32 {
        self.0.saturating_add(8).rem_euclid(24)
    }

    /// The hour so many days earlier.
    #[must_use]
    pub const fn days_before(self, days: i32) -> Self {
        Self(self.0 - 24 * days)
    }
}

/// Whether an hour with so many scans is a burst, after so many in the [`USUAL_DAYS`] before it.
#[must_use]
pub const fn is_burst(scans: i64, before: i64) -> bool {
    // Without a division: an average of a day below one counts, too.
    scans >= BURST_LEAST && scans * USUAL_DAYS as i64 >= BURST_TIMES * before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_many_in_itself_and_many_beside_what_is_usual() {
        assert!(is_burst(60, 0) && !is_burst(59, 0), "on a new poster");
        // 12 a day are 336 in four weeks: 60 in an hour are five days' worth.
        assert!(is_burst(60, 336) && !is_burst(60, 337));
        assert!(!is_burst(500, 28 * 200), "a busy hall");
    }

    #[test]
    fn hours_are_counted_from_1970_on() {
        let at = DateTime::from_timestamp(1_790_001_234, 0).unwrap();
        let hour = Hour::of(at);
        assert_eq!(hour.begins_at().timestamp(), 1_790_001_234 / 3600 * 3600);
        assert_eq!((Hour(0).of_day(), Hour(15).of_day(), Hour(16).of_day()), (8, 23, 0));
        assert_eq!(hour.days_before(2).begins_at(), hour.begins_at() - chrono::TimeDelta::days(2));
    }
}
