//! What the calendar promises, as tables of known days and as laws.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use super::{
    CalendarError, DayKind, Holiday, SHANGHAI, WorkCalendar, YearTable, end_of_business, shanghai_date,
};

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant by the clock in Shanghai, e.g. `2026-03-06 18:00`.
pub(crate) fn at(local: &str) -> DateTime<Utc> {
    DateTime::parse_from_str(&format!("{local} +0800"), "%Y-%m-%d %H:%M %z").unwrap().to_utc()
}

pub(crate) fn shipped() -> &'static WorkCalendar {
    WorkCalendar::shipped().unwrap()
}

pub(crate) fn table(year: i32, holidays: &[(&str, &str, &str)], working_weekends: &[&str]) -> YearTable {
    YearTable {
        year,
        source: "a notice".to_owned(),
        version: 1,
        holidays: holidays
            .iter()
            .map(|(name, from, to)| Holiday { name: (*name).to_owned(), from: date(from), to: date(to) })
            .collect(),
        working_weekends: working_weekends.iter().map(|day| date(day)).collect(),
    }
}

#[test]
fn the_shipped_years_are_read_and_have_as_many_working_days_as_the_notices_leave() {
    for year in [2025, 2026] {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let days = first.iter_days().take_while(|day| day.format("%Y").to_string() == year.to_string());
        assert_eq!(days.filter(|day| shipped().is_working_day(*day)).count(), 248, "{year}");
        assert!(!shipped().is_provisional(year));
    }
    let years: Vec<i32> = shipped().tables().iter().map(|table| table.year).collect();
    assert_eq!(years, [2025, 2026]);
}

#[test]
fn a_day_is_what_the_notice_says() {
    let holiday = |name| DayKind::Holiday { name };
    for (day, kind) in [
        ("2024-12-31", DayKind::Workday),
        ("2025-01-01", holiday("元旦")),
        ("2025-01-26", DayKind::WorkingWeekend),
        ("2025-02-01", holiday("春节")),
        ("2025-09-28", DayKind::WorkingWeekend),
        ("2025-10-08", holiday("国庆节、中秋节")),
        ("2025-10-09", DayKind::Workday),
        ("2025-10-11", DayKind::WorkingWeekend),
        ("2025-10-12", DayKind::Weekend),
        ("2026-02-14", DayKind::WorkingWeekend),
        ("2026-02-15", holiday("春节")),
        ("2026-02-23", holiday("春节")),
        ("2026-02-24", DayKind::Workday),
        ("2026-09-20", DayKind::WorkingWeekend),
    ] {
        assert_eq!(shipped().day(date(day)), kind, "{day}");
        assert_eq!(shipped().is_working_day(date(day)), kind.is_working(), "{day}");
    }
}

#[test]
fn a_due_time_in_a_year_without_a_notice_is_provisional_by_the_date_in_shanghai() {
    assert!(!shipped().is_provisional_at(at("2026-12-31 23:59")));
    assert!(shipped().is_provisional_at(at("2027-01-01 00:00")));
}

#[test]
fn a_year_without_a_notice_counts_weekends_only_and_is_provisional() {
    for year in [i32::MIN, 2024, 2027, i32::MAX] {
        assert!(shipped().is_provisional(year), "{year}");
    }
    assert_eq!(shipped().day(date("2027-10-01")), DayKind::Workday);
    assert_eq!(shipped().day(date("2027-10-02")), DayKind::Weekend);
    assert!(WorkCalendar::default().is_provisional(2025));
    assert!(WorkCalendar::default().is_working_day(date("2025-10-01")));
}

#[test]
fn a_decision_by_hand_beats_the_notice_and_the_day_of_the_week() {
    // given
    let decisions = [
        ("2026-03-04", false, DayKind::Holiday { name: "放假" }),
        ("2026-03-07", true, DayKind::WorkingWeekend),
        ("2026-03-08", false, DayKind::Weekend),
        ("2026-02-14", false, DayKind::Weekend),
        ("2026-02-16", true, DayKind::Workday),
        ("2026-02-17", false, DayKind::Holiday { name: "春节" }),
        ("2026-02-21", true, DayKind::WorkingWeekend),
    ];
    // when
    let calendar = shipped().clone().with_overrides(decisions.map(|(day, works, _)| (date(day), works)));
    // then
    for (day, _, kind) in decisions {
        assert_eq!(calendar.day(date(day)), kind, "{day}");
    }
    assert_eq!(calendar.end_of_working_day_after(at("2026-03-03 09:00"), 3), at("2026-03-07 18:00"));
}

