//! Weeks later: was it really done? And a sent answer is corrected, never edited.

use api::service::deadlines::tick_due;
use chrono::TimeDelta;
use domain::role::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

/// A case of the resident that was answered so.
async fn answered(app: &App, district: &District, resident: Option<&Person>, evidence: &str) -> Value {
    let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
    let receipt = app.send_report(&body, resident).await.expect_status(201);
    let member = app.person("member").await;
    app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
    let answer = json!({ "text": "物业公司已答应更换扶手", "evidence": evidence });
    app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
    receipt
}

async fn confirm(app: &App, by: &Person, receipt: &Value) {
    app.act(by, receipt, "confirm", &json!({ "solved": "yes", "stars": 5 })).await.expect_status(200);
}

/// Lets days pass, one at a time as in life.
async fn days_pass(app: &App, days: i64) {
    for _ in 0..days {
        app.advance(TimeDelta::days(1));
        app.run_jobs().await;
    }
}

fn actions(case: &Value) -> Vec<&str> {
    case["allowed_actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

async fn told(app: &App, by: &Person, kind: &str) -> usize {
    let kind = format!("{kind}.");
    let of_kind = |it: &&Value| it["template"].as_str().unwrap_or_default().starts_with(&kind);
    app.inbox(by).await.iter().filter(of_kind).count()
}

story! {
    async fn weeks_after_an_explanation_the_resident_is_asked_once_whether_it_was_done(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let explained = answered(app, &district, Some(&resident), "explanation").await;
        let visited = answered(app, &district, Some(&resident), "visit").await;
        for receipt in [&explained, &visited] {
            confirm(app, &resident, receipt).await;
        }
        days_pass(app, 29).await;
        assert_eq!(app.db_count("second_looks", None).await, 0, "not yet");
        let resident = app.person("resident").await;
        let early = app.act(&resident, &explained, "second-look", &json!({ "done": "yes" })).await;
        early.expect_problem(403, "not_allowed");

        days_pass(app, 2).await;
        app.run_jobs().await;
        let resident = app.person("resident").await;
        assert_eq!(app.db_count("second_looks", None).await, 1, "the other rests on a visit");
        assert_eq!(app.db_count("case_events", Some("kind = 'second_look_asked'")).await, 1);
        assert_eq!(told(app, &resident, "second_look_asked").await, 1);
        let case = app.case(&resident, &explained).await.expect_status(200);
        assert_eq!(case["second_looks"][0]["proof"], "claimed");
        assert!(actions(&case).contains(&"second_look"));
        assert!(!actions(&app.case(&resident, &visited).await.expect_status(200)).contains(&"second_look"));

        let said = json!({ "done": "no", "comment": "扶手还没有换" });
        let case = app.act(&resident, &explained, "second-look", &said).await.expect_status(200);
        assert_eq!((&case["state"], &case["outcome"]), (&json!("closed"), &json!("solved")), "what was confirmed stays");
        let look = &case["second_looks"][0];
        assert_eq!((&look["proof"], &look["done"], &look["comment"]), (&json!("contested"), &json!("no"), &json!("扶手还没有换")));
        let again = app.act(&resident, &explained, "second-look", &json!({ "done": "yes" })).await;
        again.expect_problem(403, "not_allowed");
        days_pass(app, 60).await;
        assert_eq!(app.db_count("case_events", Some("kind = 'second_look_asked'")).await, 1, "once and for all");

        // The manager sees it and decides.
        let manager = app.person("manager").await;
        assert_eq!(told(app, &manager, "second_look").await, 1);
        let list = app.get("/api/v1/cases?view=station&second_look=contested").bearer(&manager.token).await;
        let items = list.expect_status(200)["items"].clone();
        assert_eq!((items.as_array().unwrap().len(), &items[0]["id"]), (1, &explained["id"]));
        app.act(&manager, &explained, "reopen", &json!({ "reason": "群众反映未落实" })).await.expect_status(200);
        let reopened = app.case(&manager, &explained).await.expect_status(200);
        assert_eq!(reopened["second_looks"][0]["proof"], "contested", "kept for ever");
        app.run_jobs().await;
    }
}

story! {
    async fn several_clocks_at_the_same_moment_ask_once(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        for _ in 0..3 {
            let receipt = answered(app, &district, Some(&resident), "explanation").await;
            confirm(app, &resident, &receipt).await;
        }
        app.run_jobs().await;
        app.advance(TimeDelta::days(30));
        for ticked in join_all((0..4).map(|_| tick_due(app.state()))).await {
            ticked.unwrap();
        }
        assert_eq!(app.db_count("case_events", Some("kind = 'second_look_asked'")).await, 3);
        assert_eq!(app.db_count("second_looks", None).await, 3);
        app.run_jobs().await;
        let resident = app.person("resident").await;
        assert_eq!(told(app, &resident, "second_look_asked").await, 3);
    }
}

story! {
    async fn a_kept_promise_is_asked_about_too_and_the_ticket_is_enough_to_answer(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        let member = app.person("member").await;
        let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
        let receipt = app.send_report(&body, None).await.expect_status(201);
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let promise = json!({ "promise": "更换扶手", "promised_on": "2026-03-06" });
        app.act(&member, &receipt, "plan", &promise).await.expect_status(200);
        let answer = json!({ "text": "已更换", "evidence": "photo" });
        app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
        // Nobody confirms: it closes by itself, and is asked about thirty days after that.
        days_pass(app, 46).await;
        let ticket = receipt["case_ticket"].as_str().unwrap();
        let path = format!("/api/v1/cases/{}", receipt["id"].as_str().unwrap());
        let case = app.get(&path).ticket(ticket).await.expect_status(200);
        assert_eq!((&case["outcome"], &case["second_looks"][0]["reason"]), (&json!("unconfirmed"), &json!("promise")));
        let look = || app.post(&format!("{path}/second-look")).ticket(ticket).idempotency_key("k").json(&json!({ "done": "yes" }));
        let first = look().await.expect_status(200);
        assert_eq!(first["second_looks"][0]["proof"], "confirmed");
        assert_eq!(first["outcome"], "unconfirmed", "a second look is no confirmation of the answer");
        assert_eq!(look().await.expect_status(200), first, "sent twice, said once");
        app.run_jobs().await;
    }
}

story! {
    async fn who_says_nothing_has_not_confirmed(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let receipt = answered(app, &district, Some(&resident), "explanation").await;
        confirm(app, &resident, &receipt).await;
        days_pass(app, 46).await;
        let resident = app.person("resident").await;
        let late = app.act(&resident, &receipt, "second-look", &json!({ "done": "yes" })).await;
        late.expect_problem(409, "too_late");
        let case = app.case(&resident, &receipt).await.expect_status(200);
        assert_eq!((&case["second_looks"][0]["proof"], &case["second_looks"][0]["done"]), (&json!("unconfirmed"), &json!(null)));
        for wrong in [json!({ "done": "maybe" }), json!({ "done": "yes", "comment": "长".repeat(501) })] {
            let refused = app.act(&resident, &receipt, "second-look", &wrong).await;
            refused.expect_problem(422, "validation_failed");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn a_sent_answer_is_corrected_beside_what_was_sent_and_never_edited(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let receipt = answered(app, &district, Some(&resident), "visit").await;
        let (member, manager) = (app.person("member").await, app.person("manager").await);
        let before = app.case(&resident, &receipt).await.expect_status(200);
        app.advance(TimeDelta::minutes(5));

        let correction = json!({ "text": "供电公司已答应更换扶手", "reason": "单位写错了" });
        app.act(&member, &receipt, "correct-response", &correction).await.expect_status(200);
        let second = json!({ "text": "供电公司3月6日更换扶手", "reason": "补充日期" });
        app.act(&manager, &receipt, "correct-response", &second).await.expect_status(200);
        app.run_jobs().await;

        let case = app.case(&resident, &receipt).await.expect_status(200);
        let answer = &case["responses"][0];
        assert_eq!(answer["text"], "物业公司已答应更换扶手", "what was sent stays as it was");
        assert_eq!(answer["corrections"][0]["text"], "供电公司已答应更换扶手");
        assert_eq!(answer["corrections"][1]["reason"], "补充日期");
        assert_eq!((&case["state"], &case["confirm_by"]), (&json!("responded"), &before["confirm_by"]));
        assert_eq!(told(app, &resident, "correct_response").await, 2);
        let path = format!("/api/v1/cases/{}/events", receipt["id"].as_str().unwrap());
        let events = app.get(&path).bearer(&resident.token).await.expect_status(200);
        let both: Vec<(Value, Value)> = events["items"].as_array().unwrap().iter()
            .filter(|event| event["kind"] == "correct_response")
            .map(|event| (event["former_text"].clone(), event["text"].clone())).collect();
        assert_eq!(both, [
            (json!("物业公司已答应更换扶手"), json!("供电公司已答应更换扶手")),
            (json!("供电公司已答应更换扶手"), json!("供电公司3月6日更换扶手")),
        ]);

        let open = json!({ "text": "{{单位}}更换扶手", "reason": "更正" });
        app.act(&member, &receipt, "correct-response", &open).await.expect_problem(422, "answer_unfilled");
        app.act(&member, &receipt, "correct-response", &json!({ "text": "更正", "reason": " " })).await
            .expect_problem(422, "validation_failed");
        let resident = app.person("resident").await;
        confirm(app, &resident, &receipt).await;
        app.act(&manager, &receipt, "correct-response", &second).await.expect_status(200);
        let closed = app.case(&resident, &receipt).await.expect_status(200);
        assert_eq!((&closed["state"], &closed["outcome"]), (&json!("closed"), &json!("solved")));
        app.run_jobs().await;
    }
}
