//! Known years as tables, and the laws of plans.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::calendar::WorkCalendar;
use crate::calendar::tests::{at, shipped};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn monthly(days: &[u8], day_off: DayOffRule) -> Pattern {
    Pattern::new(Recurrence::Month { days: days.to_vec() }, day_off, date("2025-01-01"), None).unwrap()
}

/// `named>held reason` for every planned day.
fn plan(pattern: &Pattern, calendar: &WorkCalendar, from: &str, to: &str) -> Vec<String> {
    let line = |day: Planned| {
        let moved = day.moved.map(|moved| match moved.holiday {
            Some(holiday) => format!(" {holiday}"),
            None => format!(" {}", moved.because),
        });
        let provisional = if day.provisional { " provisional" } else { "" };
        format!("{}>{}{}{provisional}", day.nominal_on, day.held_on, moved.unwrap_or_default())
    };
    pattern.plan(calendar, date(from), date(to)).into_iter().map(line).collect()
}

#[test]
fn the_10th_and_20th_move_to_the_first_working_day_after_a_day_off() {
    let pattern = monthly(&[10, 20], DayOffRule::NextWorkingDay);
    assert_eq!(
        plan(&pattern, shipped(), "2026-01-01", "2026-06-30"),
        [
            "2026-01-10>2026-01-12 weekend",
            "2026-01-20>2026-01-20",
            "2026-02-10>2026-02-10",
            "2026-02-20>2026-02-24 春节",
            "2026-03-10>2026-03-10",
            "2026-03-20>2026-03-20",
            "2026-04-10>2026-04-10",
            "2026-04-20>2026-04-20",
            "2026-05-10>2026-05-11 weekend",
            "2026-05-20>2026-05-20",
            "2026-06-10>2026-06-10",
            "2026-06-20>2026-06-22 端午节",
        ]
    );
}

#[test]
fn several_days_in_an_eight_day_holiday_get_working_days_of_their_own() {
    let pattern = monthly(&[1, 3, 9], DayOffRule::NextWorkingDay);
    // The 9th is a working day and stays; the 1st and 3rd find the next ones around it, the 11th is worked.
    assert_eq!(
        plan(&pattern, shipped(), "2025-10-01", "2025-10-31"),
        [
            "2025-10-01>2025-10-10 国庆节、中秋节",
            "2025-10-03>2025-10-11 国庆节、中秋节",
            "2025-10-09>2025-10-09"
        ]
    );
}

#[test]
fn a_sunday_that_is_worked_keeps_its_reception_day() {
    let pattern = monthly(&[20], DayOffRule::NextWorkingDay);
    assert_eq!(plan(&pattern, shipped(), "2026-09-01", "2026-09-30"), ["2026-09-20>2026-09-20"]);
    let sundays = Recurrence::Week { weekdays: vec![7] };
    let sundays = Pattern::new(sundays, DayOffRule::Skip, date("2026-01-01"), None).unwrap();
    assert_eq!(
        plan(&sundays, shipped(), "2026-01-01", "2026-12-31"),
        ["2026-01-04>2026-01-04", "2026-09-20>2026-09-20"]
    );
}

#[test]
fn the_31st_of_a_short_month_is_its_last_day_and_once() {
    let pattern = monthly(&[30, 31], DayOffRule::Keep);
    assert_eq!(
        plan(&pattern, shipped(), "2026-01-01", "2026-04-30"),
        [
            "2026-01-30>2026-01-30",
            "2026-01-31>2026-01-31",
            "2026-02-28>2026-02-28",
            "2026-03-30>2026-03-30",
            "2026-03-31>2026-03-31",
            "2026-04-30>2026-04-30",
        ]
    );
}

#[test]
fn a_year_whose_notice_is_not_out_is_provisional() {
    let pattern = monthly(&[31], DayOffRule::NextWorkingDay);
    assert_eq!(
        plan(&pattern, shipped(), "2026-12-01", "2027-01-31"),
        ["2026-12-31>2026-12-31", "2027-01-31>2027-02-01 weekend provisional"]
    );
}

#[test]
fn a_corrected_calendar_moves_one_day_and_nobodys_turn() {
    let pattern = monthly(&[10, 20], DayOffRule::Skip);
    let corrected = shipped().clone().with_overrides([(date("2026-03-10"), false)]);
    let turns = |calendar: &WorkCalendar| -> Vec<(NaiveDate, usize)> {
        let days = pattern.plan(calendar, date("2026-03-01"), date("2026-04-30"));
        days.into_iter().map(|day| (day.held_on, day.turn)).collect()
    };
    let (before, after) = (turns(shipped()), turns(&corrected));
    assert_eq!(before.len(), 4);
    assert_eq!(after, before[1..]);
    let pattern = monthly(&[10], DayOffRule::NextWorkingDay);
    assert_eq!(plan(&pattern, &corrected, "2026-03-01", "2026-03-31"), ["2026-03-10>2026-03-11 放假"]);
}