#[test]
fn the_later_of_two_decisions_stands_and_undoing_one_leaves_no_trace() {
    let day = date("2026-03-04");
    let calendar = shipped().clone().with_overrides([(day, false), (day, true)]);
    assert_eq!(&calendar, shipped());
    assert!(WorkCalendar::default().with_overrides([(day, false)]).is_provisional(2026));
}

#[test]
fn a_table_that_contradicts_itself_is_refused_with_the_date_at_fault() {
    let new = |tables: &[YearTable]| WorkCalendar::new(tables.to_vec()).unwrap_err();
    assert_eq!(new(&[table(2030, &[], &[]), table(2030, &[], &[])]), CalendarError::TwoTables { year: 2030 });
    assert_eq!(
        new(&[table(2030, &[("春节", "2030-02-03", "2030-02-02")], &[])]),
        CalendarError::EndsBeforeItBegins {
            name: "春节".to_owned(),
            from: date("2030-02-03"),
            to: date("2030-02-02")
        }
    );
    assert_eq!(
        new(&[table(2030, &[("元旦", "2030-01-01", "2031-05-01")], &[])]),
        CalendarError::OutsideYear { year: 2030, date: date("2031-05-01") }
    );
    assert_eq!(
        new(&[table(2030, &[], &["2030-01-07"])]),
        CalendarError::NotAWeekend { date: date("2030-01-07") }
    );
    assert_eq!(
        new(&[table(2030, &[("元旦", "2030-01-01", "2030-01-06")], &["2030-01-05"])]),
        CalendarError::NamedTwice { date: date("2030-01-05") }
    );
    assert_eq!(
        new(&[
            table(2029, &[("元旦", "2030-01-01", "2030-01-01")], &[]),
            table(2030, &[("元旦", "2030-01-01", "2030-01-01")], &[]),
        ]),
        CalendarError::NamedTwice { date: date("2030-01-01") }
    );
}

#[test]
fn a_file_that_is_not_a_year_table_is_refused_with_its_place() {
    for faulty in [
        "",
        "[]",
        r#"{"year": 2030, "source": "", "version": 1, "holidays": []}"#,
        r#"{"year": 2030, "source": "", "version": 1, "holidays": [], "working_weekends": ["2030-02-30"]}"#,
        r#"{"year": 2030, "source": "", "version": 1, "holidays": [], "working_weekends": [], "more": 1}"#,
    ] {
        let Err(CalendarError::Unreadable { reason }) = YearTable::parse(faulty) else {
            panic!("{faulty} was read")
        };
        assert!(reason.contains("line"), "{reason}");
    }
}

#[test]
fn a_term_ends_at_the_close_of_business_of_its_last_working_day() {
    for (start, days, end) in [
        // The day of the start does not count, whatever the hour.
        ("2026-03-04 00:00", 1, "2026-03-05 18:00"),
        ("2026-03-04 23:59", 1, "2026-03-05 18:00"),
        ("2026-03-06 18:00", 1, "2026-03-09 18:00"),
        ("2026-03-07 10:00", 1, "2026-03-09 18:00"),
        ("2026-03-08 10:00", 7, "2026-03-17 18:00"),
        ("2026-03-06 18:00", 0, "2026-03-06 18:00"),
        // A Sunday that is worked ends a term, and as the day of the start does not count.
        ("2025-09-26 09:00", 1, "2025-09-28 18:00"),
        ("2025-09-28 09:00", 1, "2025-09-29 18:00"),
        // National Day 2025 (eight days off) and Spring Festival 2026 (nine days off).
        ("2025-09-30 09:00", 1, "2025-10-09 18:00"),
        ("2025-10-03 09:00", 1, "2025-10-09 18:00"),
        ("2025-09-30 09:00", 3, "2025-10-11 18:00"),
        ("2026-02-13 09:00", 1, "2026-02-14 18:00"),
        ("2026-02-14 09:00", 1, "2026-02-24 18:00"),
        // Over the end of a year, with and without a notice for the next one.
        ("2025-12-31 09:00", 1, "2026-01-04 18:00"),
        ("2026-12-31 09:00", 1, "2027-01-01 18:00"),
    ] {
        assert_eq!(shipped().end_of_working_day_after(at(start), days), at(end), "{start} + {days}");
    }
}

