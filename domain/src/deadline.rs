//! How long each step of a case may take, how late it is, and what a pause does to its due time.
//!
//! Knows no case and no clock: whoever calls brings the instants. Start reading at [`stage`].

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkCalendar;
use crate::vocabulary::vocabulary;

/// The part of the working time after which a clock is due soon, in tenths.
const DUE_SOON_TENTHS: i32 = 7;
/// Working time over the due time at which a clock turns red: two working days.
const RED_AFTER: TimeDelta = TimeDelta::days(2);
/// Working time over the due time at which a clock is supervised: five working days.
const SUPERVISED_AFTER: TimeDelta = TimeDelta::days(5);

/// How many days each step of a case may take; a committee may change any of them, also for one category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// Working days until somebody has accepted the case.
    pub accept_days: u32,
    /// Working days until the resident is answered.
    pub respond_days: u32,
    /// Working days until a department has replied to a dispatch.
    pub reply_days: u32,
    /// Working days in all that a case may wait for the resident's answer to questions.
    pub resident_days: u32,
    /// Calendar days in which the resident may confirm or contest an answer.
    pub confirm_days: u32,
    /// Working days in which a department may object to a dispatch.
    pub object_days: u32,
    /// Calendar days after the end until the resident is asked whether it was really done.
    pub second_look_days: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            accept_days: 1,
            respond_days: 7,
            reply_days: 5,
            resident_days: 5,
            confirm_days: 14,
            object_days: 2,
            second_look_days: 30,
        }
    }
}

/// The terms that a committee has decided on itself; where it says nothing, others hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnTerms {
    /// See [`Terms::accept_days`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_days: Option<u32>,
    /// See [`Terms::respond_days`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond_days: Option<u32>,
    /// See [`Terms::reply_days`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_days: Option<u32>,
    /// See [`Terms::resident_days`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resident_days: Option<u32>,
    /// See [`Terms::confirm_days`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_days: Option<u32>,
    /// See [`Terms::object_days`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_days: Option<u32>,
    /// See [`Terms::second_look_days`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_look_days: Option<u32>,
}

impl OwnTerms {
    /// These terms, and `others` where they say nothing.
    #[must_use]
    pub fn over(self, others: Terms) -> Terms {
        Terms {
            accept_days: self.accept_days.unwrap_or(others.accept_days),
            respond_days: self.respond_days.unwrap_or(others.respond_days),
            reply_days: self.reply_days.unwrap_or(others.reply_days),
            resident_days: self.resident_days.unwrap_or(others.resident_days),
            confirm_days: self.confirm_days.unwrap_or(others.confirm_days),
            object_days: self.object_days.unwrap_or(others.object_days),
            second_look_days: self.second_look_days.unwrap_or(others.second_look_days),
        }
    }
}

vocabulary! {
    /// How late a running clock is; the order is that of urgency.
    Stage {
        /// Enough time is left.
        OnTime = "on_time" "正常",
        /// 70 % of the working time is used up.
        DueSoon = "due_soon" "即将到期",
        /// The due time has come (yellow).
        Overdue = "overdue" "已超期",
        /// Two working days over (red): the station manager hears of it.
        Red = "red" "严重超期",
        /// Five working days over: the committee hears of it.
        Supervised = "supervised" "督办",
    }
}

/// The stage at `now` of a clock that runs from `started_at` to `due_at`.
///
/// A stage holds from its first instant on: at `due_at` itself the clock is overdue.
#[must_use]
pub fn stage(
    calendar: &WorkCalendar,
    started_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Stage {
    stage_among(&stage_starts(calendar, started_at, due_at), now)
}

/// The next instant after `now` at which [`stage`] changes, and the stage from then on; `None` once the
/// clock is supervised.
#[must_use]
pub fn next_stage_at(
    calendar: &WorkCalendar,
    started_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Stage)> {
    let starts = stage_starts(calendar, started_at, due_at);
    let (at, _) = starts.into_iter().find(|(at, _)| *at > now)?;
    Some((at, stage_among(&starts, at)))
}

/// The due time after a pause from `paused_at` to `resumed_at`: as much working time is left as before it.
///
/// A pause that begins at or after `due_at` moves nothing, so that a pause never cures lateness.
#[must_use]
pub fn resume(
    calendar: &WorkCalendar,
    due_at: DateTime<Utc>,
    paused_at: DateTime<Utc>,
    resumed_at: DateTime<Utc>,
) -> DateTime<Utc> {
    if paused_at >= due_at || resumed_at <= paused_at {
        return due_at;
    }
    let left = calendar.working_time_between(paused_at, due_at);
    // Of several instants with the same working time left, `due_at` may be a later one than the sum.
    calendar.add_working_time(resumed_at, left).max(due_at)
}

/// When each stage after the first begins, ascending.
fn stage_starts(
    calendar: &WorkCalendar,
    started_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
) -> [(DateTime<Utc>, Stage); 4] {
    let allowed = calendar.working_time_between(started_at, due_at);
    let due_soon_at = calendar.add_working_time(started_at, allowed / 10 * DUE_SOON_TENTHS).min(due_at);
    [
        (due_soon_at, Stage::DueSoon),
        (due_at, Stage::Overdue),
        (calendar.add_working_time(due_at, RED_AFTER), Stage::Red),
        (calendar.add_working_time(due_at, SUPERVISED_AFTER), Stage::Supervised),
    ]
}

fn stage_among(starts: &[(DateTime<Utc>, Stage)], now: DateTime<Utc>) -> Stage {
    starts.iter().rev().find(|(at, _)| *at <= now).map_or(Stage::OnTime, |(_, stage)| *stage)
}
