//! A phone on a bad network sends things twice: nothing is doubled, and the first answer comes again.

use domain::role::Role;
use futures::future::join_all;
use serde_json::json;
use tests::story;

story! {
    async fn a_supplement_that_is_sent_again_is_added_once(app: &App) {
        let district = app.district().await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let ticket = receipt["case_ticket"].as_str().unwrap();
        let path = format!("/api/v1/cases/{}/supplement", receipt["id"].as_str().unwrap());
        let add = |text: &str| {
            app.post(&path).ticket(ticket).idempotency_key("k").json(&json!({ "text": text })).into_future()
        };

        let answers = join_all((0..8).map(|_| add("在三号楼"))).await;
        let later = add("在三号楼").await;

        later.expect_status(200);
        assert!(answers.iter().all(|answer| answer.bytes() == later.bytes()), "the first answer, byte for byte");
        assert_eq!(later.header("etag"), "\"2\"");
        assert_eq!(app.db_count("case_events", Some("kind = 'supplement'")).await, 1);
        add("在四号楼").await.expect_problem(422, "idempotency_key_reused");
        app.run_jobs().await;
    }
}

story! {
    async fn an_answer_that_is_sent_again_is_given_once_also_when_it_could_not_be_given_now(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let path = format!("/api/v1/cases/{}/respond", receipt["id"].as_str().unwrap());
        let respond = |key: &str| {
            let request = app.post(&path).bearer(&member.token).idempotency_key(key).header("if-match", "\"2\"");
            request.json(&json!({ "text": "已修复", "evidence": "photo" })).into_future()
        };

        let first = respond("one").await;
        let again = respond("one").await;
        let another = respond("two").await;

        assert_eq!(first.expect_status(200)["state"], "responded");
        assert_eq!(again.bytes(), first.bytes());
        another.expect_problem(412, "version_conflict");
        assert_eq!(app.db_count("responses", None).await, 1);
        app.run_jobs().await;
    }
}

story! {
    async fn the_key_of_one_is_nothing_to_another(app: &App) {
        let district = app.district().await;
        let (mine, other) = (
            app.report(&district.code, "电梯坏了", None).await,
            app.report(&district.code, "路灯不亮", None).await,
        );
        let add = |case: &serde_json::Value, ticket: &serde_json::Value| {
            let path = format!("/api/v1/cases/{}/supplement", case["id"].as_str().unwrap());
            let request = app.post(&path).ticket(ticket["case_ticket"].as_str().unwrap()).idempotency_key("k");
            request.json(&json!({ "text": "补充" })).into_future()
        };

        add(&mine, &mine).await.expect_status(200);

        add(&other, &other).await.expect_status(200);
        add(&mine, &other).await.expect_problem(422, "idempotency_key_reused");
        assert_eq!(app.db_count("case_events", Some("kind = 'supplement'")).await, 2);
        app.run_jobs().await;
    }
}

story! {
    async fn a_code_and_an_invitation_that_are_asked_for_again_are_made_once(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let codes = format!("/api/v1/stations/{}/codes", district.station);
        let invitation = json!({ "role": "member", "scope_id": district.member.0 });
        for (path, body, table) in [
            (codes.as_str(), json!({ "placed_at": "一楼大厅" }), "codes"),
            ("/api/v1/invitations", invitation, "invitations"),
        ] {
            let before = app.db_count(table, None).await;
            let ask = || app.post(path).bearer(&admin.token).idempotency_key("k").json(&body).into_future();

            let answers = join_all((0..4).map(|_| ask())).await;

            answers[0].expect_status(201);
            assert!(answers.iter().all(|answer| answer.bytes() == answers[0].bytes()), "{path}");
            assert_eq!(app.db_count(table, None).await, before + 1, "{path}");
        }
    }
}
