//! A date as a plain number, so that counting days is arithmetic that can neither overflow nor allocate.
//!
//! Knows the week and the offset of Shanghai, nothing of holidays.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::SHANGHAI;

/// Nanoseconds of a day.
pub(super) const DAY_NANOS: i64 = 86_400 * NANOS_PER_SECOND;
const NANOS_PER_SECOND: i64 = 1_000_000_000;
const DAY_SECONDS: i64 = 86_400;
/// 1970-01-01 as a [`Day`].
const UNIX_EPOCH: i64 = 719_162;

/// Days since 0001-01-01 in the Gregorian calendar, which was a Monday; below zero before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(i64);

impl Day {
    pub(super) fn of(date: NaiveDate) -> Self {
        Self(i64::from(date.num_days_from_ce()) - 1)
    }

    /// The day in Shanghai at `at`, and the nanoseconds since its midnight.
    ///
    /// A leap second counts as the last nanosecond before it, so that time never runs backwards.
    pub(super) fn split(at: DateTime<Utc>) -> (Self, i64) {
        let seconds = at.timestamp() + i64::from(SHANGHAI.local_minus_utc());
        let nanos = i64::from(at.timestamp_subsec_nanos()).min(NANOS_PER_SECOND - 1);
        let day = Self(seconds.div_euclid(DAY_SECONDS) + UNIX_EPOCH);
        (day, seconds.rem_euclid(DAY_SECONDS) * NANOS_PER_SECOND + nanos)
    }

    /// The date, or the nearest one that chrono can express.
    pub(super) fn date(self) -> NaiveDate {
        let known = i32::try_from(self.0 + 1).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        known.unwrap_or(if self.0 < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
    }

    /// The instant `nanos` after midnight in Shanghai, or the nearest one that chrono can express.
    pub(super) fn at(self, nanos: i64) -> DateTime<Utc> {
        let seconds = (self.0 - UNIX_EPOCH) * DAY_SECONDS - i64::from(SHANGHAI.local_minus_utc());
        let subsecond = u32::try_from(nanos.rem_euclid(NANOS_PER_SECOND)).unwrap_or_default();
        DateTime::from_timestamp(seconds + nanos.div_euclid(NANOS_PER_SECOND), subsecond)
            .unwrap_or(if self.0 < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC })
    }

    pub(super) const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    pub(super) const fn is_weekend(self) -> bool {
        self.0.rem_euclid(7) >= 5
    }

    /// Mondays to Fridays from the origin up to, without, this day.
    pub(super) fn weekdays_before(self) -> i64 {
        self.0.div_euclid(7) * 5 + self.0.rem_euclid(7).min(5)
    }

    /// The first day that `reached` holds for, if it holds for every day from some day on.
    pub(super) fn first_where(reached: impl Fn(Self) -> bool) -> Option<Self> {
        let (mut low, mut high) = (Self::of(NaiveDate::MIN).0, Self::of(NaiveDate::MAX).0);
        if !reached(Self(high)) {
            return None;
        }
        while low < high {
            let middle = (low + high).div_euclid(2);
            if reached(Self(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(Self(low))
    }
}
