//! The time per holder (首接负责): everybody answers for his own, and together it is the whole.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::json;
use tests::story;

story! {
    async fn a_case_that_was_handed_back_shows_who_had_it_for_how_long(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let body = json!({ "code": district.code, "text": "电梯停了两天", "member_id": district.member });
        let case = app.send_report(&body, Some(&resident)).await.expect_status(201);
        let due = case["respond_by"].clone();

        app.advance(TimeDelta::minutes(2));
        app.act(&member, &case, "return", &json!({ "reason": "不熟悉电梯" })).await.expect_status(200);
        app.advance(TimeDelta::minutes(3));
        let to = json!({ "member_id": district.colleague, "reason": "请您接办" });
        app.act(&manager, &case, "assign", &to).await.expect_status(200);
        app.advance(TimeDelta::minutes(4));
        app.act(&colleague, &case, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已修复，明早恢复运行。", "evidence": "visit" });
        let answered = app.act(&colleague, &case, "respond", &answer).await.expect_status(200);
        assert_eq!(answered["respond_by"], due, "handing back does not move the due time");
        app.advance(TimeDelta::minutes(5));

        let path = format!("/api/v1/cases/{}/holders", case["id"].as_str().unwrap());
        let seen = app.get(&path).bearer(&manager.token).await.expect_status(200);
        let times = seen["holders"].as_array().unwrap().iter().map(|holder| {
            (holder["kind"].as_str().unwrap(), holder["name"].as_str(), holder["time_s"].as_i64().unwrap() / 60)
        });
        assert_eq!(times.collect::<Vec<_>>(), [
            ("member", Some("甲青山"), 2),
            ("manager", Some("青石街道委员工作站"), 3),
            ("member", Some("乙流云"), 4),
            ("resident", None, 5),
        ]);
        assert_eq!((&seen["whole_s"], &seen["working_s"]), (&json!(14 * 60), &json!(14 * 60)));
        app.get(&path).bearer(&resident.token).await.expect_problem(403, "not_allowed");
        app.run_jobs().await;
    }
}
