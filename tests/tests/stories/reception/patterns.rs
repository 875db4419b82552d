//! Reception days that come again by a pattern, and what a corrected calendar does to them.

use api::service::reception_planner;
use chrono::{NaiveDate, TimeDelta};
use domain::role::Role;
use entity::calendar_day;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

use super::{bookings_path, titles};

/// 每月10日、20日 from 9:00 to 11:30, two members in turns.
fn pattern(district: &District) -> Value {
    json!({
        "recurrence": { "every": "month", "days": [10, 20] }, "starts": "09:00", "ends": "11:30",
        "members": [district.member, district.colleague], "from_on": "2026-03-01",
        "slots": { "minutes": 30, "capacity": 2 },
    })
}

async fn make(app: &App, district: &District, manager: &Person, body: &Value) -> tests::Answer {
    let path = format!("/api/v1/stations/{}/reception-patterns", district.station);
    app.post(&path).bearer(&manager.token).json(body).await
}

async fn plan(app: &App, manager: &Person, pattern: &Value) -> Value {
    let path = format!("/api/v1/reception-patterns/{}/plan", pattern["id"].as_str().unwrap());
    app.post(&path).bearer(&manager.token).await.expect_status(200)
}

/// When the station's reception days begin.
async fn days(app: &App, district: &District) -> Vec<String> {
    let path = format!("/api/v1/stations/{}/reception-days", district.station);
    let days = app.get(&path).await.expect_status(200);
    days["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["starts_at"].as_str().unwrap().to_owned())
        .collect()
}

async fn correct(app: &App, day: &str, is_working: bool) {
    let day: NaiveDate = day.parse().unwrap();
    let row = calendar_day::Model { day, is_working, note: None, account_id: None, created_at: app.now() };
    app.keep(row).await;
}

const NOTHING: &str = r#"{"made":[],"moved":[],"called_off":[],"unmanned":[]}"#;

fn nothing() -> Value {
    serde_json::from_str(NOTHING).unwrap()
}

story! {
    async fn a_pattern_gives_the_days_of_two_months_once(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;

        let made = make(app, &district, &manager, &pattern(&district)).await.expect_status(201);

        let whole = ["2026-03-10", "2026-03-20", "2026-04-10", "2026-04-20"].map(|day| format!("{day}T01:00:00Z"));
        assert_eq!(days(app, &district).await, whole);
        let turns: Vec<&Value> = made["plan"]["made"].as_array().unwrap().iter().map(|day| &day["member_id"]).collect();
        let (member, colleague) = (json!(district.member), json!(district.colleague));
        assert_eq!(turns, [&member, &colleague, &member, &colleague]);
        assert_eq!(plan(app, &manager, &made).await, nothing());
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(days(app, &district).await, whole);

        app.advance(TimeDelta::days(30));
        app.run_jobs().await;
        let manager = app.person("manager").await;
        assert_eq!(days(app, &district).await.len(), 4, "10 and 20 April, 11 May (the 10th is a Sunday), 20 May");
        assert_eq!(days(app, &district).await[2], "2026-05-11T01:00:00Z");
        let listed = app.get(&format!("/api/v1/stations/{}/reception-patterns", district.station));
        let listed = listed.bearer(&manager.token).await.expect_status(200);
        assert_eq!((&listed["items"][0]["starts"], &listed["items"][0]["ends"]), (&json!("09:00"), &json!("11:30")));
    }
}

story! {
    async fn a_corrected_calendar_moves_what_is_to_come_with_its_bookings(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let made = make(app, &district, &manager, &pattern(&district)).await.expect_status(201);
        let day = made["plan"]["made"][1].clone();
        let body = json!({ "starts_at": "2026-03-20T01:30:00Z" });
        app.post(&bookings_path(&day)).bearer(&resident.token).json(&body).await.expect_status(201);
        // Somebody has changed the 10th of April by hand: it stays, whatever the calendar says.
        let april = made["plan"]["made"][2]["id"].as_str().unwrap();
        let by_hand = json!({ "starts_at": "2026-04-10T02:00:00Z" });
        let path = format!("/api/v1/shifts/{april}");
        app.request(reqwest::Method::PATCH, &path).bearer(&manager.token).json(&by_hand).await.expect_status(200);

        correct(app, "2026-03-20", false).await;
        correct(app, "2026-04-10", false).await;
        let report = plan(app, &manager, &made).await;

        let moved = &report["moved"];
        assert_eq!(moved.as_array().unwrap().len(), 1, "{report}");
        assert_eq!((&moved[0]["id"], &moved[0]["from"]), (&day["id"], &json!("2026-03-20T01:00:00Z")));
        assert_eq!(moved[0]["starts_at"], "2026-03-23T01:00:00Z");
        assert_eq!(moved[0]["moved_because"], "放假");
        assert_eq!(plan(app, &manager, &made).await, nothing());
        let path = format!("/api/v1/stations/{}/reception-days", district.station);
        let shown = app.get(&path).await.expect_status(200)["items"][1].clone();
        assert_eq!((&shown["moved_from"], &shown["moved_because"]), (&json!("2026-03-20"), &json!("放假")));
        assert_eq!(shown["slots"][1]["free"], 1);
        let own = app.get("/api/v1/me/bookings").bearer(&resident.token).await.expect_status(200);
        assert_eq!(own["items"][0]["starts_at"], "2026-03-23T01:30:00Z");
        assert_eq!(titles(app, &resident).await, ["接待时间有变化", "预约成功"]);

        correct(app, "2026-03-23", false).await;
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        let manager = app.person("manager").await;
        plan(app, &manager, &made).await;
        assert_eq!(days(app, &district).await[1], "2026-03-24T01:00:00Z");
    }
}

story! {
    async fn a_day_off_that_is_left_out_is_called_off_and_whoever_is_away_is_passed_over(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let absences = format!("/api/v1/members/{}/absences", district.member);
        let away = json!({ "starts_at": "2026-03-09T16:00:00Z", "ends_at": "2026-03-10T16:00:00Z" });
        app.post(&absences).bearer(&manager.token).json(&away).await.expect_status(201);
        let mut body = pattern(&district);
        body["day_off"] = json!("skip");
        body["until_on"] = json!("2026-03-31");

        let made = make(app, &district, &manager, &body).await.expect_status(201);

        let plan_made = made["plan"]["made"].as_array().unwrap();
        assert_eq!(plan_made.len(), 2);
        assert_eq!(plan_made[0]["member_id"], json!(district.colleague), "in place of who is away");
        correct(app, "2026-03-20", false).await;
        let report = plan(app, &manager, &made).await;
        assert_eq!(report["called_off"][0]["id"], plan_made[1]["id"]);
        assert_eq!(days(app, &district).await, ["2026-03-10T01:00:00Z"]);
        assert_eq!(plan(app, &manager, &made).await, nothing());

        // Nobody is there: the day is named, not made.
        for member in [district.member, district.colleague] {
            let path = format!("/api/v1/members/{member}/absences");
            let away = json!({ "starts_at": "2026-03-01T16:00:00Z", "ends_at": "2026-04-30T16:00:00Z" });
            app.post(&path).bearer(&manager.token).json(&away).await.expect_status(201);
        }
        let mut weekly = pattern(&district);
        weekly["recurrence"] = json!({ "every": "week", "weekdays": [4] });
        weekly["until_on"] = json!("2026-03-12");
        let made = make(app, &district, &manager, &weekly).await.expect_status(201);
        assert_eq!(made["plan"]["unmanned"], json!(["2026-03-05", "2026-03-12"]));
        assert!(days(app, &district).await.is_empty(), "nobody is there on the 10th either");
    }
}

story! {
    async fn an_ended_pattern_gives_no_more_days_and_keeps_those_it_gave(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let made = make(app, &district, &manager, &pattern(&district)).await.expect_status(201);
        let path = format!("/api/v1/reception-patterns/{}/end", made["id"].as_str().unwrap());
        let first = app.post(&path).bearer(&manager.token).await.expect_status(200);
        assert_eq!(app.post(&path).bearer(&manager.token).await.expect_status(200), first);

        app.advance(TimeDelta::days(20));
        app.run_jobs().await;
        assert_eq!(days(app, &district).await, ["2026-04-10T01:00:00Z", "2026-04-20T01:00:00Z"]);
    }
}

story! {
    async fn two_instances_that_plan_at_once_make_each_day_once(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let mut backwards = pattern(&district);
        backwards["members"] = json!([district.colleague, district.member]);
        backwards["starts"] = json!("14:00");
        backwards["ends"] = json!("16:00");
        for body in [pattern(&district), backwards] {
            make(app, &district, &manager, &body).await.expect_status(201);
        }
        let other = app.another_instance().await;
        assert_eq!(app.db_count("duty_shifts", Some("pattern_id IS NOT NULL")).await, 8);

        for _ in 0..3 {
            app.advance(TimeDelta::days(30));
            let (here, there) = (reception_planner::plan_all(app.state()), reception_planner::plan_all(other.state()));
            let (here, there) = tokio::join!(here, there);
            here.unwrap();
            there.unwrap();
        }

        // 10 March to 20 July, twice a month, two patterns.
        assert_eq!(app.db_count("duty_shifts", Some("pattern_id IS NOT NULL")).await, 20);
        other.stop().await;
        app.run_jobs().await;
    }
}

story! {
    async fn a_pattern_that_can_not_be_is_refused(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        for (key, value, pointer) in [
            ("recurrence", json!({ "every": "month", "days": [] }), "/recurrence"),
            ("recurrence", json!({ "every": "week", "weekdays": [8] }), "/recurrence"),
            ("until_on", json!("2026-02-28"), "/until_on"),
            ("starts", json!("9:00"), "/starts"),
            ("ends", json!("08:00"), "/starts_at"),
            ("members", json!([]), "/members"),
            ("members", json!([district.member, district.member]), "/members"),
            ("members", json!([district.other_member]), "/member_id"),
            ("from_on", json!("2031-01-01"), "/starts_at"),
            ("slots", json!({ "minutes": 200, "capacity": 1 }), "/slots/minutes"),
        ] {
            let mut body = pattern(&district);
            body[key] = value;
            let refused = make(app, &district, &manager, &body).await.expect_problem(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{key}");
        }
        assert_eq!(app.db_count("reception_patterns", None).await, 0);
    }
}
