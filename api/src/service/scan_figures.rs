//! What comes of scanning: how often codes are scanned, when, and how many scans become cases that are
//! answered.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{shanghai_date, start_of_day};
use domain::ids::StationId;
use domain::scans::Hour;
use domain::vocabulary::ScanResult;
use serde::Serialize;
use utoipa::ToSchema;

use super::authority::{AuthorityError, manages_station, may_manage};
use super::codes::CodesError;
use super::figures::Period;
use crate::auth::Caller;
use crate::state::Parts;
use crate::store::code_scans::{self, HourScans, ScansOf};
use crate::store::{StoreError, codes};

/// Scans in a period, and what came of them. A scan is not a person: nobody is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScanFigures {
    /// The first day, in Shanghai.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Scans that showed a card.
    pub opened: i64,
    /// Scans of posters whose code does not work any more, but still hangs.
    pub revoked: i64,
    /// Cases that came in through the codes.
    pub cases: i64,
    /// Those of these cases that have been answered by now.
    pub answered: i64,
    /// Those whose resident has confirmed the answer by now, as a whole or in part.
    pub confirmed: i64,
    /// Day by day; days without any are left out.
    pub days: Vec<ScansOnDay>,
    /// Scans that showed a card, by the hour of the day in Shanghai: 24 numbers.
    pub hours: Vec<i64>,
}

/// The scans of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScansOnDay {
    /// The day, in Shanghai.
    pub on: NaiveDate,
    /// Scans that showed a card.
    pub opened: i64,
    /// Scans of codes that do not work any more.
    pub revoked: i64,
    /// Cases that came in through the codes.
    pub reported: i64,
}

/// The scans of all codes of a station.
///
/// # Errors
/// The caller does not run the station; the database does not answer.
pub async fn of_station(
    state: &Parts,
    caller: &Caller,
    id: StationId,
    period: Period,
) -> Result<ScanFigures, AuthorityError> {
    manages_station(state, caller, id).await?;
    Ok(collect(state, ScansOf::Station(id), period).await?)
}

/// The scans of one code.
///
/// # Errors
/// There is no such code for the caller; the database does not answer.
pub async fn of_code(
    state: &Parts,
    caller: &Caller,
    token: &str,
    period: Period,
) -> Result<ScanFigures, CodesError> {
    let token = state.code_keys.read(token).map_err(|_| CodesError::UnknownCode)?;
    let code = codes::find(state.db.reader(), token.as_ref()).await?.ok_or(CodesError::UnknownCode)?;
    if !may_manage(state, caller, code.station_id, code.committee_id).await? {
        return Err(CodesError::UnknownCode);
    }
    Ok(collect(state, ScansOf::Code(code.id), period).await?)
}

async fn collect(state: &Parts, of: ScansOf, period: Period) -> Result<ScanFigures, StoreError> {
    let db = state.db.reader();
    let bounds = bounds_of(period);
    let hours = code_scans::list_hours(db, of, Hour::of(bounds.0), Hour::of(bounds.1)).await?;
    let cases = code_scans::count_cases(db, of, bounds).await?;
    let mut figures = ScanFigures {
        from: period.from,
        to: period.to,
        opened: 0,
        revoked: 0,
        cases: cases.cases,
        answered: cases.answered,
        confirmed: cases.confirmed,
        days: Vec::new(),
        hours: vec![0; 24],
    };
    figures.add(&hours);
    Ok(figures)
}

/// Shanghai is whole hours away from UTC, so that a day there is 24 of the hours that are counted.
fn bounds_of(period: Period) -> (DateTime<Utc>, DateTime<Utc>) {
    (start_of_day(period.from), start_of_day(period.to.succ_opt().unwrap_or(NaiveDate::MAX)))
}

impl ScanFigures {
    fn add(&mut self, hours: &[HourScans]) {
        let mut days: BTreeMap<NaiveDate, ScansOnDay> = BTreeMap::new();
        for HourScans { hour, result, scans } in hours {
            let hour = Hour(*hour);
            let on = shanghai_date(hour.begins_at());
            let day = days.entry(on).or_insert(ScansOnDay { on, opened: 0, revoked: 0, reported: 0 });
            match result {
                ScanResult::Opened => {
                    day.opened += scans;
                    self.opened += scans;
                    let of_day = usize::try_from(hour.of_day()).ok();
                    of_day
                        .and_then(|of_day| self.hours.get_mut(of_day))
                        .into_iter()
                        .for_each(|sum| *sum += scans);
                }
                ScanResult::Revoked => {
                    day.revoked += scans;
                    self.revoked += scans;
                }
                ScanResult::Reported => day.reported += scans,
            }
        }
        self.days = days.into_values().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_are_told_by_the_day_and_the_hour_in_shanghai() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        let (begin, _) = bounds_of(Period { from: day(2), to: day(3) });
        let first = Hour::of(begin).0;
        let scans = |after, result, scans| HourScans { hour: first + after, result, scans };
        let mut figures = ScanFigures {
            from: day(2),
            to: day(3),
            opened: 0,
            revoked: 0,
            cases: 0,
            answered: 0,
            confirmed: 0,
            days: Vec::new(),
            hours: vec![0; 24],
        };
        figures.add(&[
            scans(0, ScanResult::Opened, 1),
            scans(23, ScanResult::Opened, 2),
            scans(23, ScanResult::Reported, 1),
            scans(24, ScanResult::Opened, 4),
            scans(25, ScanResult::Revoked, 8),
        ]);
        assert_eq!((figures.opened, figures.revoked), (7, 8));
        let days = [
            ScansOnDay { on: day(2), opened: 3, revoked: 0, reported: 1 },
            ScansOnDay { on: day(3), opened: 4, revoked: 8, reported: 0 },
        ];
        assert_eq!(figures.days, days);
        assert_eq!((figures.hours[0], figures.hours[23], figures.hours.iter().sum::<i64>()), (5, 2, 7));
    }
}
