//! How often each API was called this minute and today, and when that is too often.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::wire::Refusal;

/// How often an API may be called; nothing means as often as one likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Beyond it: 45011, or 44991 from the content checks, until the next minute.
    pub per_minute: Option<u32>,
    /// Beyond it: 45009 until midnight in Beijing.
    pub per_day: Option<u32>,
}

#[derive(Debug, Default)]
struct Counter {
    minute: i64,
    in_minute: u32,
    day: NaiveDate,
    in_day: u32,
}

/// Clears of the daily counters that an account may make in a month.
const CLEARS_PER_MONTH: u32 = 10;

/// The counters of all APIs.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    limits: HashMap<String, Quota>,
    counters: HashMap<String, Counter>,
    clears: HashMap<(i32, u32), u32>,
}

impl Quotas {
    /// Sets the limit of one API in place of its usual one.
    pub(crate) fn set(&mut self, path: &str, quota: Quota) {
        self.limits.insert(path.to_owned(), quota);
    }

    /// Counts a call of an API against the limit set for it, else against its usual one.
    pub(crate) fn admit(&mut self, path: &str, usual: Quota, now: DateTime<Utc>) -> Result<(), Refusal> {
        let quota = self.limit(path, usual);
        self.count(path.to_owned(), quota, now)
    }

    /// The limit that holds for an API.
    pub(crate) fn limit(&self, path: &str, usual: Quota) -> Quota {
        self.limits.get(path).copied().unwrap_or(usual)
    }

    /// How often an API was called today.
    pub(crate) fn used_today(&self, path: &str, now: DateTime<Utc>) -> u32 {
        let today = self.counters.get(path).filter(|counter| counter.day == beijing_day(now));
        today.map_or(0, |counter| counter.in_day)
    }

    /// Counts a call of an API by one user.
    pub(crate) fn admit_user(
        &mut self,
        path: &str,
        openid: &str,
        per_minute: u32,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let quota = Quota { per_minute: Some(per_minute), per_day: None };
        self.count(format!("{path} {openid}"), quota, now)
    }

    fn count(&mut self, key: String, quota: Quota, now: DateTime<Utc>) -> Result<(), Refusal> {
        let (minute, day) = (now.timestamp().div_euclid(60), beijing_day(now));
        let counter = self.counters.entry(key.clone()).or_default();
        if counter.minute != minute {
            (counter.minute, counter.in_minute) = (minute, 0);
        }
        if counter.day != day {
            (counter.day, counter.in_day) = (day, 0);
        }
        if quota.per_minute.is_some_and(|limit| counter.in_minute >= limit) {
            return Err(Refusal::new(minute_errcode(&key)));
        }
        if quota.per_day.is_some_and(|limit| counter.in_day >= limit) {
            return Err(Refusal::new(45009));
        }
        counter.in_minute += 1;
        counter.in_day += 1;
        Ok(())
    }

    /// Sets all daily counters to zero, ten times a month.
    pub(crate) fn clear(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let day = beijing_day(now);
        let clears = self.clears.entry((day.year(), day.month())).or_default();
        if *clears >= CLEARS_PER_MONTH {
            return Err(Refusal::new(48006));
        }
        *clears += 1;
        for counter in self.counters.values_mut() {
            counter.in_day = 0;
        }
        Ok(())
    }
}

/// What an API answers beyond its limit of a minute: the content checks have a number of their own.
fn minute_errcode(key: &str) -> i64 {
    match key {
        "/wxa/msg_sec_check" | "/wxa/media_check_async" => 44991,
        _ => 45011,
    }
}

/// The day by which WeChat counts: it changes at midnight in Beijing, which is UTC+8 all year.
pub(crate) fn beijing_day(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(8)).date_naive()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn the_day_of_the_quotas_begins_at_sixteen_utc() {
        let evening = Utc.with_ymd_and_hms(2026, 3, 2, 15, 59, 59).unwrap();
        assert_ne!(beijing_day(evening), beijing_day(evening + TimeDelta::seconds(1)));
    }

    #[test]
    fn the_minute_limit_is_looked_at_before_the_day_limit() {
        let mut quotas = Quotas::default();
        let now = DateTime::UNIX_EPOCH;
        quotas.set("/a", Quota { per_minute: Some(0), per_day: Some(0) });
        assert_eq!(quotas.admit("/a", Quota::default(), now), Err(Refusal::new(45011)));
    }
}
