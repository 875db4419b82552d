//! What is promised of the snapshot that cases are routed by.

use domain::case::State;
use domain::routing::{Assignment, CodeTarget, Matter, Rules, route};
use domain::vocabulary::ShiftKind;

use super::*;
use crate::clock::Clock;
use crate::store::district::{District, at};

async fn load_all(district: &District) -> Directory {
    let db = district.state.db.reader();
    load(db, district.committee, district.clock.now()).await.unwrap()
}

#[tokio::test]
async fn a_case_is_routed_on_what_the_snapshot_says() {
    // given a member on duty who is full, another who is free, and one on leave
    let district = District::found().await;
    let full = district.add_member("甲一明").await;
    let free = district.add_member("乙二明").await;
    let away = district.add_member("丙三明").await;
    for _ in 0..5 {
        district.add_case(Some(full), State::InProgress).await;
    }
    district.add_shift(full, ShiftKind::Duty, "11-22T00:00", "11-22T04:00").await;
    district.let_know(away, district.category).await;
    district.add_absence(away, "11-20T00:00", "11-30T00:00").await;

    // when
    let directory = load_all(&district).await;
    let loads = loads_of_station(district.state.db.reader(), district.station).await.unwrap();
    let matter = Matter {
        code: Some(CodeTarget::Station(district.station)),
        chosen_station_id: None,
        chosen_member_id: None,
        category_id: None,
        place: None,
        at: district.clock.now(),
        text: "门口的垃圾没人收。",
        excluded: &[],
        returns: 0,
    };
    let routing = route(&matter, &directory, &loads, &Rules::default()).unwrap();

    // then
    assert_eq!(routing.assignment, Assignment::Assigned(free));
    assert_eq!(routing.hinted_category_id, Some(district.category));
}

#[tokio::test]
async fn only_cases_on_the_desk_count_as_load() {
    let district = District::found().await;
    let (one, two) = (district.add_member("甲一明").await, district.add_member("乙二明").await);
    for state in [State::Assigned, State::Planned, State::Responded, State::Closed, State::Contested] {
        district.add_case(Some(one), state).await;
    }
    district.add_case(None, State::Received).await;
    let db = district.state.db.reader();

    let by_member = loads(db, &[one, two]).await.unwrap();

    assert_eq!((by_member.open_cases(one), by_member.open_cases(two)), (2, 0));
    assert_eq!(loads_of_station(db, district.station).await.unwrap(), by_member);
    assert_eq!(loads(db, &[]).await.unwrap(), Loads::default());
}

#[tokio::test]
async fn the_snapshot_has_who_serves_here_from_elsewhere_and_what_is_near_in_time() {
    let district = District::found().await;
    let city = district.add_committee("示例市政协", None).await;
    let guest = district.add_member_with("甲一明", |row| row.committee_id = city).await;
    district.let_serve(guest, district.station).await;
    let stranger = district.add_member_with("乙二明", |row| row.committee_id = city).await;
    let gone =
        district.add_member_with("丙三明", |row| row.left_on = Some("2026-11-22".parse().unwrap())).await;
    district.add_station_with("关闭的站", |row| row.closed_at = Some(at("01-01T00:00"))).await;
    for (from, until) in
        [("11-21T22:00", "11-22T00:00"), ("11-22T00:00", "11-22T04:00"), ("11-23T03:00", "11-23T05:00")]
    {
        district.add_shift(guest, ShiftKind::Duty, from, until).await;
    }

    let (directory, statements) = district.count_statements(load_all(&district)).await;

    let member = |id| directory.members.iter().find(|member| member.id == id);
    assert_eq!(member(guest).unwrap().stations, [district.station]);
    assert!(member(stranger).is_none() && member(gone).unwrap().left);
    let open: Vec<bool> = directory.stations.iter().map(|station| station.open).collect();
    assert_eq!(open, [true, false]);
    assert_eq!(directory.roster.len(), 1);
    assert_eq!(directory.categories[0].keywords.len(), 2);
    assert_eq!(statements, 8);
}

#[tokio::test]
async fn a_row_that_breaks_the_rules_is_named() {
    let district = District::found().await;
    let area = serde_json::json!([[103.0, 36.0]]);
    let broken = district.add_station_with("坏站", |row| row.service_area = Some(area)).await;

    let refused = load(district.state.db.reader(), district.committee, district.clock.now()).await;

    assert!(refused.unwrap_err().to_string().contains(&broken.to_string()));
}
