//! The period of figures: from one day to another, or a month.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::service::figures::{self, Period};
use crate::state::Parts;

/// The longest period, in days: a year with its 29th of February.
const MAX_DAYS: i64 = 366;

/// Which period is wanted; the present month when nothing is said.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// The first day, in Shanghai.
    from: Option<String>,
    /// The last day, at most 366 days with the first.
    to: Option<String>,
    /// A month instead, as `2026-03`.
    month: Option<String>,
}

impl PeriodQuery {
    /// The period, checked.
    ///
    /// # Errors
    /// A day or a month that is none, one day without the other, both at once, or too many days.
    pub fn period(&self, state: &Parts) -> Result<Period, ApiError> {
        self.period_at(figures::today(state))
    }

    fn period_at(&self, today: NaiveDate) -> Result<Period, ApiError> {
        let mut fields = Fields::default();
        let period = match (&self.from, &self.to, &self.month) {
            (None, None, None) => month_of(today),
            (None, None, Some(month)) => {
                let first = day(&format!("{month}-01")).filter(|_| month.len() == 7);
                noted(&mut fields, "month", first).and_then(month_of)
            }
            (Some(from), Some(to), None) => {
                let from = noted(&mut fields, "from", day(from));
                let to = noted(&mut fields, "to", day(to));
                from.zip(to).map(|(from, to)| Period { from, to })
            }
            _ => {
                fields.wrong("from", "invalid", "请同时填写开始和结束日期，或只填写月份。");
                None
            }
        };
        let days = period.map(|period| (period.to - period.from).num_days() + 1);
        if days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
            fields.wrong("to", "out_of_range", format!("应不早于开始日期，最多{MAX_DAYS}天。"));
        }
        fields.finish(period)
    }
}

/// A day of a year that can be written in four digits.
fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok().filter(|day: &NaiveDate| (1..=9999).contains(&day.year()))
}

fn noted(fields: &mut Fields, name: &str, day: Option<NaiveDate>) -> Option<NaiveDate> {
    if day.is_none() {
        fields.wrong(name, "invalid", "日期不正确。");
    }
    day
}

fn month_of(day: NaiveDate) -> Option<Period> {
    let from = day.with_day(1)?;
    let to = from.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
    Some(Period { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: Option<&str>, to: Option<&str>, month: Option<&str>) -> Option<String> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let query = PeriodQuery { from: owned(from), to: owned(to), month: owned(month) };
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        query.period_at(today).ok().map(|period| format!("{} {}", period.from, period.to))
    }

    #[test]
    fn a_period_is_two_days_or_a_month_or_the_present_one() {
        assert_eq!(read(None, None, None).as_deref(), Some("2026-03-01 2026-03-31"));
        assert_eq!(read(None, None, Some("2024-02")).as_deref(), Some("2024-02-01 2024-02-29"));
        assert_eq!(
            read(Some("2026-01-05"), Some("2026-01-05"), None).as_deref(),
            Some("2026-01-05 2026-01-05")
        );
        assert_eq!(
            read(Some("2024-01-01"), Some("2024-12-31"), None).as_deref(),
            Some("2024-01-01 2024-12-31")
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for (from, to, month) in [
            (Some("2026-01-02"), Some("2026-01-01"), None),
            (Some("2025-01-01"), Some("2026-01-02"), None),
            (Some("2026-01-02"), None, None),
            (None, Some("2026-01-02"), Some("2026-01")),
            (Some("gestern"), Some("2026-01-02"), None),
            (None, None, Some("2026-13")),
            (None, None, Some("2026-1")),
            (None, None, Some("+2026-01")),
            (Some("-0001-01-01"), Some("0001-01-01"), None),
        ] {
            assert_eq!(read(from, to, month), None, "{from:?} {to:?} {month:?}");
        }
    }
}
