//! Somebody without a phone: the manager takes the case in, and a slip of paper is the key to it.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{Answer, App, Person, story};

use super::{bookings_path, reception_day};

async fn take_in(app: &App, station: domain::ids::StationId, by: &Person, key: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/stations/{station}/cases");
    app.post(&path).bearer(&by.token).idempotency_key(key).json(body).await
}

fn report() -> Value {
    json!({ "report": { "text": "电梯坏了，我没有手机", "on_behalf_of": "示例老人" } })
}

fn slip(app: &App, receipt: &Value, query: &str) -> tests::Request {
    app.get(&format!("/api/v1/cases/{}/slip{query}", receipt["id"].as_str().unwrap()))
}

story! {
    async fn a_slip_of_paper_carries_a_case_from_the_counter_to_its_end(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;

        let answer = take_in(app, district.station, &manager, "one", &report()).await;
        let receipt = answer.expect_status(201);
        assert_eq!(take_in(app, district.station, &manager, "one", &report()).await.bytes(), answer.bytes());
        assert_eq!(app.db_count("cases", None).await, 1);
        assert_eq!(app.db_count("case_events", Some("party = 'manager'")).await, 1);
        let ticket = receipt["case_ticket"].as_str().unwrap();
        let printed = slip(app, &receipt, "").ticket(ticket).await.expect_status(200);
        let number = printed["number"].as_str().unwrap();
        assert_eq!(number.replace('-', ""), receipt["number"].as_str().unwrap());
        let link = printed["link"].as_str().unwrap();
        let (page, secret) = link.split_once('#').unwrap();
        assert!(page.ends_with(&format!("/t/{}", receipt["number"].as_str().unwrap())), "{link}");

        // From here on only what the paper says is known.
        let case = format!("/api/v1/tracking/{number}");
        let seen = app.get(&case).ticket(secret).await.expect_status(200);
        assert_eq!((&seen["text"], &seen["parties"]), (&json!("电梯坏了，我没有手机"), &json!(["resident"])));
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let act = |action: &str, body: Value| {
            let path = format!("/api/v1/cases/{}/{action}", seen["id"].as_str().unwrap());
            app.post(&path).ticket(secret).json(&body).into_future()
        };
        act("supplement", json!({ "text": "是三号楼" })).await.expect_status(200);
        let respond = json!({ "text": "已修复", "evidence": "visit" });
        app.act(&member, &receipt, "respond", &respond).await.expect_status(200);
        act("contest", json!({ "reason": "又坏了" })).await.expect_status(200);
        app.act(&manager, &receipt, "reopen", &json!({ "reason": "再去看看" })).await.expect_status(200);
        app.act(&member, &receipt, "respond", &respond).await.expect_status(200);
        let closed = act("confirm", json!({ "solved": "yes", "stars": 5 })).await.expect_status(200);
        assert_eq!(closed["state"], "closed");
        app.run_jobs().await;
    }
}

story! {
    async fn a_slip_prints_as_one_plain_page_and_its_code_is_a_picture(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = take_in(app, district.station, &manager, "one", &report()).await.expect_status(201);
        let ticket = receipt["case_ticket"].as_str().unwrap();

        for (paper, size) in [("a6", "a6"), ("a5", "a5")] {
            let query = format!("?format=html&paper={paper}");
            let page = slip(app, &receipt, &query).ticket(ticket).bearer(&manager.token).await;
            assert_eq!((page.status(), page.header("content-type")), (200, "text/html; charset=utf-8"));
            assert_eq!(page.header("cache-control"), "no-store");
            assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
            let html = std::str::from_utf8(page.bytes()).unwrap();
            for part in ["青石街道委员工作站", "答复期限", "<svg", &format!("class=\"{size}\"")] {
                assert!(html.contains(part), "{part}");
            }
            for never in ["<script", "src=", "href=", "电梯坏了", "示例老人", ticket] {
                assert!(!html.contains(never), "{never}");
            }
        }
        let svg = slip(app, &receipt, "?format=svg").ticket(ticket).await;
        assert_eq!(svg.header("content-type"), "image/svg+xml");
        let png = slip(app, &receipt, "?format=png").ticket(ticket).await;
        assert!(png.bytes().starts_with(b"\x89PNG"));
        slip(app, &receipt, "?format=pdf").ticket(ticket).await.expect_status(400);
        let page = app.get(&format!("/t/{}", receipt["number"].as_str().unwrap())).await;
        assert!(std::str::from_utf8(page.bytes()).unwrap().contains("受理凭条"));
        assert_eq!(app.get("/t/1234567890").await.status(), 404);
        app.run_jobs().await;
    }
}

