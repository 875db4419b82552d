//! What a corrected calendar does to cases that run, stand still, and have stood still.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::super::tests::{command, context, everybody, new_case};
use super::super::{Action, Case, Context, decide, open_case, tick};
use super::*;
use crate::calendar::tests::{at, calendars, date, shipped, table};
use crate::calendar::{WorkCalendar, YearTable};
use crate::deadline::Stage;

const SOURCE: &str = "关于2027年部分节假日安排的通知";

/// A case with its history.
struct Story {
    case: Case,
    history: Vec<NewEvent>,
}

impl Story {
    fn begin(calendar: &WorkCalendar, at: DateTime<Utc>) -> Self {
        let opened = open_case(new_case(Some(4)), &context(calendar, at));
        Self { case: opened.case, history: opened.events }
    }

    fn act(mut self, calendar: &WorkCalendar, action: Action, now: DateTime<Utc>) -> Self {
        let done = decide(&self.case, &command(action, now), everybody(), &context(calendar, now)).unwrap();
        self.case = done.case;
        self.history.extend(done.events);
        self
    }

    /// Counts again at `now` what the shipped calendar has made.
    fn recount(&self, corrected: &WorkCalendar, now: DateTime<Utc>) -> Recount {
        self.recount_by(&always(shipped()), &context(corrected, now))
    }

    fn recount_by(&self, calendars: &CalendarHistory, context: &Context<'_>) -> Recount {
        recount(&self.case, &self.history, calendars, context, SOURCE).unwrap()
    }
}

fn always(calendar: &WorkCalendar) -> CalendarHistory {
    CalendarHistory::new(calendar, &[], &[]).unwrap()
}

/// The shipped calendar with these days decided otherwise.
fn corrected(days: &[(&str, bool)]) -> WorkCalendar {
    shipped().clone().with_overrides(days.iter().map(|(day, works)| (date(day), *works)))
}

/// The shipped calendar with this table in place of its year's, or as a new year.
fn with_year(table: YearTable) -> WorkCalendar {
    let years = [(at("2026-01-01 00:00"), table)];
    CalendarHistory::new(shipped(), &years, &[]).unwrap().current().clone()
}

fn moved(recount: &Recount) -> Vec<(CaseClock, DateTime<Utc>, DateTime<Utc>)> {
    recount.moved.iter().map(|moved| (moved.clock, moved.before, moved.after)).collect()
}

#[test]
fn a_case_of_friday_evening_is_due_a_day_later_when_a_day_of_its_term_is_taken_off() {
    let story = Story::begin(shipped(), at("2026-03-06 18:00"));
    assert_eq!(story.case.respond_by, at("2026-03-17 18:00"));
    let after = story.recount(&corrected(&[("2026-03-10", false)]), at("2026-03-06 19:00"));
    assert_eq!(moved(&after), [(CaseClock::Respond, at("2026-03-17 18:00"), at("2026-03-18 18:00"))]);
    let [event] = after.events.as_slice() else { panic!("one event") };
    assert_eq!(
        event.body.due_at.zip(event.body.former_due_at),
        Some((at("2026-03-18 18:00"), at("2026-03-17 18:00")))
    );
    let text = "工作日历有更新（关于2027年部分节假日安排的通知），答复期限由2026年3月17日18:00改为2026年3月18日18:00。";
    assert_eq!(event.body.text.as_deref(), Some(text));
    assert_eq!(
        (after.case.event_seq, after.case.version),
        (story.case.event_seq + 1, story.case.version + 1)
    );
}

#[test]
fn a_sunday_that_is_worked_after_all_makes_a_case_due_earlier() {
    let story = Story::begin(shipped(), at("2026-03-06 18:00"));
    let after = story.recount(&corrected(&[("2026-03-08", true)]), at("2026-03-06 19:00"));
    let accept = (CaseClock::Accept, at("2026-03-09 18:00"), at("2026-03-08 18:00"));
    assert_eq!(moved(&after), [(CaseClock::Respond, at("2026-03-17 18:00"), at("2026-03-16 18:00")), accept]);
}

