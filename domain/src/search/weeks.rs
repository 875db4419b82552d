//! Where and in which week a case came in, as a term of its own: the newest cases of one station that have a
//! word are then found in the index of words alone, however many older ones there are.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{LINK_MARK, Match, link};
use crate::ids::{CaseId, StationId};

const SECONDS: i64 = 7 * 24 * 60 * 60;

/// A week, counted from the beginning of 1970 in UTC. Nobody sees where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(i64);

impl Week {
    /// The week of an instant.
    #[must_use]
    pub const fn of(at: DateTime<Utc>) -> Self {
        Self(at.timestamp().div_euclid(SECONDS))
    }

    /// The week in which a case's id was made (RFC 9562, section 5.7): lists go by ids, and so must this.
    /// Nothing for an id that has no time in it.
    #[must_use]
    pub fn of_case(id: CaseId) -> Option<Self> {
        let (seconds, _) = id.0.get_timestamp()?.to_unix();
        i64::try_from(seconds).ok().map(|seconds| Self(seconds.div_euclid(SECONDS)))
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The term of a case that came in at this station in this week.
pub(super) fn term(station: Uuid, week: Week) -> String {
    format!("{}{LINK_MARK}{}", link(station), week.0)
}

/// What cases hold that came in at one of these stations, in so many weeks up to `newest`. Nothing for no
/// station or no week.
#[must_use]
pub fn came_in(stations: &[StationId], newest: Week, weeks: u32) -> Option<Match> {
    let of = |station: &StationId| {
        let id = station.0;
        (0..i64::from(weeks)).map(move |back| Match::Term(term(id, Week(newest.0 - back))))
    };
    super::query::one_of_or(stations.iter().flat_map(of).collect(), Match::Any)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::Terms;
    use super::*;

    #[test]
    fn a_case_is_found_by_its_station_and_week_and_by_no_other() {
        let (here, there) = (StationId(Uuid::from_u128(1)), StationId(Uuid::from_u128(2)));
        let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let week = Week::of(at);
        let mut terms = Terms::default();
        terms.add_week(here, week);
        let finds = |stations: &[StationId], newest, weeks| {
            came_in(stations, newest, weeks).is_some_and(|wanted| terms.are_found_by(&wanted))
        };
        assert!(finds(&[here], week, 1) && finds(&[there, here], week.next(), 2));
        assert!(!finds(&[there], week, 4), "another station");
        assert!(!finds(&[here], week.next(), 1), "newer ones only");
        assert!(!finds(&[here], Week::of(at - TimeDelta::days(7)), 9), "older ones only");
        assert!(!finds(&[], week, 1) && !finds(&[here], week, 0));
    }

    #[test]
    fn the_week_of_a_case_is_that_in_which_its_id_was_made() {
        let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let id = uuid::Builder::from_unix_timestamp_millis(1_790_000_000_000, &[7; 10]).into_uuid();
        assert_eq!(Week::of_case(CaseId(id)), Some(Week::of(at)));
        assert_eq!(Week::of_case(CaseId(Uuid::from_u128(3))), None);
    }
}
