//! A member leaves: cases, codes and the record go in this order, and nothing is left without somebody.

use domain::role::Role;
use serde_json::{Value, json};
use tests::story;

use super::{change, create};

story! {
    async fn who_leaves_hands_cases_and_codes_over(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let to_member = json!({ "code": district.code, "text": "物业乱收费", "member_id": district.member });
        let mut cases: Vec<Value> = Vec::new();
        for _ in 0..4 {
            cases.push(app.send_report(&to_member, Some(&resident)).await.expect_status(201));
        }
        for case in &cases[1..] {
            app.act(&member, case, "accept", &json!({})).await.expect_status(200);
        }
        app.act(&member, &cases[2], "request-information", &json!({ "question": "哪一栋楼？" })).await.expect_status(200);
        let answer = json!({ "text": "已核实并退费。", "evidence": "visit" });
        app.act(&member, &cases[3], "respond", &answer).await.expect_status(200);
        let code = create(app, &manager, &format!("members/{}/codes", district.member), &json!({})).await;
        let card = format!("/api/v1/codes/{}", code["token"].as_str().unwrap());
        assert_eq!(app.get(&card).await.expect_status(200)["code"]["kind"], "member");

        let path = format!("/api/v1/members/{}/reassign-cases", district.member);
        let order = json!({ "reason": "任期届满", "rehome_codes": true });
        let move_cases = async || app.post(&path).bearer(&manager.token).json(&order).await.expect_status(200);
        let first = move_cases().await;
        assert_eq!(first, json!({ "reassigned": 2, "to_manager": 0, "left": 1, "codes": 1 }));
        let card = app.get(&card).await.expect_status(200);
        assert_eq!((&card["code"]["kind"], card.get("member")), (&json!("station"), None), "no reprint is needed");
        let moved = app.case(&manager, &cases[0]).await.expect_status(200);
        assert_eq!((&moved["member"]["name"], &moved["state"]), (&json!("乙流云"), &json!("assigned")));
        assert_eq!(moved["respond_by"], cases[0]["respond_by"], "the clock goes on");
        let record = format!("members/{}", district.member);
        let left = json!({ "left_on": "2026-01-01" });
        change(app, &admin, &record, &left).await.expect_problem(409, "has_open_cases");

        app.act(&resident, &cases[2], "supplement", &json!({ "text": "三栋" })).await.expect_status(200);
        let second = move_cases().await;
        assert_eq!(second, json!({ "reassigned": 1, "to_manager": 0, "left": 0, "codes": 0 }));
        change(app, &admin, &record, &left).await.expect_status(200);
        app.act(&resident, &cases[3], "contest", &json!({ "reason": "没有退费" })).await.expect_status(200);
        let contested = app.case(&manager, &cases[3]).await.expect_status(200);
        assert!(contested["allowed_actions"].as_array().unwrap().contains(&json!("reassign")));
        app.run_jobs().await;
    }
}

story! {
    async fn a_manager_hands_over_what_is_at_his_station_and_to_whom_he_wants(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let other = app.staff("other", Role::StationManager, district.other_station.0).await;
        let case = app.report(&district.code, "物业乱收费", None).await;
        let path = format!("/api/v1/members/{}/reassign-cases", district.member);
        let order = |to| json!({ "reason": "请假", "to_member_id": to });
        let refused = app.post(&path).bearer(&other.token).json(&order(district.colleague)).await;
        refused.expect_problem(404, "not_found");

        let elsewhere = app.post(&path).bearer(&manager.token).json(&order(district.other_member)).await;
        assert_eq!(elsewhere.expect_status(200)["left"], 1, "who does not serve the station takes nothing");
        let done = app.post(&path).bearer(&manager.token).json(&order(district.colleague)).await;
        assert_eq!(done.expect_status(200)["reassigned"], 1);
        let moved = app.case(&manager, &case).await.expect_status(200);
        assert_eq!(moved["member"]["name"], "乙流云");
        app.run_jobs().await;
    }
}
