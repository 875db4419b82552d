//! A year as it is imported: day by day, with every faulty row named.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Holiday, YearTable};

/// What an imported day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportedKind {
    /// A day off, by this name.
    Holiday(String),
    /// A Saturday or Sunday that is worked (调休).
    Workday,
}

/// One row of an imported year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedDay {
    /// Its place among the rows, from 0.
    pub row: usize,
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: ImportedKind,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// The notice about the year can't decide on this day.
    OutsideYear,
    /// An earlier row names the same day.
    NamedTwice,
    /// It is worked, and is neither Saturday nor Sunday.
    NotAWeekend,
}

impl YearTable {
    /// The table of these days, in whatever order they come.
    ///
    /// # Errors
    /// Every faulty row with its first fault, ascending. What contradicts another year is found by
    /// [`super::WorkCalendar::new`].
    pub fn import(
        year: i32,
        source: String,
        version: u32,
        days: &[ImportedDay],
    ) -> Result<Self, Vec<(usize, RowFault)>> {
        let mut table = Self { year, source, version, holidays: Vec::new(), working_weekends: Vec::new() };
        let mut seen = HashSet::new();
        let mut faults = Vec::new();
        for ImportedDay { row, day, kind } in days {
            let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            if table.check_reach(*day).is_err() {
                faults.push((*row, RowFault::OutsideYear));
            } else if !seen.insert(*day) {
                faults.push((*row, RowFault::NamedTwice));
            } else if *kind == ImportedKind::Workday && !is_weekend {
                faults.push((*row, RowFault::NotAWeekend));
            }
        }
        if !faults.is_empty() {
            faults.sort_by_key(|(row, _)| *row);
            return Err(faults);
        }
        let mut sorted: Vec<&ImportedDay> = days.iter().collect();
        sorted.sort_by_key(|imported| imported.day);
        for ImportedDay { day, kind, .. } in sorted {
            match kind {
                ImportedKind::Workday => table.working_weekends.push(*day),
                ImportedKind::Holiday(name) => match table.holidays.last_mut() {
                    Some(last) if last.name == *name && last.to.succ_opt() == Some(*day) => last.to = *day,
                    _ => table.holidays.push(Holiday { name: name.clone(), from: *day, to: *day }),
                },
            }
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::super::WorkCalendar;
    use super::super::tests::{date, table};
    use super::*;

    fn days(rows: &[(&str, Option<&str>)]) -> Vec<ImportedDay> {
        let kind = |name: Option<&str>| {
            name.map_or(ImportedKind::Workday, |name| ImportedKind::Holiday(name.to_owned()))
        };
        rows.iter()
            .enumerate()
            .map(|(row, (day, name))| ImportedDay { row, day: date(day), kind: kind(*name) })
            .collect()
    }

    fn import(rows: &[(&str, Option<&str>)]) -> Result<YearTable, Vec<(usize, RowFault)>> {
        YearTable::import(2027, "a notice".to_owned(), 1, &days(rows))
    }

    #[test]
    fn days_in_a_row_with_one_name_are_one_holiday() {
        let imported = import(&[
            ("2027-01-02", Some("元旦")),
            ("2027-01-10", None),
            ("2027-01-01", Some("元旦")),
            ("2026-12-31", Some("元旦")),
            ("2027-04-05", Some("清明节")),
        ]);
        let holidays = [("元旦", "2026-12-31", "2027-01-02"), ("清明节", "2027-04-05", "2027-04-05")];
        assert_eq!(imported, Ok(table(2027, &holidays, &["2027-01-10"])));
        assert!(WorkCalendar::new([imported.unwrap()]).is_ok());
    }

    #[test]
    fn every_faulty_row_is_named() {
        let faults = import(&[
            ("2027-01-01", Some("元旦")),
            ("2026-11-30", Some("元旦")),
            ("2027-01-01", None),
            ("2027-01-04", None),
            ("2028-02-01", None),
        ]);
        let outside = RowFault::OutsideYear;
        let wanted = vec![(1, outside), (2, RowFault::NamedTwice), (3, RowFault::NotAWeekend), (4, outside)];
        assert_eq!(faults, Err(wanted));
    }
}