#[test]
fn working_time_counts_all_hours_of_working_days_and_nothing_of_others() {
    for (from, to, hours) in [
        ("2026-03-04 10:00", "2026-03-05 11:00", 25),
        ("2026-03-06 18:00", "2026-03-09 18:00", 24),
        ("2026-03-07 00:00", "2026-03-09 00:00", 0),
        ("2025-09-27 12:00", "2025-09-28 12:00", 12),
        ("2025-09-30 12:00", "2025-10-09 12:00", 24),
        ("2026-02-14 12:00", "2026-02-24 12:00", 24),
        ("2025-12-31 00:00", "2026-01-05 00:00", 48),
        ("2025-01-01 00:00", "2026-01-01 00:00", 248 * 24),
    ] {
        let hours = TimeDelta::hours(hours);
        assert_eq!(shipped().working_time_between(at(from), at(to)), hours, "{from} to {to}");
        assert_eq!(shipped().working_time_between(at(to), at(from)), -hours, "{to} to {from}");
    }
}

#[test]
fn working_time_that_ends_with_a_working_day_ends_before_the_weekend() {
    let friday = at("2026-03-06 18:00");
    assert_eq!(shipped().add_working_time(friday, TimeDelta::hours(6)), at("2026-03-07 00:00"));
    assert_eq!(
        shipped().add_working_time(friday, TimeDelta::hours(6) + TimeDelta::nanoseconds(1)),
        at("2026-03-09 00:00") + TimeDelta::nanoseconds(1)
    );
    assert_eq!(shipped().add_working_time(at("2026-03-08 12:00"), TimeDelta::zero()), at("2026-03-08 12:00"));
    assert_eq!(
        shipped().add_working_time(at("2026-03-09 18:00"), -TimeDelta::hours(24)),
        at("2026-03-06 18:00")
    );
}

#[test]
fn the_ends_of_time_are_answered_without_overflow() {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let calendar = shipped();
    assert_eq!(calendar.working_time_between(first, last), -calendar.working_time_between(last, first));
    assert!(calendar.working_time_between(first, last) > TimeDelta::days(365 * 300_000));
    for from in [first, at("2026-03-04 10:00"), last] {
        assert_eq!(calendar.add_working_time(from, TimeDelta::MAX), last);
        assert_eq!(calendar.add_working_time(from, TimeDelta::MIN), first);
        let end = calendar.end_of_working_day_after(from, u32::MAX);
        assert!(end >= from);
    }
    assert_eq!(calendar.end_of_working_day_after(last, 1), last);
    assert_eq!(calendar.day(NaiveDate::MIN), DayKind::Workday);
    assert!(calendar.clone().with_overrides([(NaiveDate::MAX, true)]).is_working_day(NaiveDate::MAX));
}

#[test]
fn a_date_begins_at_midnight_in_shanghai_and_its_business_ends_at_six() {
    let midnight = "2026-03-04T16:00:00Z".parse::<DateTime<Utc>>().unwrap();
    assert_eq!(shanghai_date(midnight), date("2026-03-05"));
    assert_eq!(shanghai_date(midnight - TimeDelta::nanoseconds(1)), date("2026-03-04"));
    assert_eq!(end_of_business(date("2026-03-07")), at("2026-03-07 18:00"));
    assert_eq!(shanghai_date(DateTime::<Utc>::MAX_UTC), NaiveDate::MAX);
    for day in [NaiveDate::MIN, NaiveDate::MAX] {
        assert_eq!(shanghai_date(end_of_business(day)), day);
    }
}

#[test]
fn a_leap_second_does_not_make_time_run_backwards() {
    let before = "2026-03-04T15:59:59.999999999Z".parse::<DateTime<Utc>>().unwrap();
    let leap = "2026-03-04T15:59:60.5Z".parse::<DateTime<Utc>>().unwrap();
    assert_eq!(shipped().working_time_between(before, leap), TimeDelta::zero());
    assert_eq!(shipped().working_time_between(leap, at("2026-03-05 00:00")), TimeDelta::nanoseconds(1));
}

/// Instants from 2024 to 2028, every nanosecond of them; half of them at a full hour, where borders are.
pub(crate) fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    let hours = 1_704_067_200 / 3600..1_861_920_000 / 3600_i64;
    prop_oneof![
        hours.clone().prop_map(|hour| DateTime::from_timestamp(hour * 3600, 0).unwrap()),
        (hours, 0..3600_i64, 0..1_000_000_000_u32).prop_map(|(hour, second, nano)| DateTime::from_timestamp(
            hour * 3600 + second,
            nano
        )
        .unwrap()),
    ]
}