story! {
    async fn a_new_ticket_ends_the_one_before_and_stands_in_the_history(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let receipt = take_in(app, district.station, &manager, "one", &report()).await.expect_status(201);
        let lost = receipt["case_ticket"].as_str().unwrap();
        slip(app, &receipt, "").bearer(&manager.token).await.expect_problem(403, "not_allowed");
        slip(app, &receipt, "").bearer(&manager.token).ticket("wrong").await.expect_problem(403, "not_allowed");
        slip(app, &receipt, "").ticket("wrong").await.expect_problem(404, "not_found");

        let tickets = format!("/api/v1/cases/{}/tickets", receipt["id"].as_str().unwrap());
        app.post(&tickets).bearer(&member.token).await.expect_problem(403, "not_allowed");
        let issue = || app.post(&tickets).bearer(&manager.token).idempotency_key("again").into_future();
        let issued = issue().await.expect_status(201);
        assert_eq!(issue().await.expect_status(201), issued);

        let case = format!("/api/v1/cases/{}", receipt["id"].as_str().unwrap());
        app.get(&case).ticket(lost).await.expect_problem(404, "not_found");
        let ticket = issued["case_ticket"].as_str().unwrap();
        let printed = slip(app, &receipt, "").ticket(ticket).bearer(&manager.token).await.expect_status(200);
        assert_eq!(printed["link"], issued["link"]);
        let events = app.get(&format!("{case}/events")).ticket(ticket).await.expect_status(200);
        let kinds: Vec<&str> =
            events["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["created", "ticket_issued"]);
        let with_account = app.report(&district.code, "路灯不亮", Some(&resident)).await;
        let tickets = format!("/api/v1/cases/{}/tickets", with_account["id"].as_str().unwrap());
        app.post(&tickets).bearer(&manager.token).await.expect_problem(409, "ticket_not_needed");
        app.run_jobs().await;
    }
}

story! {
    async fn who_comes_with_a_booking_is_checked_in_and_finds_the_case_in_the_account(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let day = reception_day(app, &district, &manager, 1).await;
        let body = json!({ "starts_at": day["starts_at"] });
        let booking = app.post(&bookings_path(&day)).bearer(&resident.token).json(&body).await.expect_status(201);
        let with_booking = json!({ "report": { "text": "电梯坏了" }, "booking_id": booking["id"] });
        let early = take_in(app, district.station, &manager, "early", &with_booking).await;
        early.expect_problem(409, "too_late");
        assert_eq!(app.db_count("cases", None).await, 0);

        app.advance(TimeDelta::hours(24));
        let (manager, resident) = (app.person("manager").await, app.person("resident").await);
        let receipt = take_in(app, district.station, &manager, "one", &with_booking).await.expect_status(201);
        take_in(app, district.station, &manager, "one", &with_booking).await.expect_status(201);

        let again = take_in(app, district.station, &manager, "two", &with_booking).await;
        assert_eq!(again.expect_problem(422, "validation_failed")["errors"][0]["pointer"], "/booking_id");
        assert_eq!(app.db_count("cases", None).await, 1);
        let visitors = app.get(&bookings_path(&day)).bearer(&manager.token).await.expect_status(200);
        let visitor = &visitors["items"][0];
        assert_eq!((&visitor["state"], &visitor["case_id"]), (&json!("checked_in"), &receipt["id"]));
        let mine = app.get("/api/v1/cases?view=mine").bearer(&resident.token).await.expect_status(200);
        assert_eq!(mine["items"][0]["id"], receipt["id"]);
        app.run_jobs().await;
    }
}

story! {
    async fn only_who_runs_the_station_takes_cases_in_there(app: &App) {
        let district = app.district().await;
        let elsewhere = app.staff("elsewhere", Role::StationManager, district.other_station.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        take_in(app, district.station, &elsewhere, "a", &report()).await.expect_problem(404, "not_found");
        let foreign = reception_day(app, &district, &manager, 0).await;
        let body = json!({ "starts_at": foreign["starts_at"].as_str().unwrap().replace("01:00", "02:00") });
        let resident = app.person("resident").await;
        let booking = app.post(&bookings_path(&foreign)).bearer(&resident.token).json(&body).await.expect_status(201);
        let stolen = json!({ "report": { "text": "电梯坏了" }, "booking_id": booking["id"] });
        let refused = take_in(app, district.other_station, &elsewhere, "b", &stolen).await;
        assert_eq!(refused.expect_problem(422, "validation_failed")["errors"][0]["pointer"], "/booking_id");
        let bad = json!({ "report": { "text": " ", "contact": { "phone": "x" } } });
        let refused = take_in(app, district.station, &manager, "c", &bad).await;
        assert_eq!(refused.expect_problem(422, "validation_failed")["errors"].as_array().unwrap().len(), 2);
        let without_key = format!("/api/v1/stations/{}/cases", district.station);
        let without_key = app.post(&without_key).bearer(&manager.token).json(&report()).await;
        without_key.expect_problem(400, "idempotency_key_required");
        assert_eq!(app.db_count("cases", None).await, 0);
    }
}
