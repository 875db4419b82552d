//! The public directory: in pages, by words, and never with a phone number.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::ids::{MemberId, StationId};
use domain::vocabulary::{Level, ShiftKind, StationKind};
use entity::{duty_shift, member, member_station, station};
use serde_json::{Value, json};
use tests::{App, District, story};

/// Everything of a list, page by page.
async fn walk(app: &App, path: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let join = if path.contains('?') { '&' } else { '?' };
        let page = app.get(&format!("{path}{join}limit={limit}{cursor}")).await.expect_status(200);
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit && (!found.is_empty() || items.is_empty()), "{path}: an empty page");
        items.extend(found.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn texts(items: &[Value], key: &str) -> Vec<String> {
    items.iter().map(|item| item[key].as_str().unwrap().to_owned()).collect()
}

/// Twenty-five stations and as many members more: also some who share a name and its pinyin.
async fn crowd(app: &App, district: &District) {
    let sector = {
        let sectors = app.get("/api/v1/sectors").await.expect_status(200);
        sectors["items"][0]["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap()
    };
    for n in 0..25 {
        let id: StationId = app.state().ids.next();
        app.keep(station::Model {
            id,
            committee_id: district.committee,
            kind: if n % 2 == 0 { StationKind::Studio } else { StationKind::DeliberationRoom },
            name: format!("样例工作室{n:02}"),
            address: format!("样例路{n}号"),
            phone: None,
            opening_hours: None,
            lat: Some(31.5 + f64::from(n) / 100.0),
            lng: Some(104.5),
            service_area: None,
            notice: None,
            members_may_dispatch: false,
            answers_signed_off: false,
            closed_at: (n == 24).then(|| app.now()),
            created_at: app.now(),
        })
        .await;
        let member_id: MemberId = app.state().ids.next();
        app.keep(member::Model {
            id: member_id,
            committee_id: district.committee,
            sector_id: sector.into(),
            name: if n < 10 { "戊同名".to_owned() } else { format!("己样例{n}") },
            name_pinyin: if n < 10 { "wutongming".to_owned() } else { format!("jiyangli{n}") },
            name_initials: if n < 10 { "wtm".to_owned() } else { "jyl".to_owned() },
            level: Level::City,
            post: Some("样例职务".to_owned()),
            bio: None,
            photo_id: None,
            capacity: 10,
            left_on: (n == 24).then(|| "2026-01-01".parse().unwrap()),
            created_at: app.now(),
        })
        .await;
        app.keep(member_station::Model { member_id, station_id: id }).await;
    }
}

story! {
    async fn every_list_is_walked_page_by_page_without_gap_or_repetition(app: &App) {
        let district = app.district().await;
        crowd(app, &district).await;
        for (path, count) in [
            ("/api/v1/stations", 26),
            ("/api/v1/stations?near=31.5,104.5", 26),
            ("/api/v1/stations?kind=studio", 12),
            ("/api/v1/members", 27),
            ("/api/v1/members?q=wtm", 10),
            ("/api/v1/categories", 1),
            ("/api/v1/sectors", 2),
            ("/api/v1/committees", 1),
        ] {
            let whole = texts(&walk(app, path, 100).await, "id");
            assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), count, "{path}");
            for limit in [1, 4, 7] {
                assert_eq!(texts(&walk(app, path, limit).await, "id"), whole, "{path} by {limit}");
            }
        }
        let near = walk(app, "/api/v1/stations?near=31.74,104.5&kind=studio", 5).await;
        assert_eq!(near[0]["name"], "样例工作室22", "the closed one is not offered");
        let foreign = app.get(&format!("/api/v1/stations?cursor={}", "x".repeat(20))).await;
        foreign.expect_problem(400, "bad_request");
        app.get("/api/v1/stations?limit=0").await.expect_problem(422, "validation_failed");
        app.get("/api/v1/stations?limit=101").await.expect_problem(422, "validation_failed");
    }
}

