//! What is promised of the public directory: what it lists, in which order, and what it never shows.

use domain::geo::Point;
use domain::role::Role;
use domain::vocabulary::{ShiftKind, StationKind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::store::directory::members::MemberFilter;
use crate::store::directory::stations::StationFilter;
use crate::store::district::{District, at};

async fn station_names(district: &District, filter: StationFilter) -> Vec<String> {
    let stations = list_stations(&district.state, filter, None, 100).await.unwrap();
    stations.into_iter().map(|station| station.name).collect()
}

async fn member_names(district: &District, filter: MemberFilter) -> Vec<String> {
    let members = list_members(&district.state, &filter, None, 100).await.unwrap();
    members.into_iter().map(|member| member.name).collect()
}

#[tokio::test]
async fn stations_are_found_by_words_kind_and_committee_with_those_below() {
    let district = District::found().await;
    let below = district.add_committee("示例二区政协", Some(district.committee)).await;
    district.add_station_with("100%_站", |row| row.address = "Renmin Road 8".into()).await;
    district.add_station_with("界别站", |row| row.kind = StationKind::SectorStation).await;
    district.add_station_with("二区站", |row| row.committee_id = below).await;
    district.add_station_with("关闭的站", |row| row.closed_at = Some(at("01-01T00:00"))).await;
    let words = |words: &str| StationFilter { words: Some(words.into()), ..StationFilter::default() };
    let of = |id| StationFilter { committees: Some(vec![id]), ..StationFilter::default() };
    let kind = StationFilter { kind: Some(StationKind::SectorStation), ..StationFilter::default() };

    let all = ["示例街道委员工作站", "100%_站", "界别站", "二区站"];
    assert_eq!(station_names(&district, StationFilter::default()).await, all);
    assert_eq!(station_names(&district, words("街道")).await, ["示例街道委员工作站"]);
    assert_eq!(station_names(&district, words("renmin ROAD")).await, ["100%_站"]);
    assert_eq!(station_names(&district, words("0%_")).await, ["100%_站"]);
    assert!(station_names(&district, words("%别%")).await.is_empty());
    assert!(station_names(&district, words("'; DROP TABLE stations; --")).await.is_empty());
    assert_eq!(station_names(&district, kind).await, ["界别站"]);
    assert_eq!(station_names(&district, of(below)).await, ["二区站"]);
    assert_eq!(station_names(&district, of(district.committee)).await, all);
}

#[tokio::test]
async fn pages_by_distance_have_no_gap_no_station_twice_and_end_with_those_on_no_map() {
    let district = District::found().await;
    // Several at the very same distance, and two on no map.
    for n in 0..9_u32 {
        let lng = 103.0 + f64::from(n % 4) / 100.0;
        district.add_station_with(&format!("站{n}"), |row| row.lng = Some(lng)).await;
    }
    for name in ["无图一", "无图二"] {
        district.add_station_with(name, |row| (row.lat, row.lng) = (None, None)).await;
    }
    let here = Point::new(36.0, 103.0).unwrap();
    let near = async |last, size| {
        list_stations_near(&district.state, StationFilter::default(), here, last, size).await.unwrap()
    };
    let whole: Vec<_> = near(None, 100).await.iter().map(StationEntry::nearness).collect();

    assert_eq!(whole.len(), 12);
    assert!(whole.is_sorted());
    for size in 1..=13 {
        let (mut seen, mut last) = (Vec::new(), None);
        loop {
            let page = near(last, size).await;
            let Some(end) = page.last() else { break };
            last = Some(end.nearness());
            seen.extend(page.iter().map(StationEntry::nearness));
        }
        assert_eq!(seen, whole, "{size} a page");
    }
    let page = near(None, 100).await;
    assert_eq!((page[0].distance_m, page[11].distance_m), (Some(0), None));
}

#[tokio::test]
async fn members_are_found_by_name_pinyin_or_initials() {
    let district = District::found().await;
    for name in ["甲一明", "吕二明", "甲三强", "曾四维"] {
        district.add_member(name).await;
    }
    district.add_member_with("甲离任", |row| row.left_on = Some("2026-01-01".parse().unwrap())).await;
    let search = async |words: &str| {
        member_names(&district, MemberFilter { words: Some(words.into()), ..MemberFilter::default() }).await
    };

    assert_eq!(search("一明").await, ["甲一明"]);
    assert_eq!(search("jia").await, ["甲三强", "甲一明"]);
    assert_eq!(search("Jia Yi'ming").await, ["甲一明"]);
    assert_eq!(search("JSQ").await, ["甲三强"]);
    assert_eq!(search("lv").await, ["吕二明"]);
    for typed in ["zeng", "zsw", "ZengSW", "zeng siwei", "z'si'w", "zengsi", "ceng", "csw"] {
        assert_eq!(search(typed).await, ["曾四维"], "{typed}");
    }
    assert!(search("siwei").await.is_empty());
    assert!(search("sw").await.is_empty());
    assert!(search("ming").await.is_empty());
    assert!(search("_").await.is_empty());
}

#[tokio::test]
async fn members_are_found_by_station_sector_and_category() {
    let district = District::found().await;
    let health = district.add_sector("医药卫生", 2).await;
    let elsewhere = district.add_station("另一个工作站").await;
    let teacher = district.add_member("甲一明").await;
    let doctor = district.add_member_with("乙二明", |row| row.sector_id = health).await;
    district.let_serve(doctor, elsewhere).await;
    district.let_know(doctor, district.category).await;
    let by =
        |station_id, sector_id, category_id| MemberFilter { station_id, sector_id, category_id, words: None };

    assert_eq!(member_names(&district, by(Some(district.station), None, None)).await, ["甲一明"]);
    assert_eq!(member_names(&district, by(None, Some(health), None)).await, ["乙二明"]);
    assert_eq!(member_names(&district, by(None, None, Some(district.category))).await, ["乙二明"]);
    assert!(member_names(&district, by(Some(district.station), Some(health), None)).await.is_empty());
    let listed = list_members(&district.state, &by(None, None, None), None, 10).await.unwrap();
    let entry = listed.iter().find(|member| member.id == teacher).unwrap();
    assert_eq!(entry.stations, [StationName { id: district.station, name: "示例街道委员工作站".into() }]);
}

#[tokio::test]
async fn pages_of_members_have_no_gap_and_no_member_twice_even_among_namesakes() {
    let district = District::found().await;
    for name in ["甲一明", "甲一明", "乙二明", "甲一明", "丙三明", "乙二明", "丁四明"] {
        district.add_member(name).await;
    }
    let filter = MemberFilter::default();
    let page = async |last, size| list_members(&district.state, &filter, last, size).await.unwrap();
    let whole: Vec<_> =
        page(None, 100).await.into_iter().map(|member| (member.name_pinyin, member.id)).collect();

    assert_eq!(whole.len(), 7);
    assert!(whole.is_sorted());
    for size in 1..=8 {
        let (mut seen, mut last) = (Vec::new(), None);
        loop {
            let rows = page(last.clone(), size).await;
            let Some(end) = rows.last() else { break };
            last = Some((end.name_pinyin.clone(), end.id));
            seen.extend(rows.into_iter().map(|member| (member.name_pinyin, member.id)));
        }
        assert_eq!(seen, whole, "{size} a page");
    }
}

#[tokio::test]
async fn a_members_page_shows_duty_times_and_never_a_phone_number() {
    let district = District::found().await;
    let member =
        district.add_member_with("甲一明", |row| row.photo_id = Some(Uuid::from_u128(7).into())).await;
    district.let_serve(member, district.station).await;
    district.let_know(member, district.category).await;
    district.add_shift(member, ShiftKind::Duty, "11-22T00:00", "11-22T04:00").await;
    district.add_shift(member, ShiftKind::ReceptionDay, "12-05T01:00", "12-05T04:00").await;
    district.add_shift(member, ShiftKind::Duty, "12-07T01:00", "12-07T04:00").await;
    district.add_shift(member, ShiftKind::Duty, "11-21T00:00", "11-21T04:00").await;

    let document = find_member_page(&district.state, member).await.unwrap();

    let page: Value = serde_json::from_slice(document.json()).unwrap();
    let station = json!({ "id": district.station, "name": "示例街道委员工作站" });
    assert_eq!(page["duty"].as_array().unwrap().len(), 2);
    assert_eq!(page["duty"][1]["station"], station);
    assert_eq!(page["categories"][0]["name"], "环境卫生");
    assert!(page["photo_url"].as_str().unwrap().starts_with("https://m.example.org/api/v1/uploads/"));
    assert!(page.get("phone").is_none() && page.get("name_pinyin").is_none());
}

#[tokio::test]
async fn a_page_that_is_not_there_is_looked_for_once() {
    let district = District::found().await;
    let (member, station) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
    for expected in [1, 0] {
        let (page, statements) = district.count_statements(find_member_page(&district.state, member)).await;
        assert!(matches!(page, Err(DirectoryError::Unknown)));
        assert_eq!(statements, expected);
        let (page, statements) = district.count_statements(find_station_page(&district.state, station)).await;
        assert!(matches!(page, Err(DirectoryError::Unknown)));
        assert_eq!(statements, expected);
    }
}

#[tokio::test]
async fn a_stations_page_tells_who_is_there_now() {
    let district = District::found().await;
    let member = district.add_member("甲一明").await;
    district.add_shift(member, ShiftKind::Duty, "11-22T00:00", "11-22T04:00").await;

    let document = find_station_page(&district.state, district.station).await.unwrap();

    let page: Value = serde_json::from_slice(document.json()).unwrap();
    assert_eq!(page["on_duty"][0]["member_id"], json!(member));
    assert_eq!((&page["open"], &page["committee"]["name"]), (&json!(true), &json!("示例区政协")));
}

#[tokio::test]
async fn pages_of_a_roster_have_no_gap_and_no_shift_twice() {
    let district = District::found().await;
    let (one, two) = (district.add_member("甲一明").await, district.add_member("乙二明").await);
    for day in 22..=26 {
        for member in [one, two] {
            let (from, until) = (format!("11-{day}T01:00"), format!("11-{day}T04:00"));
            district.add_shift(member, ShiftKind::Duty, &from, &until).await;
        }
    }
    let period = (at("11-22T04:00"), at("11-26T01:00"));
    let roster =
        async |last, size| list_roster(&district.state, district.station, period, last, size).await.unwrap();
    // The shifts that end as the period begins, or begin as it ends, do not belong to it.
    let whole: Vec<_> = roster(None, 100).await.iter().map(|shift| (shift.starts_at, shift.id)).collect();

    assert_eq!(whole.len(), 6);
    for size in 1..=7 {
        let (mut seen, mut last) = (Vec::new(), None);
        loop {
            let page = roster(last, size).await;
            let Some(end) = page.last() else { break };
            last = Some((end.starts_at, end.id));
            seen.extend(page.iter().map(|shift| (shift.starts_at, shift.id)));
        }
        assert_eq!(seen, whole, "{size} a page");
    }
    let nowhere = list_roster(&district.state, Uuid::nil().into(), period, None, 10).await;
    assert!(matches!(nowhere, Err(DirectoryError::Unknown)));
}

#[tokio::test]
async fn departments_are_shown_to_staff_of_their_committee_and_around() {
    let district = District::found().await;
    let below = district.add_committee("示例二区政协", Some(district.committee)).await;
    let foreign = district.add_committee("外市政协", None).await;
    for (committee, name) in [(district.committee, "城管局"), (below, "二区城管局"), (foreign, "外市城管局")]
    {
        district.add_department(committee, name).await;
    }
    let member = district.add_member("甲一明").await;
    let names = async |roles: &[(Role, Uuid)]| {
        let listed = list_departments(&district.state, &district.caller(roles), None, 10).await.ok()?;
        Some(listed.into_iter().map(|department| department.name).collect::<Vec<_>>())
    };

    let own = Some(vec!["城管局".to_owned()]);
    assert_eq!(names(&[(Role::StationManager, district.station.0)]).await, own);
    assert_eq!(names(&[(Role::Member, member.0)]).await, own);
    let both = Some(vec!["城管局".to_owned(), "二区城管局".to_owned()]);
    assert_eq!(names(&[(Role::CommitteeAdmin, district.committee.0)]).await, both);
    assert_eq!(names(&[(Role::CommitteeAdmin, below.0)]).await, both);
    assert_eq!(names(&[(Role::Operator, Uuid::nil())]).await, None);
    assert_eq!(names(&[]).await, None);
}

#[tokio::test]
async fn short_lists_come_in_their_order() {
    let district = District::found().await;
    district.add_category("物业管理", 0).await;
    district.add_sector("经济", 0).await;
    let categories = list_categories(&district.state, Some(district.committee), None, 10).await.unwrap();
    let sectors = list_sectors(&district.state, None, None, 10).await.unwrap();
    let committees = list_committees(&district.state, None, 10).await.unwrap();

    let names: Vec<&str> = categories.iter().map(|category| category.name.as_str()).collect();
    assert_eq!(names, ["物业管理", "环境卫生"]);
    let rest = (categories[0].sort, categories[0].id);
    let rest = list_categories(&district.state, None, Some(rest), 10).await.unwrap();
    assert_eq!(rest, categories[1..]);
    assert_eq!(sectors[0].name, "经济");
    assert_eq!(committees.len(), 1);
    assert!(list_committees(&district.state, Some(district.committee), 10).await.unwrap().is_empty());
}
