//! When the demo district's codes were scanned: evenly over its life, by day.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::{shanghai_date, start_of_day};
use domain::ids::CodeId;
use domain::scans::Hour;
use domain::vocabulary::ScanResult;
use entity::code_scan;

/// People scan from this hour of the day on.
const OPENS: i64 = 7;
/// For so many hours.
const HOURS: i64 = 14;

/// So many scans of a code between two instants.
pub(super) fn spread(
    code_id: CodeId,
    scans: i64,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> impl Iterator<Item = code_scan::Model> {
    let mut hours: BTreeMap<Hour, i64> = BTreeMap::new();
    let life = (until - from).num_seconds();
    for scan in 0..scans {
        let day = start_of_day(shanghai_date(from + TimeDelta::seconds(life * scan / scans)));
        // Steps that share no divisor with the hours visit each of them.
        let at = day + TimeDelta::hours(OPENS + scan * 5 % HOURS);
        *hours.entry(Hour::of(at.clamp(from, until))).or_insert(0) += 1;
    }
    let row = move |(hour, scans): (Hour, i64)| code_scan::Model {
        code_id,
        hour: hour.0,
        result: ScanResult::Opened,
        scans,
    };
    hours.into_iter().map(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_are_spread_over_days_and_hours_and_none_is_lost() {
        let from = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let until = from + TimeDelta::days(60);
        let rows: Vec<_> = spread(CodeId(uuid::Uuid::from_u128(1)), 137, (from, until)).collect();
        assert_eq!(rows.iter().map(|row| row.scans).sum::<i64>(), 137);
        assert!(rows.iter().all(|row| (Hour::of(from)..=Hour::of(until)).contains(&Hour(row.hour))));
        assert!(rows.len() > 100, "{}", rows.len());
        assert_eq!(spread(CodeId(uuid::Uuid::from_u128(1)), 0, (from, until)).count(), 0);
    }
}