story! {
    async fn a_member_is_found_by_name_pinyin_initials_station_sector_and_category(app: &App) {
        let district = app.district().await;
        crowd(app, &district).await;
        let count = async |query: String| {
            walk(app, &format!("/api/v1/members?{query}"), 100).await.len()
        };
        for (q, found) in [
            ("%E6%88%8A%E5%90%8C", 10),
            ("wutong", 10),
            ("wtm", 10),
            ("WTM", 10),
            ("wu%20tong%20ming", 10),
            ("jyl", 14),
            ("jiyangli12", 1),
            ("tongming", 0),
            ("xyz", 0),
        ] {
            assert_eq!(count(format!("q={q}")).await, found, "{q}");
        }
        assert_eq!(count(format!("station={}", district.station)).await, 2);
        assert_eq!(count(format!("category={}", district.category)).await, 1);
        assert_eq!(count(format!("station={}&q=jyl", district.station)).await, 0);
    }
}

story! {
    async fn public_pages_name_everybody_and_show_nobodys_phone(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let body = json!({
            "code": district.code, "text": "电梯坏了", "contact": { "name": "样例居民", "phone": "19900000009" },
        });
        app.send_report(&body, Some(&resident)).await.expect_status(201);
        let page = app.get(&format!("/api/v1/members/{}", district.member)).await.expect_status(200);
        assert_eq!((&page["name"], &page["sector"]["name"]), (&json!("甲青山"), &json!("建设")));
        assert_eq!(page["stations"][0]["name"], "青石街道委员工作站");
        assert_eq!(page["duty"][0]["ends_at"], "2026-03-02T09:30:00Z");

        for path in [
            format!("members/{}", district.member),
            format!("members?station={}", district.station),
            format!("stations/{}", district.station),
            format!("stations/{}/roster", district.station),
            format!("codes/{}", district.code),
            "stations".to_owned(),
        ] {
            let shown = app.get(&format!("/api/v1/{path}")).await;
            shown.expect_status(200);
            let text = String::from_utf8_lossy(shown.bytes()).into_owned();
            for private in ["19900000009", "样例居民", "contact", "openid", "account"] {
                assert!(!text.contains(private), "{path} shows {private}");
            }
        }
        app.run_jobs().await;
    }
}

story! {
    async fn who_has_left_and_what_was_closed_is_not_offered(app: &App) {
        let district = app.district().await;
        crowd(app, &district).await;
        let members = texts(&walk(app, "/api/v1/members", 100).await, "name");
        assert!(!members.contains(&"己样例24".to_owned()));
        let stations = texts(&walk(app, "/api/v1/stations", 100).await, "name");
        assert!(!stations.contains(&"样例工作室24".to_owned()));
    }
}

story! {
    async fn the_roster_shows_the_days_asked_for_and_a_change_is_seen_on_the_card(app: &App) {
        let district = app.district().await;
        let card = format!("/api/v1/codes/{}", district.code);
        let roster = format!("/api/v1/stations/{}/roster", district.station);
        let names = |card: &Value| texts(card["on_duty"].as_array().unwrap(), "name");
        assert_eq!(names(&app.get(&card).await.expect_status(200)), ["甲青山"]);
        let at = app.now() + TimeDelta::hours(10);
        let place = (district.station, district.colleague);
        let hours = (at, at + TimeDelta::hours(2));
        let (id, kind) = (app.state().ids.next(), ShiftKind::ReceptionDay);
        app.keep(duty_shift::Model::new(id, place, kind, hours, app.now())).await;

        let shifts = app.get(&roster).await.expect_status(200);
        assert_eq!(shifts["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(shifts["items"][1]["kind"], "reception_day");
        let before = app.get(&format!("{roster}?from=2026-02-01&to=2026-02-28")).await.expect_status(200);
        assert_eq!(before["items"], json!([]));
        // The card ends with the shift that it shows.
        app.advance(TimeDelta::hours(10) + TimeDelta::minutes(1));
        assert_eq!(names(&app.get(&card).await.expect_status(200)), ["乙流云"]);
    }
}