/// The shipped calendar with some dates of 2024 to 2028 decided by hand.
pub(crate) fn calendars() -> impl Strategy<Value = WorkCalendar> {
    prop::collection::vec((0..1826_u64, any::<bool>()), 0..60).prop_map(|decisions| {
        let day = |number| date("2024-01-01").checked_add_days(Days::new(number)).unwrap();
        shipped().clone().with_overrides(decisions.into_iter().map(|(number, works)| (day(number), works)))
    })
}

/// Working time by walking from midnight to midnight: slow, and plainly right.
fn walked(calendar: &WorkCalendar, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
    let (mut here, mut sum) = (from, TimeDelta::zero());
    while here < to {
        let today = here.with_timezone(&SHANGHAI).date_naive();
        let tomorrow = today.succ_opt().unwrap().and_hms_opt(0, 0, 0).unwrap();
        let next = tomorrow.and_local_timezone(SHANGHAI).unwrap().to_utc().min(to);
        if calendar.is_working_day(today) {
            sum += next - here;
        }
        here = next;
    }
    sum
}

proptest! {
    #[test]
    fn working_time_is_what_walking_day_by_day_finds(calendar in calendars(), a in instants(), b in instants()) {
        let (from, to) = (a.min(b), a.max(b));
        prop_assert_eq!(calendar.working_time_between(from, to), walked(&calendar, from, to));
    }

    #[test]
    fn working_time_adds_up(calendar in calendars(), a in instants(), b in instants(), c in instants()) {
        let between = |from, to| calendar.working_time_between(from, to);
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }

    #[test]
    fn working_time_never_shrinks_and_never_outruns_the_clock(
        calendar in calendars(), a in instants(), b in instants(),
    ) {
        let (from, to) = (a.min(b), a.max(b));
        let worked = calendar.working_time_between(from, to);
        prop_assert!(worked >= TimeDelta::zero());
        prop_assert!(worked <= to - from);
    }

    #[test]
    fn adding_working_time_is_the_inverse_and_finds_the_earliest_instant(
        calendar in calendars(), from in instants(), hours in -9_000..9_000_i64, nanos in 0..2_i64,
    ) {
        let time = TimeDelta::hours(hours) + TimeDelta::nanoseconds(nanos);
        let end = calendar.add_working_time(from, time);
        prop_assert_eq!(calendar.working_time_between(from, end), time);
        if !time.is_zero() {
            let just_before = end - TimeDelta::nanoseconds(1);
            prop_assert!(calendar.working_time_between(from, just_before) < time);
        }
    }

    #[test]
    fn more_working_time_or_a_later_start_never_ends_earlier(
        calendar in calendars(), a in instants(), b in instants(), c in 1..9_000_i64, d in 1..9_000_i64,
    ) {
        let add = |from, minutes| calendar.add_working_time(from, TimeDelta::minutes(minutes));
        prop_assert!(add(a, c.min(d)) <= add(a, c.max(d)));
        prop_assert!(add(a.min(b), c) <= add(a.max(b), c));
    }

    #[test]
    fn a_term_is_as_many_working_days_as_it_says(calendar in calendars(), start in instants(), days in 1..200_u32) {
        // given
        let first = start.with_timezone(&SHANGHAI).date_naive();
        // when
        let end = calendar.end_of_working_day_after(start, days).with_timezone(&SHANGHAI);
        // then
        prop_assert_eq!(end.format("%H:%M:%S%.f").to_string(), "18:00:00");
        prop_assert!(calendar.is_working_day(end.date_naive()));
        let days_in_term = first.iter_days().skip(1).take_while(|day| *day <= end.date_naive());
        let working_days = days_in_term.filter(|day| calendar.is_working_day(*day)).count();
        prop_assert_eq!(working_days, usize::try_from(days).unwrap());
    }

    #[test]
    fn a_working_day_is_the_same_by_name_and_by_count(calendar in calendars(), number in 0..1826_u64) {
        let day = date("2024-01-01").checked_add_days(Days::new(number)).unwrap();
        let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_local_timezone(SHANGHAI).unwrap().to_utc();
        let worked = calendar.working_time_between(midnight, midnight + TimeDelta::days(1));
        prop_assert_eq!(worked == TimeDelta::days(1), calendar.is_working_day(day));
    }
}
