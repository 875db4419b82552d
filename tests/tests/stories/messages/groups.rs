//! Staff whom WeChat does not reach are told in their group, without a name.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::json;
use tests::{App, story};

/// What the robot of the station has said.
fn robots(app: &App) -> Vec<String> {
    app.wechat().said().into_iter().map(|said| said.text).collect()
}

story! {
    async fn a_case_that_reaches_nobody_by_wechat_is_told_in_the_group_once(app: &App)
    with { |setup| setup.templates().robot() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let twin = app.staff("twin", Role::Member, district.member.0).await;

        // Neither of the member's accounts has agreed to anything.
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.run_jobs().await;
        let said = robots(app);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("新的群众反映") && said[0].contains("青石街道委员工作站"), "{said:?}");
        assert!(!said[0].contains("甲青山") && !said[0].contains("电梯"), "{said:?}");
        for person in [&member, &twin] {
            assert_eq!(app.told_of(person, &receipt).await, ["新的群众反映"]);
        }

        // Who has agreed is told on his own phone; the group is told for the other one.
        app.agree("member", &["demo-case-news"]).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        app.act(&resident, &receipt, "supplement", &json!({ "text": "三号楼" })).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(app.phone("member"), ["群众补充了情况"]);
        assert_eq!(robots(app).len(), 2);
        assert!(app.phone("resident").is_empty());
    }
}

story! {
    async fn residents_are_never_told_in_a_group_and_a_robot_keeps_to_its_limit(app: &App)
    with { |setup| setup.templates().robot() } {
        let district = app.district().await;
        // Two members take ten each; the manager has to find somebody for the rest.
        app.staff("member", Role::Member, district.member.0).await;
        app.staff("colleague", Role::Member, district.colleague.0).await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        for _ in 0..23 {
            app.report(&district.code, "电梯坏了", None).await;
        }
        app.run_jobs().await;
        assert_eq!(robots(app).len(), 20);
        assert_eq!(app.deliveries("refused").await, 23, "by WeChat, for want of a credit");
        app.advance(TimeDelta::minutes(1));
        app.run_jobs().await;
        assert_eq!(robots(app).len(), 23);
        assert_eq!(app.wechat().calls("/cgi-bin/webhook/send"), 23, "none was refused");
        assert!(robots(app).iter().all(|text| text.contains("新的群众反映")));
    }
}
