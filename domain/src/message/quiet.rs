//! The hours of the night in which nobody is disturbed by what can wait.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use super::MessageKind;
use crate::calendar::{SHANGHAI, shanghai_date, start_of_day};

/// From which hour of the evening to which hour of the morning, in Shanghai. Equal hours: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The hour in which the quiet begins, 0 to 23.
    pub from: u32,
    /// The hour in which it is over, 0 to 23.
    pub until: u32,
}

impl QuietHours {
    /// When a message of this kind may go out that is there at `now`: at once, or in the morning.
    #[must_use]
    pub fn send_at(self, kind: MessageKind, now: DateTime<Utc>) -> DateTime<Utc> {
        if kind.can_wait() { self.over_at(now) } else { now }
    }

    /// `now`, or when the quiet is over in which it lies.
    #[must_use]
    pub fn over_at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let hour = now.with_timezone(&SHANGHAI).hour();
        let over_midnight = self.from > self.until;
        let is_quiet = if over_midnight {
            hour >= self.from || hour < self.until
        } else {
            hour >= self.from && hour < self.until
        };
        if !is_quiet {
            return now;
        }
        let today = start_of_day(shanghai_date(now));
        let days = i64::from(over_midnight && hour >= self.from);
        today + TimeDelta::days(days) + TimeDelta::hours(i64::from(self.until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: QuietHours = QuietHours { from: 21, until: 8 };

    /// A time of a day in Shanghai.
    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let midnight = start_of_day(chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap());
        midnight + TimeDelta::minutes(i64::from(hour * 60 + minute))
    }

    #[test]
    fn what_can_wait_comes_in_the_morning_and_what_cannot_comes_at_once() {
        assert_eq!(NIGHT.send_at(MessageKind::Answered, at(2, 20, 59)), at(2, 20, 59));
        assert_eq!(NIGHT.send_at(MessageKind::Answered, at(2, 21, 0)), at(3, 8, 0));
        assert_eq!(NIGHT.send_at(MessageKind::Overdue, at(3, 0, 1)), at(3, 8, 0));
        assert_eq!(NIGHT.send_at(MessageKind::Answered, at(3, 8, 0)), at(3, 8, 0));
        assert_eq!(NIGHT.send_at(MessageKind::Reception, at(2, 23, 0)), at(2, 23, 0));
    }

    #[test]
    fn a_quiet_noon_ends_on_the_same_day_and_equal_hours_are_no_quiet_at_all() {
        let noon = QuietHours { from: 12, until: 14 };
        assert_eq!(noon.over_at(at(2, 13, 30)), at(2, 14, 0));
        assert_eq!(noon.over_at(at(2, 14, 0)), at(2, 14, 0));
        let never = QuietHours { from: 0, until: 0 };
        assert_eq!(never.over_at(at(2, 0, 0)), at(2, 0, 0));
    }
}
