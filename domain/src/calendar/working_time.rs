//! The two measures of working time: terms in whole working days, and continuous time on working days.
//!
//! Knows nothing of what is measured. Instants beyond chrono's range become its first or last instant.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use super::WorkCalendar;
use super::day::{DAY_NANOS, Day};

/// When business ends on a working day, in Shanghai.
pub const BUSINESS_DAY_ENDS: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).expect("six o'clock is a time");

/// The date in Shanghai at this instant.
#[must_use]
pub fn shanghai_date(at: DateTime<Utc>) -> NaiveDate {
    Day::split(at).0.date()
}

/// When this date begins in Shanghai.
#[must_use]
pub fn start_of_day(date: NaiveDate) -> DateTime<Utc> {
    Day::of(date).at(0)
}

/// When business ends on this date, whether or not it is a working day.
#[must_use]
pub fn end_of_business(date: NaiveDate) -> DateTime<Utc> {
    closing(Day::of(date))
}

impl WorkCalendar {
    /// When a term of `days` working days ends that `start` sets running: at the close of business of the
    /// last one. The day of `start` does not count, so that every start on one day has the same end.
    ///
    /// Zero days are no term: the answer is `start`.
    ///
    /// Source: Civil Code of the PRC, art. 201 (the first day is not counted) and art. 203 (a term does not
    /// end on a day off, and ends at the close of business where there are business hours).
    #[must_use]
    pub fn end_of_working_day_after(&self, start: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        if days == 0 {
            return start;
        }
        let (first, _) = Day::split(start);
        self.first_day_completing(self.working_days_before(first.next()) + i64::from(days))
            .map_or(DateTime::<Utc>::MAX_UTC, closing)
    }

    /// How much working time lies between two instants, where a working day counts all of its 24 hours
    /// (Shanghai) and any other day nothing. Below zero when `to` is before `from`.
    ///
    /// Adds up exactly: from `a` to `b` and from `b` to `c` make from `a` to `c`.
    #[must_use]
    pub fn working_time_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        delta(self.worked_until(to) - self.worked_until(from))
    }

    /// The earliest instant that is `time` of working time away from `from`; for a negative `time` before it.
    /// No time at all leads nowhere: `from` itself.
    ///
    /// [`Self::working_time_between`] `from` and the answer is `time` exactly, unless chrono's range ends
    /// before.
    #[must_use]
    pub fn add_working_time(&self, from: DateTime<Utc>, time: TimeDelta) -> DateTime<Utc> {
        if time.is_zero() {
            return from;
        }
        let beyond =
            if time < TimeDelta::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        let worked = self.worked_until(from) + nanos(time);
        // The instant falls into a working day (or onto its end, which is the earlier of two equal ones).
        let full_days = (worked - 1).div_euclid(i128::from(DAY_NANOS));
        let rest = worked - full_days * i128::from(DAY_NANOS);
        let (Ok(full_days), Ok(rest)) = (i64::try_from(full_days), i64::try_from(rest)) else {
            return beyond;
        };
        self.first_day_completing(full_days + 1).map_or(beyond, |day| day.at(rest))
    }

    /// Nanoseconds of working time from the origin of [`Day`] to `at`.
    fn worked_until(&self, at: DateTime<Utc>) -> i128 {
        let (day, since_midnight) = Day::split(at);
        let today = if self.kind(day).is_working() { since_midnight } else { 0 };
        i128::from(self.working_days_before(day)) * i128::from(DAY_NANOS) + i128::from(today)
    }
}

fn closing(day: Day) -> DateTime<Utc> {
    day.at(i64::from(BUSINESS_DAY_ENDS.num_seconds_from_midnight()) * 1_000_000_000)
}

fn nanos(time: TimeDelta) -> i128 {
    i128::from(time.num_seconds()) * 1_000_000_000 + i128::from(time.subsec_nanos())
}

/// Exact for every distance between two instants of chrono, whose range is a thousandth of `TimeDelta`'s.
fn delta(nanos: i128) -> TimeDelta {
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000));
    let subsecond = u32::try_from(nanos.rem_euclid(1_000_000_000));
    match (seconds, subsecond) {
        (Ok(seconds), Ok(subsecond)) => TimeDelta::new(seconds, subsecond),
        _ => None,
    }
    .unwrap_or(if nanos < 0 { TimeDelta::MIN } else { TimeDelta::MAX })
}
