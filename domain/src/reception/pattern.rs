//! A pattern by which reception days come again, such as 每月10日、20日, and the dates that it gives.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::calendar::{DayKind, WorkCalendar};
use crate::vocabulary::vocabulary;

/// A day off moves a reception day by this many days at most: longer than any holiday, with room for others
/// that were moved before it. Where it does not do, there is no reception day.
const FARTHEST_MOVE: u64 = 31;

/// Which days a pattern names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "every", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Recurrence {
    /// Days of the month; one that a month does not have is its last day.
    Month {
        /// 1 to 31.
        days: Vec<u8>,
    },
    /// Days of the week.
    Week {
        /// 1 (Monday) to 7 (Sunday).
        weekdays: Vec<u8>,
    },
}

vocabulary! {
    /// What becomes of a reception day that falls on a day off.
    DayOffRule {
        /// It is held on the first free working day after (顺延).
        NextWorkingDay = "next_working_day" "顺延至下一工作日",
        /// It is left out.
        Skip = "skip" "取消当次",
        /// It is held nevertheless.
        Keep = "keep" "照常举行",
    }
}

vocabulary! {
    /// Why a reception day is not on the day that its pattern names.
    MovedBecause {
        /// That day is a Saturday or Sunday off.
        Weekend = "weekend" "周末",
        /// That day is a holiday.
        Holiday = "holiday" "节假日",
    }
}

/// Why there is no such pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// No day, one twice, or one that is none.
    #[error("a pattern names days of the month (1 to 31) or of the week (1 to 7), each once")]
    Days,
    /// It ends before it begins.
    #[error("the pattern ends before it begins")]
    EndsBefore,
}

/// A pattern of reception days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    recurrence: Recurrence,
    day_off: DayOffRule,
    from_on: NaiveDate,
    until_on: Option<NaiveDate>,
}

/// That a reception day was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Why.
    pub because: MovedBecause,
    /// What the holiday is called.
    pub holiday: Option<String>,
}

/// A reception day that a pattern gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The day that the pattern names: what the reception day is known by.
    pub nominal_on: NaiveDate,
    /// The day on which it is held.
    pub held_on: NaiveDate,
    /// Why that is another one.
    pub moved: Option<Moved>,
    /// The how-many-th of the pattern it is, from 0; whose turn it is follows from that. A day that was left
    /// out counts, so that a corrected calendar changes nobody's turn.
    pub turn: usize,
    /// Whether it may still move, because the holidays of its year are not known yet.
    pub provisional: bool,
}

impl Recurrence {
    /// Whether it names only days that there are, each once.
    fn is_sound(&self) -> bool {
        let (days, most) = match self {
            Self::Month { days } => (days, 31),
            Self::Week { weekdays } => (weekdays, 7),
        };
        let each: BTreeSet<u8> = days.iter().copied().collect();
        !days.is_empty() && each.len() == days.len() && each.iter().all(|day| (1..=most).contains(day))
    }

    fn names(&self, date: NaiveDate) -> bool {
        match self {
            Self::Month { days } => {
                let is_last = date.succ_opt().is_none_or(|next| next.month() != date.month());
                let hit = |day: &u8| {
                    let day = u32::from(*day);
                    day == date.day() || (is_last && day > date.day())
                };
                days.iter().any(hit)
            }
            Self::Week { weekdays } => {
                let weekday = date.weekday().number_from_monday();
                weekdays.iter().any(|day| u32::from(*day) == weekday)
            }
        }
    }
}

impl Pattern {
    /// A pattern that holds from `from_on` to `until_on`, both included.
    ///
    /// # Errors
    /// [`PatternError`]
    pub fn new(
        recurrence: Recurrence,
        day_off: DayOffRule,
        from_on: NaiveDate,
        until_on: Option<NaiveDate>,
    ) -> Result<Self, PatternError> {
        if !recurrence.is_sound() {
            return Err(PatternError::Days);
        }
        if until_on.is_some_and(|until_on| until_on < from_on) {
            return Err(PatternError::EndsBefore);
        }
        Ok(Self { recurrence, day_off, from_on, until_on })
    }

    /// The reception days whose named day lies from `from` to `to`, both included, by that day.
    ///
    /// The answer for a day does not depend on the period that is asked for. Days that need not move have
    /// their date first; those that move share what is left, so that no two are held on one date.
    #[must_use]
    pub fn plan(&self, calendar: &WorkCalendar, from: NaiveDate, to: NaiveDate) -> Vec<Planned> {
        let horizon = to.checked_add_days(Days::new(2 * FARTHEST_MOVE)).unwrap_or(NaiveDate::MAX);
        let last = self.until_on.map_or(horizon, |until_on| until_on.min(horizon));
        let named: Vec<NaiveDate> = self
            .from_on
            .iter_days()
            .take_while(|date| *date <= last)
            .filter(|date| self.recurrence.names(*date))
            .collect();
        let stays = |date: &NaiveDate| self.day_off == DayOffRule::Keep || calendar.is_working_day(*date);
        let mut taken: BTreeSet<NaiveDate> = named.iter().copied().filter(stays).collect();
        let mut planned = Vec::new();
        for (turn, nominal_on) in named.into_iter().enumerate().take_while(|(_, date)| *date <= to) {
            let held = if stays(&nominal_on) {
                Some((nominal_on, None))
            } else {
                self.next_free(calendar, nominal_on, &taken)
                    .map(|held_on| (held_on, Some(moved_from(calendar, nominal_on))))
            };
            let Some((held_on, moved)) = held else { continue };
            taken.insert(held_on);
            if nominal_on >= from {
                let provisional =
                    calendar.is_provisional(held_on.year()) || calendar.is_provisional(nominal_on.year());
                planned.push(Planned { nominal_on, held_on, moved, turn, provisional });
            }
        }
        planned
    }

    fn next_free(
        &self,
        calendar: &WorkCalendar,
        nominal_on: NaiveDate,
        taken: &BTreeSet<NaiveDate>,
    ) -> Option<NaiveDate> {
        if self.day_off == DayOffRule::Skip {
            return None;
        }
        let farthest = nominal_on.checked_add_days(Days::new(FARTHEST_MOVE))?;
        let mut later = nominal_on.iter_days().skip(1).take_while(|date| *date <= farthest);
        later.find(|date| calendar.is_working_day(*date) && !taken.contains(date))
    }
}

/// Why a reception day can't be held on this day off.
fn moved_from(calendar: &WorkCalendar, nominal_on: NaiveDate) -> Moved {
    match calendar.day(nominal_on) {
        DayKind::Holiday { name } => Moved { because: MovedBecause::Holiday, holiday: Some(name.to_owned()) },
        DayKind::Weekend | DayKind::Workday | DayKind::WorkingWeekend => {
            Moved { because: MovedBecause::Weekend, holiday: None }
        }
    }
}
