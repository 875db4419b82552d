//! Which calendar held when: a correction holds from the moment it was made on.
//!
//! What was counted before is counted again by the calendar that holds now; how many days a term had
//! that was never written down, only the calendar of its time can tell.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{CalendarError, WorkCalendar, YearTable};

/// The calendars that held one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarHistory {
    first: WorkCalendar,
    /// Ascending by the moment from which each held.
    later: Vec<(DateTime<Utc>, WorkCalendar)>,
}

impl CalendarHistory {
    /// What follows from the shipped years, from whole years that came later, and from single dates that
    /// were decided by hand.
    ///
    /// A year that comes takes the place of the one that was there, and of all that was decided by hand in
    /// it before.
    ///
    /// # Errors
    /// A year contradicts itself or another one.
    pub fn new(
        shipped: &WorkCalendar,
        years: &[(DateTime<Utc>, YearTable)],
        by_hand: &[(DateTime<Utc>, NaiveDate, bool)],
    ) -> Result<Self, CalendarError> {
        let mut moments: Vec<DateTime<Utc>> =
            years.iter().map(|(at, _)| *at).chain(by_hand.iter().map(|(at, ..)| *at)).collect();
        moments.sort_unstable();
        moments.dedup();
        let at = |moment: DateTime<Utc>| Ok((moment, as_of(shipped, years, by_hand, moment)?));
        let later = moments.into_iter().map(at).collect::<Result<_, CalendarError>>()?;
        Ok(Self { first: shipped.clone(), later })
    }

    /// The calendar that held at this moment.
    #[must_use]
    pub fn at(&self, moment: DateTime<Utc>) -> &WorkCalendar {
        let later = self.later.iter().rev().find(|(from, _)| *from <= moment);
        later.map_or(&self.first, |(_, calendar)| calendar)
    }

    /// The calendar that holds after all that is known.
    #[must_use]
    pub fn current(&self) -> &WorkCalendar {
        self.later.last().map_or(&self.first, |(_, calendar)| calendar)
    }
}

fn as_of(
    shipped: &WorkCalendar,
    years: &[(DateTime<Utc>, YearTable)],
    by_hand: &[(DateTime<Utc>, NaiveDate, bool)],
    moment: DateTime<Utc>,
) -> Result<WorkCalendar, CalendarError> {
    let mut tables: BTreeMap<i32, (Option<DateTime<Utc>>, &YearTable)> =
        shipped.tables().iter().map(|table| (table.year, (None, table))).collect();
    for (from, table) in years.iter().filter(|(from, _)| *from <= moment) {
        let known = tables.entry(table.year).or_insert((Some(*from), table));
        if known.0.is_none_or(|before| before <= *from) {
            *known = (Some(*from), table);
        }
    }
    let stands = |from: &DateTime<Utc>, date: &NaiveDate| {
        let replaced_at = tables.get(&chrono::Datelike::year(date)).and_then(|(at, _)| *at);
        *from <= moment && replaced_at.is_none_or(|at| at < *from)
    };
    let mut decided: Vec<_> = by_hand.iter().filter(|(from, date, _)| stands(from, date)).collect();
    decided.sort_by_key(|(from, ..)| *from);
    let decided: Vec<(NaiveDate, bool)> =
        decided.iter().map(|(_, date, working)| (*date, *working)).collect();
    let calendar = WorkCalendar::new(tables.into_values().map(|(_, table)| table.clone()))?;
    Ok(calendar.with_overrides(decided))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, date, shipped, table};
    use super::*;

    #[test]
    fn a_year_holds_from_when_it_came_and_ends_what_was_decided_by_hand_before() {
        let fifth = table(2027, &[("元旦", "2027-01-05", "2027-01-05")], &[]);
        let sixth = YearTable { version: 2, ..table(2027, &[("元旦", "2027-01-06", "2027-01-06")], &[]) };
        let years = [(at("2026-11-10 09:00"), fifth), (at("2026-11-20 09:00"), sixth)];
        let by_hand = [
            (at("2026-11-01 09:00"), date("2027-01-04"), false),
            (at("2026-11-15 09:00"), date("2027-01-07"), false),
            (at("2026-11-25 09:00"), date("2027-01-08"), false),
        ];
        let history = CalendarHistory::new(shipped(), &years, &by_hand).unwrap();
        let off = |moment: &str| -> Vec<u32> {
            let calendar = history.at(at(moment));
            (4..=8).filter(|day| !calendar.is_working_day(date(&format!("2027-01-0{day}")))).collect()
        };
        assert!(off("2026-10-31 09:00").is_empty());
        assert_eq!(off("2026-11-01 09:00"), [4]);
        assert_eq!(off("2026-11-10 09:00"), [5]);
        assert_eq!(off("2026-11-15 09:00"), [5, 7]);
        assert_eq!(off("2026-11-20 09:00"), [6]);
        assert_eq!(off("2026-11-25 09:00"), [6, 8]);
        assert!(history.at(at("2026-11-09 09:00")).is_provisional(2027));
        assert!(!history.current().is_provisional(2027));
        assert!(history.current().is_working_day(date("2026-11-23")), "other years stay");
    }

    #[test]
    fn a_year_that_contradicts_another_one_is_refused() {
        let newyear = table(2027, &[("元旦", "2026-12-31", "2027-01-01")], &[]);
        let twice = table(2026, &[("元旦", "2026-12-31", "2026-12-31")], &[]);
        let years = [(at("2026-11-10 09:00"), newyear), (at("2026-11-11 09:00"), twice)];
        let refused = CalendarHistory::new(shipped(), &years, &[]);
        assert_eq!(refused, Err(CalendarError::NamedTwice { date: date("2026-12-31") }));
    }
}
