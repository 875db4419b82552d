//! The demo district holds together, whatever day it is loaded on.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::case::{EventKind, State};
use domain::deadline::Stage;
use domain::role::Role;
use entity::{case, case_event, duty_shift, outbox, rating, second_look};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::*;
use crate::auth::Caller;
use crate::service::case_lists::{self, View};
use crate::store::case_filter::{CaseFilter, Sort};
use crate::store::district::{District, at};

const SETTINGS: &str = r#"
[demo]
enabled = true
password = "only for the demo"
[auth]
argon2_memory_kib = 8192
argon2_passes = 1
[wechat]
appid = "wx-demo"
secret = "sesame"
"#;

async fn district_on(now: DateTime<Utc>) -> District {
    let district = District::found_with(SETTINGS).await;
    district.clock.set(now);
    district
}

/// All cases, in the order of their ids.
async fn cases(district: &District) -> Vec<case::Model> {
    case::Entity::find().order_by_asc(case::Column::Id).all(district.state.db.reader()).await.unwrap()
}

#[tokio::test]
async fn it_is_loaded_once_and_only_where_it_is_wanted() {
    let district = district_on(at("11-22T04:00")).await;
    let first = load(&district.state).await.unwrap();
    assert!(first.loaded);
    assert!(first.station_link.as_ref().unwrap().starts_with("https://m.example.org/c/"));
    assert_ne!(first.station_link, first.member_link);
    assert_eq!(first.logins.len(), 4);
    let count = cases(&district).await.len();
    let second = load(&district.state).await.unwrap();
    assert!(!second.loaded);
    assert_eq!((&second.station_link, &second.invite_code), (&first.station_link, &first.invite_code));
    assert_eq!(cases(&district).await.len(), count);

    let production = District::found().await;
    assert!(matches!(load(&production.state).await, Err(DemoError::Disabled)));
}

#[tokio::test]
async fn every_state_occurs_on_whatever_day_it_is_loaded() {
    // A Sunday, just after midnight, the end of the longest holiday, the first day of a year without a calendar.
    for now in ["11-22T04:00", "11-23T16:01", "10-07T15:59", "02-23T01:00", "12-31T16:30"] {
        let district = district_on(at(now)).await;
        load(&district.state).await.unwrap();
        let cases = cases(&district).await;
        let states: BTreeSet<State> = cases.iter().map(|case| case.state).collect();
        assert_eq!(states.into_iter().collect::<Vec<_>>(), State::ALL, "on {now}");
        assert!(cases.len() > 40, "a few dozen");
        let stages: BTreeSet<Stage> = cases.iter().map(|case| case.stage).collect();
        assert!(stages.contains(&Stage::Overdue) || stages.contains(&Stage::Red), "on {now}: {stages:?}");
        for case in &cases {
            assert!(case.created_at <= case.updated_at && case.updated_at <= at(now), "{}", case.text);
        }
    }
}

#[tokio::test]
async fn every_open_case_has_an_owner_and_a_clock_that_lies_ahead() {
    let district = district_on(at("11-22T04:00")).await;
    load(&district.state).await.unwrap();
    for case in cases(&district).await.iter().filter(|case| case.state.is_open()) {
        let waits_for_manager = matches!(case.state, State::Received | State::Contested);
        let waits_for_resident = case.state == State::Responded && case.confirm_by.is_some();
        assert!(waits_for_manager || waits_for_resident || case.member_id.is_some(), "{}", case.text);
        let due = case.wake_at.is_some_and(|wake_at| wake_at > at("11-22T04:00"));
        assert!(due || case.stage == Stage::Supervised, "{} {:?}", case.text, case.wake_at);
    }
}

