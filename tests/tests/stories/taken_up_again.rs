//! A case that is taken up again goes to somebody who is there.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Person, story};

async fn acts(app: &App, by: &Person, case: &Value, action: &str, body: Value) -> Value {
    app.act(by, case, action, &body).await.expect_status(200)
}

/// A case that the member has answered and the resident contests.
async fn contested(app: &App, by: &Person, member: &Person, body: &Value) -> Value {
    let case = app.send_report(body, Some(by)).await.expect_status(201);
    acts(app, member, &case, "accept", json!({})).await;
    acts(app, member, &case, "respond", json!({ "text": "已修复。", "evidence": "visit" })).await;
    acts(app, by, &case, "contest", json!({ "reason": "没有修好" })).await;
    case
}

story! {
    async fn a_reopened_case_goes_to_the_manager_when_its_member_is_away(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
        let mut cases = Vec::new();
        for _ in 0..4 {
            cases.push(contested(app, &resident, &member, &body).await);
        }
        let reason = json!({ "reason": "请再去一次" });
        let path = format!("/api/v1/members/{}/absences", district.member);
        let absent = async |hours: i64| {
            let (from, until) = (app.now(), app.now() + TimeDelta::hours(hours));
            let absence = json!({ "starts_at": from, "ends_at": until });
            app.post(&path).bearer(&member.token).json(&absence).await.expect_status(201)
        };

        // He is here.
        let seen = acts(app, &manager, &cases[0], "reopen", reason.clone()).await;
        assert_eq!((&seen["state"], &seen["member"]["id"]), (&json!("in_progress"), &json!(district.member)));
        // He is away for an afternoon, and back before anybody would have had to accept it.
        absent(4).await;
        let seen = acts(app, &manager, &cases[1], "reopen", reason.clone()).await;
        assert_eq!(seen["state"], "in_progress");
        // He is away for weeks.
        absent(24 * 20).await;
        let seen = acts(app, &manager, &cases[2], "reopen", reason.clone()).await;
        assert_eq!((&seen["state"], &seen["member"]), (&json!("received"), &json!(null)));
        app.run_jobs().await;
        assert_eq!(app.told_of(&resident, &cases[2]).await[0], "重新办理");
        assert_eq!(app.told_of(&member, &cases[2]).await[0], "重新办理", "who answered hears that it went on without him");
        let queue = app.get("/api/v1/cases?view=station&state=received").bearer(&manager.token).await.expect_status(200);
        assert_eq!(queue["items"][0]["id"], cases[2]["id"]);
        let to = json!({ "member_id": district.colleague, "reason": "请接手" });
        acts(app, &manager, &cases[2], "assign", to).await;

        // He has left: what he had was given to a colleague, but for what is closed.
        let kept = &cases[3];
        acts(app, &manager, kept, "uphold", json!({ "explanation": "已核实" })).await;
        let to = json!({ "to_member_id": district.colleague, "reason": "届满" });
        let path = format!("/api/v1/members/{}/reassign-cases", district.member);
        app.post(&path).bearer(&admin.token).json(&to).await.expect_status(200);
        let left = json!({ "left_on": "2026-03-02" });
        app.patch(&format!("/api/v1/members/{}", district.member)).bearer(&admin.token).json(&left).await.expect_status(200);
        let seen = acts(app, &admin, kept, "reopen", reason).await;
        assert_eq!((&seen["state"], &seen["member"]), (&json!("received"), &json!(null)));
        app.run_jobs().await;
    }
}

story! {
    async fn a_follower_that_is_let_go_does_not_go_back_to_a_member_who_is_away(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let colleagues = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.colleague });
        let leading = app.send_report(&colleagues, Some(&resident)).await.expect_status(201);
        let mine = json!({ "code": district.code, "text": "电梯又坏了", "member_id": district.member });
        let follower = app.send_report(&mine, Some(&resident)).await.expect_status(201);
        acts(app, &member, &follower, "accept", json!({})).await;
        acts(app, &manager, &follower, "merge", json!({ "leading_case_id": leading["id"] })).await;
        let absence = json!({ "starts_at": app.now(), "ends_at": app.now() + TimeDelta::days(30) });
        let path = format!("/api/v1/members/{}/absences", district.member);
        app.post(&path).bearer(&member.token).json(&absence).await.expect_status(201);
        acts(app, &resident, &leading, "withdraw", json!({})).await;
        app.run_jobs().await;
        let seen = app.case(&manager, &follower).await.expect_status(200);
        assert_eq!((&seen["state"], &seen["member"]), (&json!("received"), &json!(null)));
        assert!(app.told_of(&manager, &follower).await.contains(&"恢复单独办理".to_owned()));
    }
}
