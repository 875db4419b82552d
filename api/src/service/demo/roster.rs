//! The demo roster: on every working day one member of each station, in turns, and reception days.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use domain::calendar::{WorkCalendar, start_of_day};
use domain::ids::{MemberId, StationId};
use domain::routing::Absence;
use domain::vocabulary::ShiftKind;
use entity::duty_shift;

use crate::ids::Ids;

/// Reception days are on these days of a month, or on the first working day after.
const RECEPTION_DAYS: [u32; 2] = [10, 20];

/// From and until, after midnight: 9:00 to 18:00.
const DUTY: (TimeDelta, TimeDelta) = (TimeDelta::hours(9), TimeDelta::hours(18));
/// 9:00 to 11:30.
const RECEPTION: (TimeDelta, TimeDelta) = (TimeDelta::hours(9), TimeDelta::minutes(690));

/// A reception day's slots: minutes, and residents in each.
const SLOT: (i16, i16) = (30, 2);

/// A station's members in the order of their turns.
#[derive(Debug)]
pub(super) struct Team {
    pub(super) station_id: StationId,
    pub(super) members: Vec<(MemberId, Vec<Absence>)>,
}

/// The dates from the first to the last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
}

/// All shifts of these teams in the span.
pub(super) fn shifts(
    teams: &[Team],
    span: Span,
    calendar: &WorkCalendar,
    ids: &Ids,
) -> Vec<duty_shift::Model> {
    let working: Vec<NaiveDate> = span
        .first
        .iter_days()
        .take_while(|date| *date <= span.last)
        .filter(|date| calendar.is_working_day(*date))
        .collect();
    let created_at = start_of_day(span.first);
    let mut shifts = Vec::new();
    for team in teams {
        let mut add = |kind, turn, date, hours| {
            let hours = hours_of(date, hours);
            if let Some(member_id) = on_turn(team, turn, hours.0) {
                let place = (team.station_id, member_id);
                let mut shift = duty_shift::Model::new(ids.next(), place, kind, hours, created_at);
                if kind == ShiftKind::ReceptionDay {
                    (shift.slot_minutes, shift.slot_capacity) = (Some(SLOT.0), Some(SLOT.1));
                }
                shifts.push(shift);
            }
        };
        for (turn, date) in working.iter().enumerate() {
            add(ShiftKind::Duty, turn, *date, DUTY);
        }
        for (turn, date) in working.iter().filter(|date| is_reception_day(**date, calendar)).enumerate() {
            add(ShiftKind::ReceptionDay, turn, *date, RECEPTION);
        }
    }
    shifts
}

fn hours_of(date: NaiveDate, (from, until): (TimeDelta, TimeDelta)) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = start_of_day(date);
    (midnight + from, midnight + until)
}

/// Whose turn it is: an absent member's turn goes to the next.
fn on_turn(team: &Team, turn: usize, at: DateTime<Utc>) -> Option<MemberId> {
    let there =
        |absences: &[Absence]| absences.iter().all(|absence| at < absence.from || absence.until <= at);
    let start = turn.checked_rem(team.members.len())?;
    let mut order = team.members.iter().cycle().skip(start).take(team.members.len());
    order.find(|(_, absences)| there(absences)).map(|(id, _)| *id)
}

/// Whether a working day is one of the reception days, or the first working day after one.
fn is_reception_day(date: NaiveDate, calendar: &WorkCalendar) -> bool {
    let mut day = date;
    loop {
        if RECEPTION_DAYS.contains(&day.day()) {
            return true;
        }
        match day.checked_sub_days(Days::new(1)) {
            Some(before) if !calendar.is_working_day(before) => day = before,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::clock::ManualClock;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn roster(members: u128, absence: Option<Absence>, first: &str, last: &str) -> Vec<duty_shift::Model> {
        let ids = Ids::seeded(Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH)), 1);
        let absent = |n| absence.filter(|_| n == 1).into_iter().collect();
        let members = (1..=members).map(|n| (MemberId(Uuid::from_u128(n)), absent(n))).collect();
        let team = Team { station_id: StationId(Uuid::nil()), members };
        let span = Span { first: day(first), last: day(last) };
        shifts(&[team], span, WorkCalendar::shipped().unwrap(), &ids)
    }

    #[test]
    fn members_take_turns_on_working_days_from_nine_to_six() {
        let roster = roster(2, None, "2026-11-26", "2026-12-01");
        let turns: Vec<u128> = roster.iter().map(|shift| shift.member_id.0.as_u128()).collect();
        assert_eq!(turns, [1, 2, 1, 2]); // Thursday, Friday, Monday, Tuesday
        assert_eq!(roster[0].starts_at.to_rfc3339(), "2026-11-26T01:00:00+00:00");
        assert_eq!(roster[0].ends_at.to_rfc3339(), "2026-11-26T10:00:00+00:00");
    }

    #[test]
    fn a_reception_day_on_a_day_off_moves_to_the_first_working_day() {
        // 2026-10-10 is a Saturday that is worked; 2026-12-20 is a Sunday.
        let of = |first, last| {
            let shifts = roster(1, None, first, last).into_iter();
            let days = shifts.filter(|shift| shift.kind == ShiftKind::ReceptionDay);
            days.map(|shift| shift.starts_at.date_naive().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("2026-10-09", "2026-10-13"), ["2026-10-10"]);
        assert_eq!(of("2026-12-15", "2026-12-31"), ["2026-12-21"]);
    }

    #[test]
    fn the_turn_of_an_absent_member_goes_to_the_next() {
        let absence =
            Absence { from: start_of_day(day("2026-11-23")), until: start_of_day(day("2026-11-28")) };
        let roster = roster(2, Some(absence), "2026-11-23", "2026-11-27");
        assert!(roster.iter().all(|shift| shift.member_id.0.as_u128() == 2));
        assert_eq!(roster.len(), 5);
    }

    #[test]
    fn a_station_without_members_has_no_shifts() {
        assert!(roster(0, None, "2026-11-23", "2026-11-27").is_empty());
    }
}