#[test]
fn eight_days_off_that_become_known_move_what_was_due_among_them() {
    let story = Story::begin(shipped(), at("2026-12-28 10:00"));
    assert_eq!(story.case.respond_by, at("2027-01-06 18:00"), "provisional: weekends only");
    let notice = table(2027, &[("元旦", "2027-01-01", "2027-01-08")], &["2027-01-10"]);
    let after = story.recount(&with_year(notice), at("2026-12-29 10:00"));
    // 29, 30 and 31 December; Sunday the 10th is worked, then 11, 12 and 13 January.
    assert_eq!(moved(&after), [(CaseClock::Respond, at("2027-01-06 18:00"), at("2027-01-13 18:00"))]);
}

#[test]
fn a_pause_over_the_days_off_takes_only_the_working_time_that_is_left_of_it() {
    // given: asked on Wednesday at noon, answered on the Tuesday after
    let story = Story::begin(shipped(), at("2026-03-02 09:30"))
        .act(shipped(), Action::Accept, at("2026-03-02 10:00"))
        .act(shipped(), Action::RequestInformation, at("2026-03-04 12:00"))
        .act(shipped(), Action::Supplement, at("2026-03-10 12:00"));
    assert_eq!(
        (story.case.respond_by, story.case.waited_total),
        (at("2026-03-17 18:00"), TimeDelta::days(4))
    );
    // when: Thursday and Friday were days off, of which it was not known
    let after =
        story.recount(&corrected(&[("2026-03-05", false), ("2026-03-06", false)]), at("2026-03-10 13:00"));
    // then: the pause took two working days, and the term ends where it did
    assert_eq!(
        (after.case.respond_by, after.case.waited_total),
        (at("2026-03-17 18:00"), TimeDelta::days(2))
    );
    assert_eq!((after.moved.len(), after.events.len()), (0, 0));
    // A day off after the pause moves it.
    let after = story.recount(&corrected(&[("2026-03-11", false)]), at("2026-03-10 13:00"));
    assert_eq!(moved(&after), [(CaseClock::Respond, at("2026-03-17 18:00"), at("2026-03-18 18:00"))]);
}

#[test]
fn a_case_that_stands_still_while_the_calendar_changes_goes_on_as_if_it_had_been_right() {
    let asked = |calendar: &WorkCalendar| {
        Story::begin(calendar, at("2026-03-02 09:30"))
            .act(calendar, Action::Accept, at("2026-03-02 10:00"))
            .act(calendar, Action::RequestInformation, at("2026-03-04 12:00"))
    };
    let holiday = corrected(&[("2026-03-05", false), ("2026-03-12", false)]);
    let mut story = asked(shipped());
    story.case = story.recount(&holiday, at("2026-03-06 12:00")).case;
    let resumed = story.act(&holiday, Action::Supplement, at("2026-03-10 12:00"));
    let right = asked(&holiday).act(&holiday, Action::Supplement, at("2026-03-10 12:00"));
    assert_eq!(resumed.case.respond_by, right.case.respond_by);
    assert_eq!(
        resumed.case.respond_by,
        at("2026-03-18 18:00"),
        "the 13th, and three working days of waiting"
    );
    assert_eq!(resumed.case.waited_total, TimeDelta::days(3));
}

#[test]
fn who_is_not_late_any_more_is_announced_anew_when_he_is() {
    let calendar = corrected(&[("2026-03-03", false), ("2026-03-04", false)]);
    let mut story = Story::begin(shipped(), at("2026-03-02 09:30"));
    let late = tick(&story.case, &context(shipped(), at("2026-03-11 18:00"))).unwrap();
    (story.case, story.history) = (late.case, [story.history, late.events].concat());
    assert_eq!(story.case.stage, Stage::Overdue);
    let after = story.recount(&calendar, at("2026-03-11 18:30")).case;
    assert_eq!((after.stage, after.respond_by), (Stage::DueSoon, at("2026-03-13 18:00")));
    let again = tick(&after, &context(&calendar, at("2026-03-13 18:00"))).unwrap();
    assert_eq!(again.case.stage, Stage::Overdue);
    // On the day itself acceptance was late too; that it isn't any more is known before its new end.
    let story = Story::begin(shipped(), at("2026-03-02 09:30"));
    let late = tick(&story.case, &context(shipped(), at("2026-03-03 18:00"))).unwrap();
    let story = Story { case: late.case, history: [story.history, late.events].concat() };
    assert!(story.case.accept_overdue_at.is_some());
    let after = story.recount(&calendar, at("2026-03-03 18:30")).case;
    assert_eq!((after.accept_overdue_at, after.accept_by), (None, Some(at("2026-03-05 18:00"))));
}

