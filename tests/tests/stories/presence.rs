//! Who else has a case open: told to staff, for a minute, and never at the cost of the case.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Backend, Instance, Person, RedisServer, Setup, eventually, run, run_with, story};

async fn viewers(app: &App, by: &Person, case: &Value) -> Value {
    app.case(by, case).await.expect_status(200)["viewed_by"].clone()
}

story! {
    async fn staff_see_who_else_has_the_case_open_for_a_minute(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
        let receipt = app.send_report(&body, Some(&resident)).await.expect_status(201);
        let another = app.report(&district.code, "路灯不亮", None).await;

        assert_eq!(viewers(app, &member, &receipt).await, json!([]));
        assert_eq!(viewers(app, &member, &receipt).await, json!([]), "nobody sees himself");
        app.advance(TimeDelta::seconds(20));
        let its_member = json!({ "name": "甲青山", "role": "member" });
        assert_eq!(viewers(app, &manager, &receipt).await, json!([its_member]));
        app.advance(TimeDelta::seconds(20));
        let its_manager = json!({ "name": "站长", "role": "station_manager" });
        assert_eq!(viewers(app, &admin, &receipt).await, json!([its_manager, its_member]));
        assert_eq!(viewers(app, &admin, &another).await, json!([]), "of this case only");
        app.advance(TimeDelta::seconds(20));
        let office = json!({ "name": "政协办", "role": "committee_admin" });
        assert_eq!(viewers(app, &member, &receipt).await, json!([office, its_manager]));
        app.advance(TimeDelta::seconds(60));
        assert_eq!(viewers(app, &manager, &receipt).await, json!([]), "a minute is over");

        // The resident learns nothing of it, nor does he count; nor do lists and actions.
        let seen = app.case(&resident, &receipt).await.expect_status(200);
        assert!(seen.get("viewed_by").is_none());
        let slip = app.get(&format!("/api/v1/tracking/{}", receipt["number"].as_str().unwrap()));
        let slip = slip.ticket(receipt["case_ticket"].as_str().unwrap()).await.expect_status(200);
        assert!(slip.get("viewed_by").is_none());
        let accepted = app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        assert!(accepted.get("viewed_by").is_none());
        assert_eq!(viewers(app, &admin, &receipt).await, json!([its_manager]));
        app.run_jobs().await;
    }
}

/// What an instance tells somebody.
async fn at(instance: &Instance, by: &Person, case: &Value) -> Value {
    let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    let answer = instance.request(reqwest::Method::GET, &path).bearer(&by.token).await;
    answer.expect_status(200)["viewed_by"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_processes_see_who_has_a_case_open() {
    run(Backend::Postgres, async |app| {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
        let receipt = app.send_report(&body, None).await.expect_status(201);
        let other = app.another_instance().await;
        assert_eq!(at(&other, &member, &receipt).await, json!([]));
        assert_eq!(viewers(app, &manager, &receipt).await, json!([{ "name": "甲青山", "role": "member" }]));
        assert_eq!(
            at(&other, &member, &receipt).await,
            json!([{ "name": "站长", "role": "station_manager" }])
        );
        other.stop().await;
        app.run_jobs().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_case_is_shown_and_each_process_knows_its_own() {
    let mut redis = RedisServer::start().await;
    let setup = Setup::on(Backend::Postgres).redis(&redis).unlimited();
    run_with(setup, async |app| {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
        let receipt = app.send_report(&body, None).await.expect_status(201);
        let its_member = json!([{ "name": "甲青山", "role": "member" }]);
        let again = async || {
            viewers(app, &member, &receipt).await;
            viewers(app, &manager, &receipt).await == its_member
        };
        assert!(again().await);
        redis.kill();
        assert!(again().await, "from memory");
        redis.start_again().await;
        eventually("it goes on with Redis", async || {
            app.get("/health/ready").await.json()["cache"]["ok"] == true
        })
        .await;
        assert!(again().await);
        redis.pause();
        assert!(again().await, "from memory again");
        redis.resume();
        app.run_jobs().await;
    })
    .await;
}
