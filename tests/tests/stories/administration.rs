//! The admins of a committee build it up, change it, and leave their traces.

mod audit;
mod caseload;
mod member_import;
mod rules;
mod staff;

use domain::role::Role;
use serde_json::{Value, json};
use tests::{Answer, App, Person, story};

async fn create(app: &App, by: &Person, path: &str, body: &Value) -> Value {
    app.post(&format!("/api/v1/{path}")).bearer(&by.token).json(body).await.expect_status(201)
}

async fn change(app: &App, by: &Person, path: &str, body: &Value) -> Answer {
    app.patch(&format!("/api/v1/{path}")).bearer(&by.token).json(body).await
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

story! {
    async fn an_admin_builds_a_committee_from_nothing_and_a_case_is_routed_in_it(app: &App) {
        let district = app.district().await;
        let root = app.staff("root", Role::CommitteeAdmin, district.committee.0).await;
        let sub = format!("committees/{}/committees", district.committee);
        let refused = app.post(&format!("/api/v1/{sub}")).bearer(&root.token)
            .json(&json!({ "name": "区下设政协", "level": "district" })).await;
        assert_eq!(refused.expect_problem(422, "validation_failed")["errors"][0]["code"], "wrong_level");

        let committee = format!("committees/{}", district.committee);
        let sector = create(app, &root, &format!("{committee}/sectors"), &json!({ "name": "教育" })).await;
        let category = json!({ "name": "校园周边", "keywords": ["校门", "接送"], "sectors": [id(&sector)], "respond_days": 3 });
        let category = create(app, &root, &format!("{committee}/categories"), &category).await;
        let station = json!({
            "kind": "studio", "name": "新桥工作室", "address": "新桥路1号", "phone": "0571-8000 0000",
            "point": { "lat": 30.1, "lng": 120.1 },
            "service_area": [[120.0, 30.0], [120.2, 30.0], [120.2, 30.2], [120.0, 30.2]],
        });
        let station = create(app, &root, &format!("{committee}/stations"), &station).await;
        let member = json!({
            "name": "丁新桥", "sector_id": id(&sector), "post": "教师", "stations": [id(&station)],
            "specialities": [id(&category)],
        });
        let member = create(app, &root, &format!("{committee}/members"), &member).await;
        assert_eq!((&member["level"], &member["capacity"]), (&json!("district"), &json!(10)));
        let department = create(app, &root, &format!("{committee}/departments"), &json!({ "name": "教育局" })).await;
        assert_eq!(department["name"], "教育局");

        let found = app.get("/api/v1/members?q=dxq").await.expect_status(200);
        assert_eq!(found["items"][0]["name"], "丁新桥");
        let code = create(app, &root, &format!("stations/{}/codes", id(&station)), &json!({})).await;
        let receipt = app.report(code["token"].as_str().unwrap(), "校门口接送孩子的车堵住了路", None).await;
        assert_eq!(receipt["member"]["name"], "丁新桥");
        app.run_jobs().await;
    }
}

story! {
    async fn a_change_shows_on_the_card_at_once_and_null_takes_it_away(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let card = format!("/api/v1/codes/{}", district.code);
        assert!(app.get(&card).await.expect_status(200).get("notice").is_none());
        let station = format!("stations/{}", district.station);

        let changed = change(app, &admin, &station, &json!({ "notice": "周三停电，请改日来访。" })).await;
        assert_eq!(changed.expect_status(200)["notice"], "周三停电，请改日来访。");
        assert_eq!(app.get(&card).await.expect_status(200)["notice"], "周三停电，请改日来访。");
        change(app, &admin, &station, &json!({ "notice": null })).await.expect_status(200);
        assert!(app.get(&card).await.expect_status(200).get("notice").is_none());

        let member = format!("members/{}", district.member);
        change(app, &admin, &member, &json!({ "name": "甲改名" })).await.expect_status(200);
        let page = app.get(&format!("/api/v1/{member}")).await.expect_status(200);
        assert_eq!(page["name"], "甲改名");
        assert_eq!(app.get(&card).await.expect_status(200)["on_duty"][0]["name"], "甲改名");
    }
}

story! {
    async fn whoever_answers_for_open_cases_is_not_taken_away(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let receipt = app.report(&district.code, "物业乱收费", None).await;
        let member = format!("members/{}", district.member);
        let (left, closed) = (json!({ "left_on": "2026-01-01" }), json!({ "closed": true }));
        for body in [&left, &json!({ "stations": [] })] {
            let refused = change(app, &admin, &member, body).await;
            assert_eq!(refused.expect_problem(409, "has_open_cases")["open_cases"], 1);
        }
        let station = format!("stations/{}", district.station);
        change(app, &admin, &station, &closed).await.expect_problem(409, "has_open_cases");

        let to = json!({ "member_id": district.colleague, "reason": "任期届满" });
        app.act(&admin, &receipt, "reassign", &to).await.expect_status(200);
        change(app, &admin, &member, &left).await.expect_status(200);
        let next = app.report(&district.code, "物业又乱收费", None).await;
        assert_eq!(next["member"]["name"], "乙流云", "nobody who has left gets a case");
        app.run_jobs().await;
    }
}

story! {
    async fn a_department_that_owes_a_reply_stays_open(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = app.report(&district.code, "物业乱收费", None).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let request = json!({ "department_id": district.department, "request": "请核实收费依据" });
        app.act(&admin, &receipt, "dispatch", &request).await.expect_status(200);
        let department = format!("departments/{}", district.department);
        let closed = json!({ "closed": true });
        change(app, &admin, &department, &closed).await.expect_problem(409, "has_open_cases");

        let to = json!({ "member_id": district.member, "reason": "另行核实" });
        app.act(&admin, &receipt, "reassign", &to).await.expect_status(200);
        assert!(change(app, &admin, &department, &closed).await.expect_status(200)["closed_at"].is_string());
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let refused = app.act(&admin, &receipt, "dispatch", &request).await;
        refused.expect_problem(422, "validation_failed");
        app.run_jobs().await;
    }
}

story! {
    async fn everything_wrong_with_a_record_is_said_at_once_and_nothing_is_kept(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let path = format!("/api/v1/committees/{}/stations", district.committee);
        let wrong = json!({
            "name": " ", "phone": "call me", "point": { "lat": 91.0, "lng": 0.0 }, "service_area": [[0.0, 0.0]],
        });
        let problem = app.post(&path).bearer(&admin.token).json(&wrong).await.expect_problem(422, "validation_failed");
        let mut faults: Vec<String> = problem["errors"].as_array().unwrap().iter()
            .map(|it| format!("{} {}", it["pointer"].as_str().unwrap(), it["code"].as_str().unwrap())).collect();
        faults.sort();
        assert_eq!(faults, ["/address required", "/kind required", "/name blank", "/phone invalid",
            "/point out_of_range", "/service_area invalid"]);

        let member = format!("/api/v1/committees/{}/members", district.committee);
        let foreign = app.neighbours().await;
        let sectors = app.get("/api/v1/sectors").await.expect_status(200);
        let own = sectors["items"].as_array().unwrap().iter().find(|it| it["name"] == "建设").unwrap();
        for (body, pointer) in [
            (json!({ "name": "丁", "sector_id": foreign.committee }), "/sector_id"),
            (json!({ "name": "丁", "sector_id": own["id"], "stations": [foreign.station] }), "/stations"),
            (json!({ "name": "丁", "sector_id": own["id"], "specialities": [foreign.station] }), "/specialities"),
        ] {
            let problem = app.post(&member).bearer(&admin.token).json(&body).await.expect_problem(422, "validation_failed");
            assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!(pointer), &json!("unknown")));
        }
        assert_eq!(app.db_count("members", Some("name = '丁'")).await, 0);
        assert_eq!(app.db_count("audit_entries", None).await, 0);
    }
}

story! {
    async fn a_repeated_creation_makes_one_and_a_name_is_taken_once(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let path = format!("/api/v1/committees/{}/departments", district.committee);
        let send = || app.post(&path).bearer(&admin.token).idempotency_key("same").json(&json!({ "name": "住建局" }));
        let (first, second) = futures::join!(send().into_future(), send().into_future());
        first.expect_status(201);
        assert_eq!(first.bytes(), second.bytes());
        assert_eq!(app.db_count("departments", Some("name = '住建局'")).await, 1);
        assert_eq!(app.db_count("audit_entries", None).await, 1);
        let again = app.post(&path).bearer(&admin.token).json(&json!({ "name": "住建局" })).await;
        again.expect_problem(409, "already_exists");
    }
}
