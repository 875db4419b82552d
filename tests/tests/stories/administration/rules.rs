//! A committee decides on its own terms and rules, and tries what other rules would change.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

use super::change;

fn path(district: &District, what: &str) -> String {
    format!("committees/{}/{what}", district.committee)
}

async fn show(app: &App, by: &Person, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).bearer(&by.token).await.expect_status(200)
}

async fn simulate(app: &App, by: &Person, district: &District, trial: Value) -> Value {
    let path = format!("/api/v1/{}", path(district, "routing-simulations"));
    app.post(&path).bearer(&by.token).json(&trial).await.expect_status(200)
}

story! {
    async fn own_terms_hold_for_what_begins_and_leave_clocks_that_run(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let terms = path(&district, "terms");
        let defaults = show(app, &admin, &terms).await;
        assert_eq!((&defaults["own"], &defaults["respond_days"], &defaults["confirm_days"]), (&json!([]), &json!(7), &json!(14)));
        let running = app.report(&district.code, "物业乱收费", Some(&resident)).await;

        let days = json!({ "respond_days": 3, "accept_days": 2, "reply_days": 1, "confirm_days": 7 });
        let changed = change(app, &admin, &terms, &days).await.expect_status(200);
        assert_eq!(changed["own"], json!(["accept_days", "respond_days", "reply_days", "confirm_days"]));
        assert_eq!((&changed["respond_days"], &changed["object_days"]), (&json!(3), &json!(2)));
        let new = app.report(&district.code, "物业乱收费", Some(&resident)).await;
        assert_eq!(new["respond_by"], "2026-03-05T10:00:00Z", "three working days");
        let kept = app.case(&resident, &running).await.expect_status(200);
        assert_eq!(kept["respond_by"], "2026-03-11T10:00:00Z", "seven, as when it began");

        // What begins in a case that runs has the new terms: a department's reply, the days to confirm.
        app.act(&member, &running, "accept", &json!({})).await.expect_status(200);
        let request = json!({ "department_id": district.department, "request": "请核实收费依据" });
        app.act(&admin, &running, "dispatch", &request).await.expect_status(200);
        let dispatched = app.case(&member, &running).await.expect_status(200);
        assert_eq!((&dispatched["reply_by"], &dispatched["respond_by"]), (&json!("2026-03-03T10:00:00Z"), &kept["respond_by"]));
        app.act(&member, &new, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已核实并退费。", "evidence": "visit" });
        let answered = app.act(&member, &new, "respond", &answer).await.expect_status(200);
        assert_eq!(answered["confirm_by"], json!(app.now() + chrono::TimeDelta::days(7)));

        // A category's own word comes before its committee's.
        let category = format!("categories/{}", district.category);
        change(app, &admin, &category, &json!({ "respond_days": 1 })).await.expect_status(200);
        let of_category = app.report(&district.code, "物业乱收费", Some(&resident)).await;
        assert_eq!(of_category["respond_by"], "2026-03-03T10:00:00Z");
        let other = app.report(&district.code, "路灯不亮", Some(&resident)).await;
        assert_eq!(other["respond_by"], "2026-03-05T10:00:00Z");

        let back = change(app, &admin, &terms, &json!({ "respond_days": null })).await.expect_status(200);
        assert_eq!((&back["respond_days"], &back["accept_days"]), (&json!(7), &json!(2)));
        let log = show(app, &admin, &path(&district, "audit-entries?limit=100")).await;
        let entries: Vec<&Value> = log["items"].as_array().unwrap().iter().filter(|it| it["target"] == "terms").collect();
        assert_eq!(entries.len(), 2);
        assert_eq!((&entries[0]["detail"]["before"]["respond_days"], &entries[0]["detail"]["after"]["respond_days"]), (&json!(3), &json!(7)));
        for wrong in [json!({ "respond_days": 0 }), json!({ "accept_days": 251 }), json!({ "answer_days": 3 })] {
            change(app, &admin, &terms, &wrong).await.expect_problem(422, "validation_failed");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn the_next_case_is_routed_by_the_rules_of_its_committee(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let rules = path(&district, "routing-rules");
        assert_eq!(show(app, &admin, &rules).await, json!({
            "committee_id": district.committee, "own": [], "full_at_percent": 100,
            "assign_off_duty": true, "named_member_crosses_stations": true,
        }));
        let report = async || app.report(&district.code, "物业乱收费", None).await["member"]["name"].clone();
        assert_eq!(report().await, "甲青山");
        // A desk of ten is full with one.
        let changed = change(app, &admin, &rules, &json!({ "full_at_percent": 10 })).await.expect_status(200);
        assert_eq!((&changed["own"], &changed["full_at_percent"]), (&json!(["full_at_percent"]), &json!(10)));
        assert_eq!(report().await, "乙流云");
        change(app, &admin, &rules, &json!({ "assign_off_duty": false })).await.expect_status(200);
        assert_eq!(report().await, Value::Null, "the one on duty is full: it waits for the manager");
        change(app, &admin, &rules, &json!({ "full_at_percent": null })).await.expect_status(200);
        assert_eq!(report().await, "甲青山");
        let log = show(app, &admin, &path(&district, "audit-entries")).await;
        assert_eq!(log["items"][0]["target"], "routing_rules");
        for wrong in [json!({ "full_at_percent": 0 }), json!({ "full_at_percent": 1001 }), json!({ "assign_off_duty": 1 })] {
            change(app, &admin, &rules, &wrong).await.expect_problem(422, "validation_failed");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn a_simulation_tells_what_would_go_elsewhere_and_changes_nothing(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let mut cases = Vec::new();
        for _ in 0..3 {
            cases.push(app.report(&district.code, "物业乱收费", None).await);
        }
        app.report(&district.member_code, "路灯不亮", None).await;
        let chosen = json!({ "code": district.code, "text": "路灯不亮", "member_id": district.member });
        app.send_report(&chosen, None).await.expect_status(201);
        let period = |more: Value| {
            let mut body = json!({ "from": "2026-03-01", "to": "2026-03-31" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };

        let same = simulate(app, &admin, &district, period(json!({}))).await;
        assert_eq!(same, json!({
            "cases": 5, "diverted": 0, "waiting_by_rules": 0, "waiting_would_be": 0, "items": [], "left_out": 0,
        }));
        let tighter = simulate(app, &admin, &district, period(json!({ "rules": { "full_at_percent": 10 } }))).await;
        let numbers: Vec<&Value> = tighter["items"].as_array().unwrap().iter().map(|it| &it["number"]).collect();
        assert_eq!(numbers, [&cases[1]["number"], &cases[2]["number"]]);
        let second = &tighter["items"][0];
        assert_eq!((&second["was"]["member"], &second["by_rules"]["member"]), (&json!("甲青山"), &json!("甲青山")));
        assert_eq!((&second["would_be"]["member"], second["reasons"].as_array().unwrap().len() > 1), (&json!("乙流云"), true));
        assert_eq!(tighter["items"][1]["would_be"].get("member"), None, "both are full");
        assert_eq!((&tighter["waiting_by_rules"], &tighter["waiting_would_be"]), (&json!(0), &json!(1)));

        let away = simulate(app, &admin, &district, period(json!({ "absent_members": [district.member] }))).await;
        assert_eq!(away["diverted"], 4, "three by their category, one that was chosen");
        assert!(away["items"].as_array().unwrap().iter().all(|it| it["would_be"]["member"] == "乙流云"));
        let before = json!({ "from": "2026-02-01", "to": "2026-03-01", "absent_members": [district.member] });
        assert_eq!(simulate(app, &admin, &district, before).await["cases"], 0);
        assert_eq!(app.db_count("committee_rules", None).await + app.db_count("audit_entries", None).await, 0);
        let shown = app.case(&admin, &cases[1]).await.expect_status(200);
        assert_eq!((&shown["member"]["name"], &shown["version"]), (&json!("甲青山"), &json!(1)));
        app.run_jobs().await;
    }
}

story! {
    async fn a_simulation_has_its_bounds(app: &App) with { tests::Setup::unlimited } {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let path = format!("/api/v1/{}", path(&district, "routing-simulations"));
        let stranger = app.neighbours().await;
        for (trial, pointer, code) in [
            (json!({ "from": "2026-03-02", "to": "2026-03-01" }), "/to", "out_of_range"),
            (json!({ "from": "2025-01-01", "to": "2026-01-02" }), "/to", "out_of_range"),
            (json!({ "from": "1999-12-31", "to": "2000-01-02" }), "/from", "out_of_range"),
            (json!({ "from": "2026-03-01", "to": "2026-03-02", "rules": { "full_at_percent": 0 } }), "/rules/full_at_percent", "out_of_range"),
            (json!({ "from": "2026-03-01", "to": "2026-03-02", "absent_members": [stranger.member] }), "/absent_members", "unknown"),
        ] {
            let refused = app.post(&path).bearer(&admin.token).json(&trial).await.expect_problem(422, "validation_failed");
            assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!(pointer), &json!(code)));
        }
        let case = app.report(&district.code, "物业乱收费", None).await;
        app.copy_case(&case, 4_999).await;
        let tighter = json!({ "from": "2026-03-01", "to": "2026-03-02", "rules": { "full_at_percent": 10 } });
        let most = app.post(&path).bearer(&admin.token).json(&tighter).await.expect_status(200);
        // By the rules ten go to each of the two; by those tried one does.
        assert_eq!((&most["cases"], &most["waiting_by_rules"], &most["waiting_would_be"]), (&json!(5_000), &json!(4_980), &json!(4_998)));
        assert_eq!((&most["diverted"], &most["left_out"]), (&json!(19), &json!(0)));
        app.copy_case(&case, 1).await;
        let refused = app.post(&path).bearer(&admin.token).json(&tighter).await.expect_problem(422, "validation_failed");
        assert_eq!(refused["errors"][0]["code"], "too_many_cases");
        app.run_jobs().await;
    }
}
