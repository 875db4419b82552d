//! Stages at their borders, pauses over holidays, and the laws of both.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::{OwnTerms, Stage, Terms, next_stage_at, resume, stage};
use crate::calendar::WorkCalendar;
use crate::calendar::tests::{at, calendars, instants, shipped};

const NANO: TimeDelta = TimeDelta::nanoseconds(1);

#[test]
fn a_committee_that_changes_one_term_keeps_the_others() {
    let terms: Terms = serde_json::from_str(r#"{"respond_days": 3}"#).unwrap();
    assert_eq!(terms, Terms { respond_days: 3, ..Terms::default() });
    assert!(serde_json::from_str::<Terms>(r#"{"answer_days": 3}"#).is_err());
    assert!(serde_json::from_str::<Terms>(r#"{"respond_days": -1}"#).is_err());
}

#[test]
fn a_committee_s_own_terms_are_stored_alone_and_leave_the_others_as_they_are() {
    let own = OwnTerms { reply_days: Some(3), ..OwnTerms::default() };
    let stored = serde_json::to_string(&own).unwrap();
    assert_eq!(stored, r#"{"reply_days":3}"#);
    let read: OwnTerms = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.over(Terms::default()), Terms { reply_days: 3, ..Terms::default() });
    assert_eq!(OwnTerms::default().over(Terms::default()), Terms::default());
}

#[test]
fn a_stage_is_stored_and_read_by_one_word_and_ordered_by_urgency() {
    let words = ["on_time", "due_soon", "overdue", "red", "supervised"];
    assert_eq!(Stage::ALL.iter().map(|stage| stage.as_str()).collect::<Vec<_>>(), words);
    assert!(Stage::ALL.is_sorted());
    for &stage in Stage::ALL {
        assert_eq!(stage.as_str().parse::<Stage>(), Ok(stage));
        assert_eq!(serde_json::to_string(&stage).unwrap(), format!("\"{}\"", stage.as_str()));
    }
    assert!("late".parse::<Stage>().is_err());
}

#[test]
fn a_clock_goes_through_all_stages_at_the_right_instants() {
    // given: a case of Wednesday morning, to be answered within seven working days
    let started_at = at("2026-03-04 10:00");
    let due_at = shipped().end_of_working_day_after(started_at, Terms::default().respond_days);
    assert_eq!(due_at, at("2026-03-13 18:00"));
    // when and then: 7 days and 8 hours of working time, 70 % of which are 5 days, 3 hours and 12 minutes
    for (begins_at, before, from_then_on) in [
        (at("2026-03-11 13:12"), Stage::OnTime, Stage::DueSoon),
        (at("2026-03-13 18:00"), Stage::DueSoon, Stage::Overdue),
        (at("2026-03-17 18:00"), Stage::Overdue, Stage::Red),
        (at("2026-03-20 18:00"), Stage::Red, Stage::Supervised),
    ] {
        let stage_at = |now| stage(shipped(), started_at, due_at, now);
        assert_eq!(stage_at(begins_at - NANO), before);
        assert_eq!(stage_at(begins_at), from_then_on);
        let next = next_stage_at(shipped(), started_at, due_at, begins_at - NANO);
        assert_eq!(next, Some((begins_at, from_then_on)));
    }
    assert_eq!(next_stage_at(shipped(), started_at, due_at, at("2026-03-20 18:00")), None);
}

#[test]
fn a_holiday_makes_nobody_later() {
    // given: due on the last afternoon before eight days off
    let (started_at, due_at) = (at("2025-09-22 09:00"), at("2025-09-30 18:00"));
    // when
    let stage_at = |now| stage(shipped(), started_at, due_at, at(now));
    // then
    assert_eq!(stage_at("2025-09-30 18:00"), Stage::Overdue);
    assert_eq!(stage_at("2025-10-08 23:59"), Stage::Overdue);
    assert_eq!(stage_at("2025-10-10 17:59"), Stage::Overdue);
    // 6 hours on the 30th, the 9th, and 18 hours of the 10th.
    assert_eq!(stage_at("2025-10-10 18:00"), Stage::Red);
    // The Saturday after is worked and counts.
    assert_eq!(stage_at("2025-10-14 17:59"), Stage::Red);
    assert_eq!(stage_at("2025-10-14 18:00"), Stage::Supervised);
}

#[test]
fn a_clock_without_any_time_is_overdue_when_it_starts() {
    let now = at("2026-03-04 10:00");
    assert_eq!(stage(shipped(), now, now, now), Stage::Overdue);
    assert_eq!(stage(shipped(), now, now, now - NANO), Stage::OnTime);
    assert_eq!(next_stage_at(shipped(), now, now, now - NANO), Some((now, Stage::Overdue)));
    // A due time before the start is no less overdue.
    assert_eq!(stage(shipped(), now, at("2026-03-03 10:00"), now), Stage::Overdue);
}

#[test]
fn a_clock_at_the_end_of_time_still_has_a_stage() {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    assert_eq!(stage(shipped(), first, last, first), Stage::OnTime);
    assert_eq!(stage(shipped(), last, first, last), Stage::Supervised);
    assert_eq!(next_stage_at(shipped(), last, last, last), None);
    assert_eq!(resume(shipped(), last, first, last), last);
}

#[test]
fn a_pause_moves_the_due_time_by_the_working_time_it_took() {
    for (due_at, paused_at, resumed_at, new_due_at) in [
        // A day within the week.
        ("2026-03-13 18:00", "2026-03-10 10:00", "2026-03-11 10:00", "2026-03-16 18:00"),
        // Over eight days off: only the hours on the 30th and the 9th count.
        ("2025-10-10 18:00", "2025-09-30 12:00", "2025-10-09 12:00", "2025-10-11 18:00"),
        // Within days off: nothing is lost, nothing is won.
        ("2025-10-10 18:00", "2025-10-02 12:00", "2025-10-07 12:00", "2025-10-10 18:00"),
        ("2025-10-05 12:00", "2025-10-02 12:00", "2025-10-03 12:00", "2025-10-05 12:00"),
        // Too late, or no pause at all.
        ("2026-03-13 18:00", "2026-03-13 18:00", "2026-03-20 10:00", "2026-03-13 18:00"),
        ("2026-03-13 18:00", "2026-03-16 10:00", "2026-03-20 10:00", "2026-03-13 18:00"),
        ("2026-03-13 18:00", "2026-03-10 10:00", "2026-03-09 10:00", "2026-03-13 18:00"),
    ] {
        let resumed = resume(shipped(), at(due_at), at(paused_at), at(resumed_at));
        assert_eq!(resumed, at(new_due_at), "due {due_at}, paused {paused_at} to {resumed_at}");
    }
}

/// A calendar, and a clock that starts before it is due.
fn clocks() -> impl Strategy<Value = (WorkCalendar, DateTime<Utc>, DateTime<Utc>)> {
    (calendars(), instants(), 0..40_u32).prop_map(|(calendar, started_at, days)| {
        let due_at = calendar.end_of_working_day_after(started_at, days);
        (calendar, started_at, due_at)
    })
}

/// Hours around a start, from well before it to long after the last stage has begun.
fn hours() -> impl Strategy<Value = TimeDelta> {
    (-100..3_000_i64).prop_map(TimeDelta::hours)
}

proptest! {
    #[test]
    fn a_stage_never_goes_back((calendar, started_at, due_at) in clocks(), a in hours(), b in hours()) {
        let stage_after = |time| stage(&calendar, started_at, due_at, started_at + time);
        prop_assert!(stage_after(a.min(b)) <= stage_after(a.max(b)));
    }

    #[test]
    fn stages_are_what_the_working_time_says((calendar, started_at, due_at) in clocks(), time in hours()) {
        // given
        let now = started_at + time;
        let allowed = calendar.working_time_between(started_at, due_at);
        let used = calendar.working_time_between(started_at, now);
        let over = calendar.working_time_between(due_at, now);
        // when
        let expected = if over >= TimeDelta::hours(5 * 24) {
            Stage::Supervised
        } else if over >= TimeDelta::hours(2 * 24) {
            Stage::Red
        } else if now >= due_at {
            Stage::Overdue
        } else if now >= started_at && used >= allowed / 10 * 7 {
            Stage::DueSoon
        } else {
            Stage::OnTime
        };
        // then
        prop_assert_eq!(stage(&calendar, started_at, due_at, now), expected);
    }

    #[test]
    fn the_next_stage_begins_exactly_when_announced((calendar, started_at, due_at) in clocks(), time in hours()) {
        let stage_at = |now| stage(&calendar, started_at, due_at, now);
        let now = started_at + time;
        match next_stage_at(&calendar, started_at, due_at, now) {
            None => prop_assert_eq!(stage_at(now), Stage::Supervised),
            Some((at, next)) => {
                prop_assert!(at > now);
                prop_assert!(next > stage_at(now));
                prop_assert_eq!(stage_at(at - NANO), stage_at(now));
                prop_assert_eq!(stage_at(at), next);
            }
        }
    }

    #[test]
    fn a_pause_keeps_the_working_time_that_was_left(
        (calendar, started_at, due_at) in clocks(), a in hours(), b in hours(),
    ) {
        // given
        let (paused_at, resumed_at) = (started_at + a.min(b), started_at + a.max(b));
        // when
        let new_due_at = resume(&calendar, due_at, paused_at, resumed_at);
        // then
        prop_assert!(new_due_at >= due_at);
        if paused_at < due_at {
            prop_assert_eq!(
                calendar.working_time_between(resumed_at, new_due_at),
                calendar.working_time_between(paused_at, due_at)
            );
        } else {
            prop_assert_eq!(new_due_at, due_at);
        }
    }

    #[test]
    fn a_pause_in_two_pieces_is_the_same_pause_while_working_time_is_left(
        (calendar, started_at, due_at) in clocks(), mut times in prop::array::uniform3(hours()),
    ) {
        times.sort();
        let [a, b, c] = times.map(|time| started_at + time);
        if calendar.working_time_between(a, due_at) > TimeDelta::zero() {
            let whole = resume(&calendar, due_at, a, c);
            let pieces = resume(&calendar, resume(&calendar, due_at, a, b), b, c);
            prop_assert_eq!(calendar.working_time_between(whole, pieces), TimeDelta::zero());
        }
    }
}
