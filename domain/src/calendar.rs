//! Which days are working days in mainland China, and how working time is counted.
//!
//! Knows nothing of cases, terms or stages (see [`crate::deadline`]) and never asks what time it is.
//! Start reading at [`WorkCalendar`]; the data behind it is in `data/calendar`, with its own README.

mod day;
mod history;
mod import;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod working_time;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};

use day::Day;
pub use history::CalendarHistory;
pub use import::{ImportedDay, ImportedKind, RowFault};
pub use table::{CalendarError, Holiday, YearTable};
pub use working_time::{BUSINESS_DAY_ENDS, end_of_business, shanghai_date, start_of_day};

/// China Standard Time. A fixed offset is enough: the country has one zone and no summer time since 1991.
pub const SHANGHAI: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");

/// What a weekday that somebody made a day off by hand is called.
const DAY_OFF_BY_HAND: &str = "放假";

static SHIPPED: LazyLock<Result<WorkCalendar, CalendarError>> = LazyLock::new(|| {
    WorkCalendar::new([
        YearTable::parse(include_str!("../data/calendar/2025.json"))?,
        YearTable::parse(include_str!("../data/calendar/2026.json"))?,
    ])
});

/// What a date is to somebody who works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// An ordinary working day.
    Workday,
    /// A Saturday or Sunday off.
    Weekend,
    /// A day off by the yearly notice or by hand, whatever day of the week.
    Holiday {
        /// What the holiday is called, e.g. `春节`.
        name: &'a str,
    },
    /// A Saturday or Sunday that is worked (调休).
    WorkingWeekend,
}

impl DayKind<'_> {
    /// Whether people work on such a day.
    #[must_use]
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Workday | Self::WorkingWeekend)
    }
}