#[test]
fn a_pattern_begins_and_ends_on_its_days() {
    let week = Recurrence::Week { weekdays: vec![3] };
    let pattern = Pattern::new(week, DayOffRule::Keep, date("2026-03-04"), Some(date("2026-03-18"))).unwrap();
    let days = pattern.plan(shipped(), date("2026-01-01"), date("2026-12-31"));
    let held: Vec<String> = days.iter().map(|day| format!("{} {}", day.held_on, day.turn)).collect();
    assert_eq!(held, ["2026-03-04 0", "2026-03-11 1", "2026-03-18 2"]);
}

#[test]
fn a_pattern_that_names_no_day_or_a_wrong_one_is_none() {
    let new = |recurrence, until: Option<&str>| {
        Pattern::new(recurrence, DayOffRule::Keep, date("2026-03-01"), until.map(date)).err()
    };
    for days in [vec![], vec![0], vec![32], vec![10, 10]] {
        assert_eq!(new(Recurrence::Month { days }, None), Some(PatternError::Days));
    }
    assert_eq!(new(Recurrence::Week { weekdays: vec![8] }, None), Some(PatternError::Days));
    let fine = Recurrence::Week { weekdays: vec![1] };
    assert_eq!(new(fine.clone(), Some("2026-02-28")), Some(PatternError::EndsBefore));
    assert_eq!(new(fine, Some("2026-03-01")), None);
}

proptest! {
    #[test]
    fn no_two_are_held_on_one_day_and_none_on_a_day_off(
        days in proptest::collection::btree_set(1_u8..=31, 1..12), first in 0_i64..700, length in 0_i64..90,
    ) {
        let days: Vec<u8> = days.into_iter().collect();
        let pattern = monthly(&days, DayOffRule::NextWorkingDay);
        let from = date("2025-01-01") + TimeDelta::days(first);
        let to = from + TimeDelta::days(length);
        let planned = pattern.plan(shipped(), from, to);
        let mut held: Vec<NaiveDate> = planned.iter().map(|day| day.held_on).collect();
        held.sort_unstable();
        held.dedup();
        prop_assert_eq!(held.len(), planned.len());
        prop_assert!(planned.iter().all(|day| shipped().is_working_day(day.held_on)));
        prop_assert!(planned.iter().all(|day| day.moved.is_some() == (day.held_on != day.nominal_on)));
        // The period asked for changes nothing.
        let wide = pattern.plan(shipped(), date("2025-01-01"), to + TimeDelta::days(50));
        let same: Vec<Planned> =
            wide.into_iter().filter(|day| day.nominal_on >= from && day.nominal_on <= to).collect();
        prop_assert_eq!(same, planned);
    }

    #[test]
    fn a_day_is_found_in_the_first_28_of_a_month_when_it_is_there(month in 1_u32..=12, day in 1_u8..=31) {
        let from = NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
        let planned = monthly(&[day], DayOffRule::Keep).plan(shipped(), from, from + TimeDelta::days(27));
        let expected = usize::from(day <= 28 || month == 2);
        prop_assert_eq!(planned.len(), expected);
    }
}

fn morning() -> (DateTime<Utc>, DateTime<Utc>) {
    (at("2026-03-10 09:00"), at("2026-03-10 11:30"))
}

#[test]
fn a_morning_is_cut_into_whole_slots() {
    let slots = Slots::new(morning(), 20, 2).unwrap();
    let beginnings: Vec<DateTime<Utc>> = slots.beginnings().collect();
    assert_eq!(
        (beginnings.len(), beginnings[0], beginnings[6]),
        (7, at("2026-03-10 09:00"), at("2026-03-10 11:00"))
    );
    assert!(slots.begins_at(at("2026-03-10 09:20")));
    for none in ["2026-03-10 08:40", "2026-03-10 09:10", "2026-03-10 11:20"] {
        assert!(!slots.begins_at(at(none)), "{none}");
    }
}

#[test]
fn a_day_that_can_not_be_cut_is_refused() {
    for (minutes, capacity, error) in [
        (4, 1, SlotError::Minutes),
        (241, 1, SlotError::Minutes),
        (10, 0, SlotError::Capacity),
        (10, 51, SlotError::Capacity),
        (151, 1, SlotError::TooShort),
    ] {
        assert_eq!(Slots::new(morning(), minutes, capacity), Err(error), "{minutes} {capacity}");
    }
    assert!(Slots::new(morning(), 150, 50).is_ok());
}

#[test]
fn a_booking_goes_only_where_the_table_says() {
    use BookingAction::{CallOff, Cancel, CheckIn, GiveUp};
    for (state, action, after) in [
        (BookingState::Booked, Cancel, Some(BookingState::Cancelled)),
        (BookingState::Booked, CheckIn, Some(BookingState::CheckedIn)),
        (BookingState::Booked, GiveUp, Some(BookingState::NoShow)),
        (BookingState::Booked, CallOff, Some(BookingState::CalledOff)),
        (BookingState::NoShow, CheckIn, Some(BookingState::CheckedIn)),
        (BookingState::NoShow, Cancel, None),
        (BookingState::CheckedIn, GiveUp, None),
        (BookingState::CheckedIn, CallOff, None),
        (BookingState::Cancelled, CheckIn, None),
        (BookingState::CalledOff, Cancel, None),
    ] {
        assert_eq!(state.after(action), after, "{state} {action:?}");
        assert!(after.is_none() || state.takes_place());
    }
}
