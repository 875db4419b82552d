//! What a history adds to the figures.

use uuid::Uuid;

use super::*;
use crate::calendar::start_of_day;
use crate::case::State;
use crate::role::Party;

fn station(n: u128) -> StationId {
    StationId(Uuid::from_u128(n))
}

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, n).unwrap()
}

/// An event in the morning of a day of March.
fn event(kind: EventKind, on: u32, body: EventBody) -> NewEvent {
    let at = start_of_day(day(on)) + TimeDelta::hours(9);
    NewEvent { kind, from: None, to: State::InProgress, party: Party::System, at, body }
}

fn plain(kind: EventKind, on: u32) -> NewEvent {
    event(kind, on, EventBody::default())
}

fn created(on: u32) -> NewEvent {
    let body = EventBody { station_id: Some(station(1)), member_id: Some(member(1)), ..EventBody::default() };
    event(EventKind::Created, on, body)
}

/// The facts as: seq, day of March, station, member (0: nobody), figure, bin, count.
fn told(events: &[NewEvent]) -> Vec<(i32, u32, u128, u128, Figure, i16, i64)> {
    use chrono::Datelike;
    let numbered: Vec<(i32, NewEvent)> = (1..).zip(events.iter().cloned()).collect();
    let row = |fact: Fact| {
        let member = fact.holder.member_id.map_or(0, |id| id.0.as_u128());
        let station = fact.holder.station_id.0.as_u128();
        (fact.seq, fact.day.day(), station, member, fact.figure, fact.bin, fact.count)
    };
    facts(&numbered).into_iter().map(row).collect()
}

#[test]
fn who_has_the_case_gets_what_happens_to_it() {
    let to = |station_id: Option<StationId>, member_id: Option<MemberId>| EventBody {
        station_id,
        member_id,
        ..EventBody::default()
    };
    let history = [
        created(2),
        plain(EventKind::Return, 3),
        event(EventKind::Assign, 4, to(None, Some(member(2)))),
        event(EventKind::Reassign, 5, to(Some(station(2)), Some(member(3)))),
        event(EventKind::Respond, 9, EventBody { late: true, ..EventBody::default() }),
        plain(EventKind::Contest, 10),
        event(EventKind::Reassign, 11, to(None, Some(member(4)))),
        plain(EventKind::Respond, 12),
        event(EventKind::Confirm, 13, EventBody { solved: Some(Solved::Partly), ..EventBody::default() }),
    ];
    assert_eq!(
        told(&history),
        [
            (1, 2, 1, 1, Figure::Received, 0, 1),
            (1, 2, 1, 1, Figure::Assigned, 0, 1),
            (2, 3, 1, 1, Figure::Returned, 0, 1),
            (3, 4, 1, 2, Figure::Assigned, 0, 1),
            (4, 5, 2, 3, Figure::Assigned, 0, 1),
            (5, 9, 2, 3, Figure::Answered, 0, 1),
            (5, 9, 2, 3, Figure::AnsweredLate, 0, 1),
            (5, 9, 2, 3, Figure::AnswerTime, 14, 1),
            (6, 10, 2, 3, Figure::Contested, 0, 1),
            (7, 11, 2, 4, Figure::Assigned, 0, 1),
            (8, 12, 2, 4, Figure::AnsweredAgain, 0, 1),
            (9, 13, 2, 4, Figure::ConfirmedPartly, 0, 1),
        ]
    );
}

#[test]
fn a_second_look_counts_as_unconfirmed_in_advance_until_somebody_says_a_word() {
    let by = start_of_day(day(20)) + TimeDelta::hours(12);
    let asked = EventBody { due_at: Some(by), ..EventBody::default() };
    let mut history = vec![
        created(2),
        plain(EventKind::Respond, 3),
        plain(EventKind::Expire, 4),
        event(EventKind::SecondLookAsked, 6, asked),
    ];
    let silent = told(&history);
    assert_eq!(
        silent[4..],
        [
            (3, 4, 1, 1, Figure::Unconfirmed, 0, 1),
            (4, 6, 1, 1, Figure::LookAsked, 0, 1),
            (4, 21, 1, 1, Figure::LookUnconfirmed, 0, 1),
        ]
    );
    history.push(event(EventKind::SecondLook, 8, EventBody { done: Some(Done::No), ..EventBody::default() }));
    assert_eq!(
        told(&history)[silent.len()..],
        [(5, 8, 1, 1, Figure::LookContested, 0, 1), (5, 21, 1, 1, Figure::LookUnconfirmed, 0, -1),]
    );
}

#[test]
fn what_does_not_matter_may_be_left_out() {
    let mut history = vec![(1, created(2))];
    for (seq, kind) in (2..).zip(EventKind::ALL.iter().filter(|kind| !matters(**kind))) {
        history.push((seq, plain(*kind, 3)));
    }
    let answer = (99, plain(EventKind::Respond, 4));
    let short = [history[0].clone(), answer.clone()];
    history.push(answer);
    assert_eq!(facts(&history), facts(&short));
    assert_eq!(facts(&short).len(), 4, "received, assigned, answered, and how long it took");
}

#[test]
fn a_history_without_its_beginning_adds_nothing() {
    assert_eq!(facts(&[(2, plain(EventKind::Respond, 3)), (3, plain(EventKind::Confirm, 4))]), []);
}

#[test]
fn a_median_is_never_too_short_and_at_most_half_a_day_too_long() {
    assert_eq!(median_days(&BTreeMap::new()), None);
    for days in [[0.2, 3.0, 3.4, 9.0, 10.0], [1.0, 1.0, 1.0, 50.0, 100.0], [0.0, 0.6, 6.9, 7.1, 119.0]] {
        let mut bins = BTreeMap::new();
        for length in days {
            #[expect(clippy::cast_possible_truncation, reason = "few days")]
            let time = TimeDelta::seconds((length * 86_400.0_f64) as i64);
            *bins.entry(bin_of(time)).or_insert(0) += 1;
        }
        let (exact, told) = (days[2], median_days(&bins).unwrap());
        assert!(exact < told && told <= exact + 0.5, "{exact}: {told}");
    }
    assert_eq!(median_days(&BTreeMap::from([(bin_of(TimeDelta::days(4_000)), 3)])), Some(120.5));
    assert_eq!(bin_of(TimeDelta::seconds(-5)), 0);
}
