//! A resident's phone number: masked for everybody, shown whole to those who call back, and each look is
//! written down.

use domain::role::Role;
use serde_json::json;
use tests::story;

story! {
    async fn whoever_calls_back_sees_the_number_and_the_log_says_so(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let report = json!({ "code": district.code, "text": "路灯不亮", "member_id": district.member,
            "contact": { "name": "王示例", "phone": "19900000007" } });
        let case = app.send_report(&report, Some(&resident)).await.expect_status(201);
        let path = format!("/api/v1/cases/{}/reveal-phone", case["id"].as_str().unwrap());

        let seen = app.case(&member, &case).await.expect_status(200);
        assert_eq!(seen["contact"]["phone"], "199****0007");
        let revealed = app.post(&path).bearer(&member.token).await;
        assert_eq!(revealed.header("cache-control"), "no-store");
        assert_eq!(revealed.expect_status(200), json!({ "name": "王示例", "phone": "19900000007" }));
        app.post(&path).bearer(&resident.token).await.expect_problem(403, "not_allowed");
        app.post(&path).bearer(&colleague.token).await.expect_problem(404, "not_found");

        let log = format!("/api/v1/committees/{}/audit-entries", district.committee);
        let log = app.get(&log).bearer(&admin.token).await.expect_status(200);
        let looks = log["items"].as_array().unwrap();
        assert_eq!(looks.len(), 1, "a refused look shows nothing");
        assert_eq!((&looks[0]["action"], &looks[0]["target_id"]), (&json!("reveal_phone"), &case["id"]));
        assert!(!log.to_string().contains("19900000007"));
        app.run_jobs().await;
    }
}

story! {
    async fn nobody_calls_whoever_wants_to_stay_unknown_or_left_no_number(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let reveal = async |extra: serde_json::Value| {
            let mut report = json!({ "code": district.code, "text": "路灯不亮", "member_id": district.member });
            report.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            let case = app.send_report(&report, None).await.expect_status(201);
            let path = format!("/api/v1/cases/{}/reveal-phone", case["id"].as_str().unwrap());
            app.post(&path).bearer(&member.token).await
        };
        let unknown = json!({ "anonymous": true, "contact": { "phone": "19900000007" } });
        reveal(unknown).await.expect_problem(403, "not_allowed");
        reveal(json!({ "contact": { "name": "王示例" } })).await.expect_problem(404, "not_found");
        reveal(json!({})).await.expect_problem(404, "not_found");
        app.run_jobs().await;
    }
}
