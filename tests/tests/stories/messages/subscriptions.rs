//! What the mini-program asks people to agree to.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Person, story};

use super::answered;

async fn offers(app: &App, person: &Person, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/me/subscriptions{query}");
    let list = app.get(&path).bearer(&person.token).await.expect_status(200);
    list["items"].as_array().unwrap().clone()
}

fn ids(offers: &[Value]) -> Vec<&str> {
    offers.iter().map(|offer| offer["template_id"].as_str().unwrap()).collect()
}

story! {
    async fn people_are_asked_for_three_templates_that_fit_what_they_do(app: &App)
    with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let officer = app.staff("officer", Role::DepartmentOfficer, district.department.0).await;

        assert_eq!(ids(&offers(app, &resident, "").await), ["demo-answered", "demo-asked-back", "demo-progress"]);
        assert_eq!(ids(&offers(app, &resident, "?situation=booking").await), ["demo-reception"]);
        assert!(offers(app, &resident, "?situation=work").await.is_empty());
        assert_eq!(ids(&offers(app, &member, "").await), ["demo-new-case", "demo-overdue", "demo-case-news"]);
        assert_eq!(ids(&offers(app, &officer, "").await), ["demo-dispatched", "demo-overdue"]);
        let path = "/api/v1/me/subscriptions?situation=elsewhere";
        app.get(path).bearer(&member.token).await.expect_problem(422, "validation_failed");

        // WeChat's word counts; whoever has plenty of one is asked for others first.
        app.agree("resident", &["demo-answered"; 5]).await;
        let list = offers(app, &resident, "").await;
        assert_eq!(ids(&list), ["demo-asked-back", "demo-progress", "demo-confirm"]);
        app.agree("resident", &["demo-progress"]).await;
        assert_eq!(offers(app, &resident, "").await[1]["credit"], 1);
    }
}

story! {
    async fn what_the_mini_program_tells_is_a_hint_and_no_credit(app: &App) with { |setup| setup.templates() } {
        let resident = app.person("resident").await;
        let tell = async |body: Value, key: &str| {
            let request = app.post("/api/v1/me/subscriptions").bearer(&resident.token).idempotency_key(key);
            request.json(&body).await
        };
        let answer = |id: &str, word: &str| json!({ "template_id": id, "answer": word });
        let body = json!({ "answers": [answer("demo-answered", "accept"), answer("demo-progress", "reject")] });
        for _ in 0..2 {
            tell(body.clone(), "one").await.expect_status(204);
        }
        let list = offers(app, &resident, "").await;
        assert_eq!((&list[0]["credit"], &list[0]["last_answer"]), (&json!(0), &json!("accept")));
        assert_eq!((&list[2]["credit"], &list[2]["last_answer"]), (&json!(0), &json!("reject")));

        for bad in [
            json!({ "answers": [] }),
            json!({ "answers": [answer("unknown", "accept")] }),
            json!({ "answers": [answer("demo-answered", "maybe")] }),
            json!({ "answers": vec![answer("demo-answered", "accept"); 6] }),
        ] {
            tell(bad, "two").await.expect_problem(422, "validation_failed");
        }
    }
}

story! {
    async fn without_templates_nobody_is_asked_and_nothing_is_planned(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        app.staff("member", Role::Member, district.member.0).await;
        assert!(offers(app, &resident, "").await.is_empty());
        app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.run_jobs().await;
        assert_eq!(app.db_count("deliveries", None).await, 0);
    }
}

story! {
    async fn who_is_erased_leaves_no_agreement_and_no_message(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.agree("resident", &["demo-answered", "demo-progress"]).await;
        answered(app, &district, &resident, &member).await;
        app.run_jobs().await;
        assert_eq!(app.phone("resident"), ["开始办理", "已有答复"]);
        app.delete("/api/v1/me").bearer(&resident.token).await.expect_status(204);
        assert_eq!(app.db_count("subscriptions", None).await, 0);
        let openid = app.wechat().user("resident").unwrap().openid;
        assert_eq!(app.db_count("deliveries", Some(&format!("openid = '{openid}'"))).await, 0);
    }
}
