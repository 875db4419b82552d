//! What is promised of a scan: the card, its freshness, and what a dead code answers.

use domain::role::Role;
use domain::text::Reason;
use domain::vocabulary::ScanResult;
use domain::vocabulary::ShiftKind;
use serde_json::{Value, json};

use super::*;
use crate::service::codes::revoke;
use crate::store::district::{District, at};

/// What a phone does: it sends what it has read.
async fn scan(state: &Parts, text: &str) -> Result<Document, ScanError> {
    super::scan(state, &read_token(state, text)?).await
}

async fn card(district: &District, token: &str) -> Value {
    serde_json::from_slice(scan(&district.state, token).await.unwrap().json()).unwrap()
}

async fn fresh(district: &District, token: &str) -> Fresh<Answer> {
    load_answer(&district.state, token).await.unwrap()
}

#[tokio::test]
async fn a_card_shows_the_station_who_is_on_duty_and_what_a_case_can_be_about() {
    // given
    let district = District::found().await;
    let on_duty = district.add_member("甲一明").await;
    let later = district.add_member("乙二明").await;
    district.add_shift(on_duty, ShiftKind::Duty, "11-22T00:00", "11-22T04:00").await;
    district.add_shift(later, ShiftKind::ReceptionDay, "11-25T01:00", "11-25T04:00").await;
    let code = district.add_code(None).await;

    // when
    let (card, statements) = district.count_statements(card(&district, &code.token)).await;

    // then
    let sector = json!({ "id": district.sector, "name": "教育" });
    assert_eq!(card["code"], json!({ "token": code.token, "kind": "station", "state": "live" }));
    assert_eq!(card["committee"], json!({ "id": district.committee, "name": "示例区政协" }));
    assert_eq!(card["station"]["name"], "示例街道委员工作站");
    assert_eq!(card["station"]["point"], json!({ "lat": 36.0, "lng": 103.0 }));
    assert_eq!(
        card["on_duty"],
        json!([{
            "member_id": on_duty, "name": "甲一明", "sector": sector, "post": "示例小学教师",
            "until": "2026-11-22T04:00:00Z"
        }])
    );
    assert_eq!(
        card["next_reception_day"],
        json!({
            "id": card["next_reception_day"]["id"], "bookable": false, "starts_at": "2026-11-25T01:00:00Z", "ends_at": "2026-11-25T04:00:00Z",
            "member": { "id": later, "name": "乙二明", "sector": sector, "post": "示例小学教师" }
        })
    );
    assert_eq!(card["categories"], json!([{ "id": district.category, "name": "环境卫生" }]));
    assert!(card.get("member").is_none() && card.get("notice").is_none());
    assert!(statements <= 4, "{statements} statements");
}

#[tokio::test]
async fn a_second_scan_asks_nobody_and_is_counted_all_the_same() {
    let district = District::found().await;
    let code = district.add_code(None).await;
    let first = scan(&district.state, &code.token).await.unwrap();

    let typed = format!("https://m.example.org/C/{}", code.token.to_lowercase());
    let (second, statements) = district.count_statements(scan(&district.state, &typed)).await;

    assert_eq!((second.unwrap(), statements), (first, 0));
    assert_eq!(district.state.scans.pending(code.id, ScanResult::Opened), 2);
}

#[tokio::test]
async fn a_members_code_shows_the_member_as_long_as_in_office() {
    let district = District::found().await;
    let member = district.add_member("甲一明").await;
    let leaving = |on: &str| Some(on.parse().unwrap());
    let gone = district.add_member_with("乙二明", |row| row.left_on = leaving("2026-11-22")).await;
    let last_day = district.add_member_with("丙三明", |row| row.left_on = leaving("2026-11-23")).await;
    for (member, shown) in [(member, true), (gone, false), (last_day, true)] {
        let code = district.add_code(Some(member)).await;
        let card = card(&district, &code.token).await;
        assert_eq!(card["member"]["id"] == json!(member), shown);
        assert_eq!(card["code"]["kind"], "member");
    }
}

