//! What must be true after any life, read from the rows and not from what the service says of itself.

use std::collections::HashMap;

use api::service::figure_rolls;
use api::store::cases::{self, Readers};
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::calendar::{WorkCalendar, shanghai_date};
use domain::case::{Course, EventKind, Holder, NewEvent, State};
use domain::deadline::Stage;
use entity::case;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};

use crate::App;

const PAGE: u64 = 500;
/// No history is that long.
const WHOLE: u64 = 10_000;

/// Everything is accounted for: no open case without somebody who has it and a clock, every ended case
/// answered or its end explained, histories without gaps, times per holder that add up, nobody untold, no
/// job given up, and figures that are what the history says.
///
/// # Panics
/// Something is not; the message names the case.
pub async fn check(app: &App, reported: u64, since: DateTime<Utc>) {
    assert_eq!(case::Entity::find().count(app.db()).await.expect("counting"), reported, "cases were lost");
    let mut leaders = HashMap::new();
    let mut followers = Vec::new();
    let mut pages = case::Entity::find().order_by_asc(case::Column::Id).paginate(app.db(), PAGE);
    while let Some(page) = pages.fetch_and_next().await.expect("a page of cases") {
        for case in page {
            check_case(app, &case).await;
            leaders.insert(case.id, case.state);
            followers.extend(case.leading_case_id.map(|leading| (case.id, leading)));
        }
    }
    for (follower, leading) in followers {
        let state = leaders[&leading];
        let leads = !matches!(state, State::Merged | State::Withdrawn | State::Rejected);
        assert!(leads, "{follower} follows a case that is {state}");
    }
    check_told(app).await;
    assert_eq!(app.db_count("outbox", Some("state = 'dead'")).await, 0, "a job was given up");
    figure_rolls::roll_all(app.state()).await.expect("rolling figures");
    let days = (app.now() - since).num_days() + 2;
    for day in 0..days {
        let day = Days::new(u64::try_from(day).expect("time goes on"));
        let day = shanghai_date(since).checked_add_days(day).expect("a day of this century");
        let mended = figure_rolls::verify_day(app.state(), day).await.expect("verifying figures");
        assert!(mended.is_empty(), "the figures of {day} were not those of the history: {mended:?}");
    }
}

async fn check_case(app: &App, case: &case::Model) {
    let id = case.id;
    let stored = cases::list_events(app.db(), id, Readers::Staff, 0, WHOLE).await.expect("a history");
    let numbers: Vec<i32> = stored.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=case.event_seq).collect::<Vec<_>>(), "{id}: the history has gaps");
    let events: Vec<NewEvent> = stored.into_iter().map(|stored| stored.event).collect();
    for pair in events.windows(2) {
        assert_eq!(pair[1].from, Some(pair[0].to), "{id}: an event starts elsewhere than the last one ended");
        assert!(pair[0].at <= pair[1].at, "{id}: time goes back");
    }
    assert_eq!(events.last().map(|event| event.to), Some(case.state), "{id}: the state is not the history's");
    let has = |kind: EventKind| events.iter().any(|event| event.kind == kind);
    match case.state {
        State::Closed => {
            assert!(has(EventKind::Respond) && case.outcome.is_some(), "{id} ended without an answer")
        }
        State::Rejected => assert!(has(EventKind::Reject), "{id} was rejected without a word"),
        State::Withdrawn => assert!(has(EventKind::Withdraw), "{id} was withdrawn by nobody"),
        State::Merged => assert!(case.leading_case_id.is_some(), "{id} follows nobody"),
        _ => check_open(app.now(), case),
    }
    check_times(app.now(), case, &events);
}

/// Somebody has it, and a clock runs or has told everybody already.
fn check_open(now: DateTime<Utc>, case: &case::Model) {
    let id = case.id;
    let with_manager = matches!(case.state, State::Received | State::Contested);
    assert!(with_manager || case.member_id.is_some(), "{id} is {} and nobody's", case.state);
    match case.wake_at {
        Some(wake_at) => assert!(wake_at > now, "{id}: time forgot it at {wake_at}"),
        None => assert_eq!(case.stage, Stage::Supervised, "{id} has no clock"),
    }
}

/// The time per holder is the time in which it had not ended.
fn check_times(now: DateTime<Utc>, case: &case::Model, events: &[NewEvent]) {
    let id = case.id;
    let calendar = WorkCalendar::shipped().expect("the shipped calendar");
    let ended = |state| matches!(state, State::Closed | State::Rejected | State::Withdrawn);
    let until = events.iter().skip(1).map(|event| event.at).chain([now]);
    let spans = events.iter().zip(until).filter(|(event, _)| !ended(event.to));
    let whole: i64 = spans.map(|(event, until)| until.timestamp() - event.at.timestamp()).sum();
    let mut course = Course::default();
    for event in events {
        course.add(event, calendar);
    }
    let holder = match (case.state, case.member_id) {
        (State::Closed | State::Rejected | State::Withdrawn, _) => None,
        (State::AwaitingResident | State::Responded, _) => Some(Holder::Resident),
        // Of a split case no department is the one: its member has it.
        (State::Dispatched, member) => {
            case.department_id.map(Holder::Department).or(member.map(Holder::Member))
        }
        (State::Merged, _) => case.leading_case_id.map(Holder::Leader),
        (State::Assigned | State::InProgress | State::Planned, Some(member)) => Some(Holder::Member(member)),
        _ => Some(Holder::Manager(case.station_id)),
    };
    assert_eq!(course.now_with(), holder, "{id}: the history says that somebody else has it");
    let sum: TimeDelta = course.finish(now, calendar).iter().map(|holding| holding.time).sum();
    assert_eq!(sum.num_seconds(), whole, "{id}: the times per holder don't add up");
}

/// Whoever has an account was told of every answer to his case, once.
async fn check_told(app: &App) {
    let answers = "case_events e JOIN cases c ON c.id = e.case_id";
    let answered = "e.kind IN ('respond', 'leader_responded') AND c.resident_id IS NOT NULL";
    let untold = "NOT EXISTS (SELECT 1 FROM messages m WHERE m.case_id = e.case_id AND m.event_seq = e.seq \
                  AND m.account_id = c.resident_id)";
    let untold = app.db_count(answers, Some(&format!("{answered} AND {untold}"))).await;
    assert_eq!(untold, 0, "somebody was not told of an answer");
    let twice =
        "(SELECT 1 FROM messages GROUP BY case_id, event_seq, account_id HAVING count(*) > 1) AS twice";
    assert_eq!(app.db_count(twice, None).await, 0, "somebody was told twice");
}