#[test]
fn a_department_that_was_given_a_date_keeps_it() {
    let now = at("2026-03-02 10:00");
    let accepted = || Story::begin(shipped(), at("2026-03-02 09:30")).act(shipped(), Action::Accept, now);
    let calendar = corrected(&[("2026-03-03", false)]);
    let clocks = |story: &Story| -> Vec<CaseClock> {
        story.recount(&calendar, now).moved.iter().map(|moved| moved.clock).collect()
    };
    let usual = accepted().act(shipped(), Action::Dispatch, now);
    assert_eq!(clocks(&usual), [CaseClock::Respond, CaseClock::Reply, CaseClock::Object]);
    let mut dated = accepted();
    let mut order = command(Action::Dispatch, now);
    if let super::super::Command::Dispatch { due_on, .. } = &mut order {
        *due_on = Some(date("2026-03-09"));
    }
    let done = decide(&dated.case, &order, everybody(), &context(shipped(), now)).unwrap();
    (dated.case, dated.history) = (done.case, [dated.history, done.events].concat());
    assert_eq!(clocks(&dated), [CaseClock::Respond, CaseClock::Object]);
}

#[test]
fn the_parts_of_a_split_case_are_counted_again_too() {
    let now = at("2026-03-02 10:00");
    let story = Story::begin(shipped(), at("2026-03-02 09:30"));
    let story = story.act(shipped(), Action::Accept, now).act(shipped(), Action::Split, now);
    let calendar = corrected(&[("2026-03-03", false)]);
    let counted = story.recount(&calendar, now);
    let clocks: Vec<CaseClock> = counted.moved.iter().map(|moved| moved.clock).collect();
    assert_eq!(clocks, [CaseClock::Respond, CaseClock::Reply, CaseClock::Object], "each once");
    for part in &counted.case.parts {
        assert_eq!((part.reply_by, part.object_by), (at("2026-03-10 18:00"), at("2026-03-05 18:00")));
    }
    assert_eq!(story.case.parts[0].reply_by, at("2026-03-09 18:00"));
}

#[test]
fn a_history_without_its_intake_can_not_be_counted() {
    let story = Story::begin(shipped(), at("2026-03-02 09:30"));
    let now = context(shipped(), at("2026-03-02 10:00"));
    assert_eq!(recount(&story.case, &[], &always(shipped()), &now, SOURCE), None);
}

/// The clocks that a correction is about.
fn clocks(case: &Case) -> [Option<DateTime<Utc>>; 4] {
    [Some(case.respond_by), case.accept_by, case.reply_by, case.object_by]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_case_gets_the_deadlines_that_it_would_have_had(
        old in calendars(),
        new in calendars(),
        steps in prop::collection::vec((0..Action::ALL.len(), 0_i64..400_000), 0..30),
        is_told in any::<bool>(),
    ) {
        let mut now = at("2026-03-02 09:30");
        // The same is done to two cases: one under the calendar as it was, one as it should have been.
        let mut was = Story::begin(&old, now);
        let mut right = Story::begin(&new, now);
        for (action, seconds) in steps {
            now += TimeDelta::seconds(seconds);
            let command = command(Action::ALL[action], now);
            let done = decide(&was.case, &command, everybody(), &context(&old, now));
            let rightly = decide(&right.case, &command, everybody(), &context(&new, now));
            if let (Ok(done), Ok(rightly)) = (done, rightly) {
                (was.case, right.case) = (done.case, rightly.case);
                was.history.extend(done.events);
            }
        }
        if !is_told {
            // As it was written before terms stood in the history.
            was.history.iter_mut().for_each(|event| event.body.days = DaysGiven::default());
        }
        let calendars = always(&old);
        prop_assert_eq!(was.recount_by(&calendars, &context(&old, now)).moved, [], "nothing has changed");

        let after = was.recount_by(&calendars, &context(&new, now));
        prop_assert_eq!(clocks(&after.case), clocks(&right.case));
        prop_assert!((after.case.stopped_total - right.case.stopped_total).abs() < SAME_TIME);
        prop_assert!((after.case.waited_total - right.case.waited_total).abs() < SAME_TIME);
        prop_assert_eq!(after.events.is_empty(), after.moved.is_empty());

        let history = [was.history, after.events].concat();
        let again = recount(&after.case, &history, &calendars, &context(&new, now), SOURCE).unwrap();
        prop_assert_eq!((again.moved, again.events), (Vec::new(), Vec::new()), "twice changes nothing more");
    }
}