#[tokio::test]
async fn histories_have_no_gaps_and_leave_no_jobs() {
    let district = district_on(at("11-22T04:00")).await;
    load(&district.state).await.unwrap();
    let db = district.state.db.reader();
    let events = case_event::Entity::find()
        .order_by_asc(case_event::Column::CaseId)
        .order_by_asc(case_event::Column::Seq)
        .all(db)
        .await
        .unwrap();
    let mut histories: HashMap<_, Vec<case_event::Model>> = HashMap::new();
    for event in events {
        histories.entry(event.case_id).or_default().push(event);
    }
    for case in cases(&district).await {
        let history = &histories[&case.id];
        let seqs: Vec<i32> = history.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..=case.event_seq).collect::<Vec<_>>(), "{}", case.text);
        assert!(history.is_sorted_by_key(|event| event.at));
        assert_eq!(history.last().map(|event| event.to_state), Some(case.state));
        for pair in history.windows(2) {
            assert_eq!(pair[1].from_state, Some(pair[0].to_state), "{}", case.text);
        }
    }
    assert_eq!(outbox::Entity::find().all(db).await.unwrap().len(), 0);
    assert!(rating::Entity::find().all(db).await.unwrap().len() > 10);
}

#[tokio::test]
async fn every_list_of_every_user_has_something_in_it() {
    let district = district_on(at("11-22T04:00")).await;
    load(&district.state).await.unwrap();
    for (n, view) in
        [View::Mine, View::Assigned, View::Station, View::Dispatched, View::Committee].into_iter().enumerate()
    {
        let user = &Plan::shipped().unwrap().district.users[n];
        let db = district.state.db.reader();
        let account_id = store::accounts::find_by_openid(db, "wx-demo", &user.wechat).await.unwrap().unwrap();
        let bindings = store::accounts::list_bindings(db, account_id).await.unwrap();
        let caller = Caller { account_id, family_id: Uuid::nil().into(), bindings: bindings.into() };
        let filter = CaseFilter {
            scope: case_lists::scope(&district.state, &caller, view).await.unwrap(),
            states: Vec::new(),
            category_id: None,
            station_id: None,
            member_id: None,
            stages: Vec::new(),
            overdue_at: None,
            q: None,
            from: None,
            until: None,
            contested_look: false,
            submitted: false,
            worklist: None,
            seen_by: None,
            sort: Sort::Newest,
        };
        let rows = case_lists::list(&district.state, &filter, None, 100).await.unwrap();
        assert!(rows.iter().any(|row| row.case.state.is_open()), "{} {view:?}", user.login);
        assert!(rows.is_sorted_by(|a, b| a.case.created_at >= b.case.created_at), "newest first");
    }
}

#[tokio::test]
async fn somebody_is_on_duty_on_the_next_working_day_and_the_roster_reaches_weeks_ahead() {
    let district = district_on(at("11-22T04:00")).await;
    load(&district.state).await.unwrap();
    let shifts = duty_shift::Entity::find().all(district.state.db.reader()).await.unwrap();
    let monday_noon = at("11-23T04:00");
    let on_duty = shifts.iter().filter(|shift| shift.starts_at <= monday_noon && monday_noon < shift.ends_at);
    assert_eq!(on_duty.count(), 3, "one at each station");
    assert!(shifts.iter().any(|shift| shift.starts_at > at("12-31T00:00")));
}

#[test]
fn the_users_are_those_of_the_wechat_simulator() {
    let users = Plan::shipped().unwrap().district.users;
    assert_eq!(users.iter().filter(|user| !has_password(user)).count(), 1);
    assert!(users.iter().all(|user| user.wechat == wechat_sim::openid_of(&user.login)));
    let roles: Vec<Role> = users.iter().map(|user| user.role).collect();
    let expected =
        [Role::Resident, Role::Member, Role::StationManager, Role::DepartmentOfficer, Role::CommitteeAdmin];
    assert_eq!(roles, expected);
}

#[tokio::test]
async fn a_second_look_that_time_has_asked_for_is_kept_like_a_real_one() {
    let district = district_on(at("11-22T04:00")).await;
    load(&district.state).await.unwrap();
    let db = district.state.db.reader();
    let asked = case_event::Entity::find().filter(case_event::Column::Kind.eq(EventKind::SecondLookAsked));
    let asked: BTreeSet<_> = asked.all(db).await.unwrap().into_iter().map(|event| event.case_id.0).collect();
    let kept = second_look::Entity::find().all(db).await.unwrap();
    let kept: BTreeSet<_> = kept.into_iter().map(|look| look.case_id.0).collect();
    assert!(!asked.is_empty());
    assert_eq!(asked, kept);
}
