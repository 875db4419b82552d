//! The links and codes that were made for the mini-program.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use crate::wire::Refusal;

/// Links and schemes made in one second.
const PER_SECOND: u32 = 100;
/// How often links may be opened in a day; the pages of the documentation disagree, this is the lower one.
const VISITS_A_DAY: u64 = 3_000_000;

/// What a link opens, and for how long.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) version: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// All links by their text, and the counts of codes.
#[derive(Debug, Default)]
pub(crate) struct Links {
    made: HashMap<String, Link>,
    /// The second in which links were made last, and how many.
    in_second: (i64, u32),
    /// Codes of `getwxacode`.
    pub(crate) codes_made: u32,
    /// Pages that codes name without their being checked.
    pub(crate) unpublished_pages: BTreeSet<String>,
    /// Permanent short links.
    pub(crate) permanent: u32,
    /// The month in which rules were published last, and how many.
    published: (String, u32),
}

impl Links {
    /// How many rules were published in a month.
    pub(crate) fn published_in(&self, month: &str) -> u32 {
        if self.published.0 == month { self.published.1 } else { 0 }
    }

    /// Counts a rule that is published.
    pub(crate) fn publish_in(&mut self, month: String) {
        let before = self.published_in(&month);
        self.published = (month, before + 1);
    }

    /// Writes a link down.
    ///
    /// # Errors
    /// 44990 beyond 100 in a second.
    pub(crate) fn make(&mut self, text: String, link: Link) -> Result<(), Refusal> {
        let second = link.created_at.timestamp();
        if self.in_second.0 != second {
            self.in_second = (second, 0);
        }
        if self.in_second.1 >= PER_SECOND {
            return Err(Refusal::new(44990));
        }
        self.in_second.1 += 1;
        self.made.insert(text, link);
        Ok(())
    }

    /// What a link opens.
    ///
    /// # Errors
    /// 85403 for one that was never made.
    pub(crate) fn find(&self, text: &str) -> Result<&Link, Refusal> {
        self.made.get(text).ok_or(Refusal::new(85403))
    }

    /// Opens that are left of the day: nobody opens links here.
    pub(crate) const fn visits_left(&self) -> u64 {
        VISITS_A_DAY
    }
}

/// When a link ends that is made now: a time from a minute to 30 days away, or 1 to 30 whole days.
///
/// # Errors
/// 85401 for anything else.
pub(crate) fn end(
    kind: Option<u64>,
    time: Option<i64>,
    interval: Option<i64>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Refusal> {
    let most = TimeDelta::days(30);
    let end = match kind.unwrap_or(0) {
        0 => time.and_then(|time| DateTime::from_timestamp(time, 0)),
        1 => interval.filter(|days| (1..=30).contains(days)).map(|days| now + TimeDelta::days(days)),
        _ => None,
    };
    end.filter(|end| (now + TimeDelta::minutes(1)..=now + most).contains(end)).ok_or(Refusal::new(85401))
}