#[tokio::test]
async fn who_is_absent_or_has_left_is_not_on_duty() {
    let district = District::found().await;
    let present = district.add_member("甲一明").await;
    let absent = district.add_member("乙二明").await;
    let gone =
        district.add_member_with("丙三明", |row| row.left_on = Some("2026-11-01".parse().unwrap())).await;
    for member in [present, absent, gone] {
        district.add_shift(member, ShiftKind::Duty, "11-22T00:00", "11-22T04:00").await;
    }
    // A second shift that overlaps the first: on duty once, until the later end.
    district.add_shift(present, ShiftKind::ReceptionDay, "11-22T00:30", "11-22T06:00").await;
    district.add_absence(absent, "11-21T00:00", "11-22T02:00").await;
    let code = district.add_code(None).await;

    let card = card(&district, &code.token).await;

    let names: Vec<&str> =
        card["on_duty"].as_array().unwrap().iter().map(|duty| duty["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["甲一明"]);
    assert_eq!(card["on_duty"][0]["until"], "2026-11-22T06:00:00Z");
    assert_eq!(card["next_reception_day"]["starts_at"], "2026-11-22T00:30:00Z");
}

#[tokio::test]
async fn a_card_expires_when_the_next_shift_begins_or_ends() {
    let district = District::found().await;
    let member = district.add_member("甲一明").await;
    let code = district.add_code(None).await;
    assert_eq!(fresh(&district, &code.token).await.expires_at, None);

    district.add_shift(member, ShiftKind::Duty, "11-22T02:00", "11-22T04:00").await;
    assert_eq!(fresh(&district, &code.token).await.expires_at, Some(at("11-22T02:00")));

    district.clock.set(at("11-22T02:00"));
    assert_eq!(fresh(&district, &code.token).await.expires_at, Some(at("11-22T04:00")));

    district.clock.set(at("11-22T04:00"));
    let over = fresh(&district, &code.token).await;
    assert_eq!(over.expires_at, None);
    assert!(
        over.tags.contains(&Tag::Station(district.station)) && over.tags.contains(&Tag::Code(code.token))
    );
}

#[tokio::test]
async fn a_scan_is_small_to_carry() {
    let district = District::found().await;
    let code = district.add_code(None).await;
    let token = read_token(&district.state, &code.token).unwrap();
    let bytes = size_of_val(&super::scan(&district.state, &token));
    // With the handler around it, it is allocated for each request. From 1,033 bytes on the allocator (glibc)
    // puts its free lists in order each time.
    assert!(bytes <= 512, "{bytes} bytes");
}

#[tokio::test]
async fn a_made_up_token_is_refused_without_any_look_up() {
    let district = District::found().await;
    for text in ["A000000000000000", "", "not a token", "Z123456789ABCDEF", &"A".repeat(5000)] {
        let (answer, statements) = district.count_statements(scan(&district.state, text)).await;
        assert!(matches!(answer, Err(ScanError::Unknown)), "{text:.20}");
        assert_eq!(statements, 0);
    }
}

#[tokio::test]
async fn a_signed_token_that_was_never_issued_is_looked_for_once() {
    let district = District::found().await;
    let token = district.state.code_keys.mint([1, 2, 3, 4, 5]);
    for expected in [1, 0, 0] {
        let (answer, statements) = district.count_statements(scan(&district.state, token.as_ref())).await;
        assert!(matches!(answer, Err(ScanError::Unknown)));
        assert_eq!(statements, expected);
    }
}

#[tokio::test]
async fn a_revoked_code_leads_on_to_the_code_that_works_now() {
    // given three posters, one after the other
    let district = District::found().await;
    let admin = district.caller(&[(Role::CommitteeAdmin, district.committee.0)]);
    let [old, newer, newest] =
        [district.add_code(None).await, district.add_code(None).await, district.add_code(None).await];
    assert!(scan(&district.state, &old.token).await.is_ok());
    let reason = Reason::parse("海报破损").unwrap();
    let replace = async |token: &str, other: Option<&str>| {
        revoke(&district.state, &admin, token, &reason, other).await.unwrap()
    };
    let leads_to = async |token: &str| match scan(&district.state, token).await {
        Err(ScanError::Revoked { replacement }) => replacement.map(|other| other.token),
        other => panic!("not revoked: {other:?}"),
    };

    // when, then
    replace(&old.token, None).await;
    assert_eq!(leads_to(&old.token).await, None);
    replace(&old.token, Some(&newer.token)).await;
    assert_eq!(leads_to(&old.token).await, Some(newer.token.clone()));
    replace(&newer.token, Some(&newest.token)).await;
    assert_eq!(leads_to(&old.token).await, Some(newest.token.clone()));
    replace(&newest.token, None).await;
    assert_eq!(leads_to(&old.token).await, None);
    assert_eq!(district.state.scans.pending(old.id, ScanResult::Opened), 1);
    assert_eq!(district.state.scans.pending(old.id, ScanResult::Revoked), 4);
}

#[tokio::test]
async fn only_a_code_that_works_is_drawn() {
    let district = District::found().await;
    let code = district.add_code(None).await;
    let link = find_printed_link(&district.state, &code.token).await.unwrap();
    let token = district.state.code_keys.read(&code.token).unwrap();
    assert_eq!(link, qr::printable_link("https://m.example.org/", &token));
    assert_eq!(district.state.scans.pending(code.id, ScanResult::Opened), 0);

    let reason = Reason::parse("停用").unwrap();
    revoke(&district.state, &district.manager(), &code.token, &reason, None).await.unwrap();
    let gone = find_printed_link(&district.state, &code.token).await;
    assert!(matches!(gone, Err(ScanError::Revoked { .. })));
}

#[test]
fn what_a_token_gives_comes_back_from_redis_as_it_was() {
    let code_id = CodeId(uuid::Uuid::from_u128(7));
    let card = Document::of(&json!({ "notice": "第一行\n第二行" })).unwrap();
    let answers = [
        Answer::Live { code_id, card },
        Answer::Revoked { code_id, replacement: Some("1ABC".to_owned()) },
        Answer::Unknown,
    ];
    for answer in answers {
        let bytes = AnswerKey::encode(&answer).unwrap();
        let back = AnswerKey::decode(bytes.into_owned().into()).unwrap();
        assert_eq!(format!("{back:?}"), format!("{answer:?}"));
    }
    for cut in [&b"live "[..], b"live x y\n{}", b"live 00000000-0000-0000-0000-000000000007\n{}", b"nonsense"]
    {
        assert!(AnswerKey::decode(cut.into()).is_err());
    }
}
