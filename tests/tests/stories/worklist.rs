//! The member's list (履职清单): to do, waiting, done; by due time; with what changed since it was last seen.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

async fn list(app: &App, by: &Person, query: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/cases?view=assigned&limit=2&{query}{cursor}");
        let page = app.get(&path).bearer(&by.token).await.expect_status(200);
        items.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

async fn first_letters(app: &App, by: &Person, query: &str) -> String {
    let items = list(app, by, query).await;
    items.iter().filter_map(|item| item["excerpt"].as_str()?.chars().next()).collect()
}

async fn counts(app: &App, by: &Person) -> Value {
    app.get("/api/v1/cases/counts?view=assigned").bearer(&by.token).await.expect_status(200)
}

async fn given(app: &App, district: &District, text: &str, by: Option<&Person>) -> Value {
    let body = json!({ "code": district.code, "text": text, "member_id": district.member });
    app.send_report(&body, by).await.expect_status(201)
}

/// The item of a case in a list.
async fn item(app: &App, by: &Person, view: &str, case: &Value) -> Value {
    let path = format!("/api/v1/cases?view={view}");
    let page = app.get(&path).bearer(&by.token).await.expect_status(200);
    let found = page["items"].as_array().unwrap().iter().find(|item| item["id"] == case["id"]);
    found.unwrap_or_else(|| panic!("not in {page}")).clone()
}

story! {
    async fn a_members_list_has_three_parts_and_every_case_is_in_one(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let mut cases = Vec::new();
        for text in ["一 新的", "二 在办", "三 已问", "四 承诺", "五 已答", "六 办结"] {
            cases.push(given(app, &district, text, Some(&resident)).await);
        }
        for case in &cases[1..] {
            app.act(&member, case, "accept", &json!({})).await.expect_status(200);
        }
        app.act(&member, &cases[2], "request-information", &json!({ "question": "几号楼？" })).await.expect_status(200);
        let promise = json!({ "promise": "更换路灯", "promised_on": "2026-03-05" });
        app.act(&member, &cases[3], "plan", &promise).await.expect_status(200);
        for case in &cases[4..] {
            let answer = json!({ "text": "已修复", "evidence": "visit" });
            app.act(&member, case, "respond", &answer).await.expect_status(200);
        }
        app.act(&resident, &cases[5], "confirm", &json!({ "solved": "yes", "stars": 5 })).await.expect_status(200);

        assert_eq!(first_letters(app, &member, "list=todo").await, "一二");
        assert_eq!(first_letters(app, &member, "list=waiting").await, "三四五");
        assert_eq!(first_letters(app, &member, "list=done").await, "六");
        assert_eq!(first_letters(app, &member, "list=todo&state=assigned").await, "一", "other filters still hold");
        let numbers = counts(app, &member).await;
        let totals: Vec<i64> = ["todo", "waiting", "done"].iter().filter_map(|it| numbers[it]["total"].as_i64()).collect();
        assert_eq!(totals, [2, 3, 1]);
        assert_eq!(numbers["done"], json!({ "total": 1 }), "what has ended is only counted");

        // On its last day the promise is the member's to keep.
        app.advance(TimeDelta::days(3));
        let member = app.person("member").await;
        assert_eq!(first_letters(app, &member, "list=todo").await, "一二四");
        assert_eq!(first_letters(app, &member, "list=waiting").await, "三五");
        assert_eq!(list(app, &member, "list=todo").await[2]["promised_on"], "2026-03-05");
        assert_eq!(counts(app, &member).await["todo"], json!({ "total": 3, "unseen": 1, "overdue": 0 }));
        app.advance(TimeDelta::days(20));
        let member = app.person("member").await;
        assert_eq!(counts(app, &member).await["todo"]["overdue"], 2, "the clock of a promise is another one");
        app.run_jobs().await;
    }
}

story! {
    async fn the_list_of_what_is_to_do_comes_by_due_time_unless_asked_otherwise(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        for text in ["一", "二", "三"] {
            given(app, &district, text, None).await;
            app.advance(TimeDelta::days(1));
        }
        let member = app.person("member").await;
        assert_eq!(first_letters(app, &member, "list=todo").await, "一二三");
        assert_eq!(first_letters(app, &member, "list=todo&sort=-created").await, "三二一");
        assert_eq!(first_letters(app, &member, "").await, "三二一");
        for wrong in ["view=mine&list=todo", "view=assigned&list=later", "view=station&list=done"] {
            let refused = app.get(&format!("/api/v1/cases?{wrong}")).bearer(&member.token).await;
            assert_eq!(refused.expect_problem(422, "validation_failed")["errors"][0]["pointer"], "list");
        }
        let elsewhere = app.get("/api/v1/cases/counts?view=station").bearer(&member.token).await;
        elsewhere.expect_problem(422, "validation_failed");
        app.run_jobs().await;
    }
}

story! {
    async fn a_change_is_marked_until_it_was_looked_at(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = given(app, &district, "电梯坏了", Some(&resident)).await;

        let new = item(app, &member, "assigned", &receipt).await;
        assert_eq!((&new["unseen"], &new["change"]["kind"]), (&json!(true), &json!("created")));
        app.case(&member, &receipt).await.expect_status(200);
        assert_eq!(item(app, &member, "assigned", &receipt).await["unseen"], false);
        assert_eq!(item(app, &manager, "station", &receipt).await["unseen"], true, "each has eyes of his own");

        // What one did oneself is no news.
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        assert_eq!(item(app, &member, "assigned", &receipt).await["unseen"], false);
        assert_eq!(item(app, &manager, "station", &receipt).await["change"]["kind"], "accept");

        app.act(&resident, &receipt, "supplement", &json!({ "text": "在三号楼" })).await.expect_status(200);
        let changed = item(app, &member, "assigned", &receipt).await;
        assert_eq!(changed["change"], json!({ "kind": "supplement", "label": "补充材料" }));
        assert_eq!(counts(app, &member).await["todo"], json!({ "total": 1, "unseen": 1, "overdue": 0 }));
        for _ in 0..2 {
            app.case(&member, &receipt).await.expect_status(200);
        }
        let seen = item(app, &member, "assigned", &receipt).await;
        assert_eq!((&seen["unseen"], &seen["change"]), (&json!(false), &json!(null)));
        assert_eq!(counts(app, &member).await["todo"]["unseen"], 0);
        assert_eq!(app.db_count("case_views", None).await, 1);

        // A resident's looks are not kept, and his list says so by saying nothing.
        app.case(&resident, &receipt).await.expect_status(200);
        assert_eq!(item(app, &resident, "mine", &receipt).await["unseen"], json!(null));
        assert_eq!(app.db_count("case_views", None).await, 1);
        app.delete("/api/v1/me").bearer(&member.token).await.expect_status(204);
        assert_eq!(app.db_count("case_views", None).await, 0);
        app.run_jobs().await;
    }
}