/// The working days of mainland China: Monday to Friday, corrected by the yearly notices and by hand.
///
/// Every question is answered by binary search, without allocating. The default knows no notice at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Ascending by year.
    tables: Vec<YearTable>,
    /// The dates that are not what their day of the week says, ascending by day.
    exceptions: Vec<Exception>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Exception {
    day: Day,
    kind: ExceptionKind,
    /// Working days gained (or lost, below zero) by all exceptions up to and with this one.
    gained: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum ExceptionKind {
    Holiday(String),
    WorkingWeekend,
}

impl WorkCalendar {
    /// The calendar of the years whose notices come with the service; read once.
    ///
    /// # Errors
    /// The data inside the binary is faulty; a test keeps that from happening.
    pub fn shipped() -> Result<&'static Self, CalendarError> {
        SHIPPED.as_ref().map_err(Clone::clone)
    }

    /// A calendar of these years; every other year counts weekends only and is provisional.
    ///
    /// # Errors
    /// A table contradicts itself or another one; the error names the date.
    pub fn new(tables: impl IntoIterator<Item = YearTable>) -> Result<Self, CalendarError> {
        let mut tables: Vec<YearTable> = tables.into_iter().collect();
        tables.sort_by_key(|table| table.year);
        let mut exceptions = BTreeMap::new();
        let mut previous_year = None;
        for table in &tables {
            if previous_year.replace(table.year) == Some(table.year) {
                return Err(CalendarError::TwoTables { year: table.year });
            }
            for (date, holiday) in table.dates()? {
                let kind = holiday
                    .map_or(ExceptionKind::WorkingWeekend, |name| ExceptionKind::Holiday(name.to_owned()));
                if exceptions.insert(Day::of(date), kind).is_some() {
                    return Err(CalendarError::NamedTwice { date });
                }
            }
        }
        Ok(Self { tables, exceptions: sum_up(exceptions) })
    }

    /// The same calendar with single dates decided by hand; of two decisions on a date, the later one stands.
    ///
    /// A year without a notice stays provisional, however many of its dates are decided.
    #[must_use]
    pub fn with_overrides(self, overrides: impl IntoIterator<Item = (NaiveDate, bool)>) -> Self {
        let Self { tables, exceptions } = self;
        let mut exceptions: BTreeMap<Day, ExceptionKind> =
            exceptions.into_iter().map(|exception| (exception.day, exception.kind)).collect();
        for (date, is_working) in overrides {
            let day = Day::of(date);
            match (is_working, day.is_weekend()) {
                (true, true) => {
                    exceptions.insert(day, ExceptionKind::WorkingWeekend);
                }
                (true, false) => {
                    exceptions.remove(&day);
                }
                (false, true) => {
                    if exceptions.get(&day) == Some(&ExceptionKind::WorkingWeekend) {
                        exceptions.remove(&day);
                    }
                }
                (false, false) => {
                    exceptions
                        .entry(day)
                        .or_insert_with(|| ExceptionKind::Holiday(DAY_OFF_BY_HAND.to_owned()));
                }
            }
        }
        Self { tables, exceptions: sum_up(exceptions) }
    }

    /// The tables this calendar was made of, ascending by year: where each year comes from, in which version.
    #[must_use]
    pub fn tables(&self) -> &[YearTable] {
        &self.tables
    }

    /// Whether this year's notice is unknown, so that its holidays count as working days for now.
    #[must_use]
    pub fn is_provisional(&self, year: i32) -> bool {
        self.tables.binary_search_by_key(&year, |table| table.year).is_err()
    }

    /// Whether a due time may still move, because the notice of its year is not out.
    #[must_use]
    pub fn is_provisional_at(&self, due_at: DateTime<Utc>) -> bool {
        self.is_provisional(shanghai_date(due_at).year())
    }

    /// How many working days lie after the date of `start`, up to and with the date of `due` (Shanghai):
    /// the days of the term that leads from one to the other, see [`Self::end_of_working_day_after`].
    #[must_use]
    pub fn days_of_term(&self, start: DateTime<Utc>, due: DateTime<Utc>) -> u32 {
        let ((first, _), (last, _)) = (Day::split(start), Day::split(due));
        let days = self.working_days_before(last.next()) - self.working_days_before(first.next());
        u32::try_from(days).unwrap_or(0)
    }

    /// Whether people work on this date.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.kind(Day::of(date)).is_working()
    }

    /// What this date is, and by which name.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> DayKind<'_> {
        self.kind(Day::of(date))
    }

    fn kind(&self, day: Day) -> DayKind<'_> {
        let found = self.exceptions.binary_search_by_key(&day, |exception| exception.day);
        match found.ok().and_then(|place| self.exceptions.get(place)).map(|exception| &exception.kind) {
            Some(ExceptionKind::Holiday(name)) => DayKind::Holiday { name },
            Some(ExceptionKind::WorkingWeekend) => DayKind::WorkingWeekend,
            None if day.is_weekend() => DayKind::Weekend,
            None => DayKind::Workday,
        }
    }

    /// How many working days lie before `day`, counted from [`Day`]'s origin; below zero before it.
    fn working_days_before(&self, day: Day) -> i64 {
        let earlier = self.exceptions.partition_point(|exception| exception.day < day);
        let gained =
            earlier.checked_sub(1).and_then(|last| self.exceptions.get(last)).map_or(0, |last| last.gained);
        day.weekdays_before() + gained
    }

    /// The first day at whose end `count` working days are over; `None` beyond the dates chrono knows.
    fn first_day_completing(&self, count: i64) -> Option<Day> {
        Day::first_where(|day| self.working_days_before(day.next()) >= count)
    }
}

fn sum_up(exceptions: BTreeMap<Day, ExceptionKind>) -> Vec<Exception> {
    exceptions
        .into_iter()
        .scan(0, |gained, (day, kind)| {
            *gained += match kind {
                ExceptionKind::WorkingWeekend => 1,
                ExceptionKind::Holiday(_) if day.is_weekend() => 0,
                ExceptionKind::Holiday(_) => -1,
            };
            Some(Exception { day, kind, gained: *gained })
        })
        .collect()
}
