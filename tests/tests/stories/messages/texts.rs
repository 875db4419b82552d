//! Staff whom neither WeChat nor a group reaches are told by text message, if they have given a number.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{Answer, App, Backend, District, GatewayFault, Person, Setup, SmsGateway, run_with};

const NUMBER: &str = "199 0000 0021";
const DIGITS: &str = "19900000021";

/// A member who wants text messages.
async fn member_with_phone(app: &App, district: &District) -> Person {
    let member = app.staff("member", Role::Member, district.member.0).await;
    let body = json!({ "phone": NUMBER });
    app.put("/api/v1/me/phone").bearer(&member.token).json(&body).await.expect_status(204);
    member
}

/// The resident, who has no account, adds something.
async fn supplement(app: &App, receipt: &Value, text: &str) -> Answer {
    let path = format!("/api/v1/cases/{}/supplement", receipt["id"].as_str().unwrap_or_default());
    let ticket = receipt["case_ticket"].as_str().unwrap_or_default();
    app.post(&path).ticket(ticket).json(&json!({ "text": text })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_told_by_text_message_and_by_nothing_else() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let gateway = SmsGateway::start();
        let setup = Setup::on(backend).templates().texting(&gateway, &["new_case", "case_news"]);
        run_with(setup, async |app| told_by_text(app, &gateway).await).await;
    }
}

async fn told_by_text(app: &App, gateway: &SmsGateway) {
    let district = app.district().await;
    let member = member_with_phone(app, &district).await;
    // The twin has the same role and no number.
    app.staff("twin", Role::Member, district.member.0).await;
    let me = app.get("/api/v1/me").bearer(&member.token).await.expect_status(200);
    assert_eq!(me["phone"], "199****0021");
    let kept = app.get("/api/v1/me/export").bearer(&member.token).await.expect_status(200);
    assert_eq!(kept["phone"], DIGITS);

    let receipt = app.report(&district.code, "电梯坏了", None).await;
    app.run_jobs().await;
    let taken = gateway.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].phone, DIGITS);
    let text = &taken[0].text;
    assert!(text.contains("新的群众反映") && text.contains("青石街道委员工作站"), "{text}");
    assert!(!text.contains("甲青山") && !text.contains("电梯"), "{text}");
    let kept = app.get("/api/v1/me/export").bearer(&member.token).await.expect_status(200);
    let last = kept["deliveries"].as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
    assert_eq!((&last["channel"], &last["state"]), (&json!("sms"), &json!("sent")), "{kept}");

    // Who is reached by WeChat is not told twice.
    app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
    app.agree("member", &["demo-case-news"]).await;
    supplement(app, &receipt, "三号楼").await.expect_status(200);
    app.run_jobs().await;
    assert_eq!((app.phone("member").len(), gateway.taken().len()), (1, 1));

    app.delete("/api/v1/me/phone").bearer(&member.token).await.expect_status(204);
    supplement(app, &receipt, "四号楼").await.expect_status(200);
    app.run_jobs().await;
    assert_eq!(gateway.taken().len(), 1, "nobody has a number any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_fails_loses_nothing_and_doubles_nothing() {
    let gateway = SmsGateway::start();
    let setup = Setup::on(Backend::Postgres).texting(&gateway, &["new_case"]);
    run_with(setup, async |app| {
        let district = app.district().await;
        member_with_phone(app, &district).await;

        // Busy: later, and not sooner than it asks.
        gateway.order(&[GatewayFault::Busy(600)]);
        app.report(&district.code, "电梯坏了", None).await;
        app.run_jobs().await;
        app.advance(TimeDelta::minutes(9));
        app.run_jobs().await;
        assert_eq!((gateway.taken().len(), gateway.calls()), (0, 1));
        app.advance(TimeDelta::minutes(2));
        app.run_jobs().await;
        assert_eq!(gateway.taken().len(), 1);

        // Taken, and the answer says otherwise: never again, and visibly of unknown fate.
        gateway.order(&[GatewayFault::TakeAndFail]);
        app.report(&district.code, "路灯坏了", None).await;
        app.run_jobs().await;
        assert_eq!(app.deliveries("unknown").await, 1);
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        assert_eq!((gateway.taken().len(), gateway.calls()), (2, 3));
        assert_eq!(app.deliveries("dead").await, 1);

        // Refused: ended, and the operator is told without the number.
        gateway.order(&[GatewayFault::Refuse(403)]);
        app.report(&district.code, "水管坏了", None).await;
        app.run_jobs().await;
        assert_eq!(app.deliveries("refused").await, 1);
        let errors = app.take_errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("403") && !errors[0].contains(DIGITS), "{errors:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_the_staffs_own_and_goes_with_the_account() {
    let gateway = SmsGateway::start();
    let setup = Setup::on(Backend::Sqlite).texting(&gateway, &["new_case"]);
    run_with(setup, async |app| {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let put =
            |token: &str, body: serde_json::Value| app.put("/api/v1/me/phone").bearer(token).json(&body);
        put(&resident.token, json!({ "phone": NUMBER })).await.expect_problem(403, "not_allowed");

        let member = member_with_phone(app, &district).await;
        let kept = || app.db_count("account_phones", None);
        for wrong in
            [json!({ "phone": "call me" }), json!({ "phone": "123" }), json!({ "phone": "1".repeat(31) })]
        {
            put(&member.token, wrong).await.expect_problem(422, "validation_failed");
        }
        assert_eq!(kept().await, 1);
        let plain = format!("CAST(phone_sealed AS text) LIKE '%{DIGITS}%'");
        assert_eq!(app.db_count("account_phones", Some(&plain)).await, 0, "it is sealed");

        app.delete("/api/v1/me").bearer(&member.token).await.expect_status(204);
        assert_eq!(kept().await, 0);
    })
    .await;
}
