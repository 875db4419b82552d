//! One year of holidays as the State Council's General Office announces it, and what can be wrong with it.
//!
//! Knows the file format; what follows for working days is in [`super::WorkCalendar`].

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// The yearly notice on holidays (国务院办公厅关于…年部分节假日安排的通知) as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearTable {
    /// The year the notice is about.
    pub year: i32,
    /// The notice: its title, number and date.
    pub source: String,
    /// Counts the corrections of this table, from 1.
    pub version: u32,
    /// Days off, weekends within them included.
    pub holidays: Vec<Holiday>,
    /// Saturdays and Sundays that are worked (调休).
    pub working_weekends: Vec<NaiveDate>,
}

/// Days off in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// What people call it, e.g. `春节`.
    pub name: String,
    /// The first day off.
    pub from: NaiveDate,
    /// The last day off.
    pub to: NaiveDate,
}

/// Why a calendar can't be made of the given tables.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not the format of a [`YearTable`].
    #[error("the year table can't be read: {reason}")]
    Unreadable {
        /// What the parser says, with line and column.
        reason: String,
    },
    /// One year has two tables.
    #[error("two tables for {year}")]
    TwoTables {
        /// That year.
        year: i32,
    },
    /// A holiday's last day is before its first.
    #[error("{name} ends on {to}, before it begins on {from}")]
    EndsBeforeItBegins {
        /// The holiday's name.
        name: String,
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        to: NaiveDate,
    },
    /// A date that a notice about this year can't decide on.
    #[error("{date} is out of reach of the notice for {year}")]
    OutsideYear {
        /// The year of the table.
        year: i32,
        /// The date.
        date: NaiveDate,
    },
    /// A working weekend that is neither Saturday nor Sunday.
    #[error("{date} is not a weekend")]
    NotAWeekend {
        /// The date.
        date: NaiveDate,
    },
    /// A date is named by two holidays, or is both a day off and a working weekend.
    #[error("{date} is named twice")]
    NamedTwice {
        /// The date.
        date: NaiveDate,
    },
}

impl YearTable {
    /// Reads one table from JSON, e.g. `data/calendar/2026.json`.
    ///
    /// # Errors
    /// [`CalendarError::Unreadable`]; contradictions are found by [`super::WorkCalendar::new`].
    pub fn parse(json: &str) -> Result<Self, CalendarError> {
        serde_json::from_str(json).map_err(|fault| CalendarError::Unreadable { reason: fault.to_string() })
    }

    /// Every date the notice decides on: with the holiday's name, or with nothing when it is worked.
    pub(super) fn dates(&self) -> Result<Vec<(NaiveDate, Option<&str>)>, CalendarError> {
        let mut dates = Vec::new();
        for Holiday { name, from, to } in &self.holidays {
            if to < from {
                return Err(CalendarError::EndsBeforeItBegins { name: name.clone(), from: *from, to: *to });
            }
            self.check_reach(*from)?;
            self.check_reach(*to)?;
            dates.extend(
                from.iter_days().take_while(|date| date <= to).map(|date| (date, Some(name.as_str()))),
            );
        }
        for &date in &self.working_weekends {
            self.check_reach(date)?;
            if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
                return Err(CalendarError::NotAWeekend { date });
            }
            dates.push((date, None));
        }
        Ok(dates)
    }

    /// New Year's holiday may reach into the year before: the notice for 2023 begins on 2022-12-31.
    pub(super) fn check_reach(&self, date: NaiveDate) -> Result<(), CalendarError> {
        match (i64::from(date.year()) - i64::from(self.year), date.month()) {
            (0, _) | (-1, 12) | (1, 1) => Ok(()),
            _ => Err(CalendarError::OutsideYear { year: self.year, date }),
        }
    }
}
