//! What happens at the same moment happens once.

use std::collections::BTreeSet;

use domain::role::Role;
use futures::future::join_all;
use serde_json::json;
use tests::story;

story! {
    async fn fifty_posts_with_one_key_make_one_case(app: &App) {
        let district = app.district().await;
        let body = json!({ "code": district.code, "text": "电梯坏了" });
        let post = || async { app.post("/api/v1/cases").idempotency_key("one-and-the-same").json(&body).await };

        let answers = join_all((0..50).map(|_| post())).await;

        assert!(answers.iter().all(|answer| answer.status() == 201));
        let bodies: BTreeSet<&[u8]> = answers.iter().map(|answer| answer.bytes()).collect();
        assert_eq!(bodies.len(), 1, "the first answer, byte for byte");
        assert_eq!(app.db_count("cases", None).await, 1);
        assert_eq!(app.db_count("case_events", None).await, 1);
        let other = json!({ "code": district.code, "text": "别的事" });
        let reused = app.post("/api/v1/cases").idempotency_key("one-and-the-same").json(&other).await;
        reused.expect_problem(422, "idempotency_key_reused");
        app.run_jobs().await;
    }
}

story! {
    async fn of_two_managers_who_reassign_at_once_one_wins(app: &App) {
        let district = app.district().await;
        let one = app.staff("one", Role::StationManager, district.station.0).await;
        let two = app.staff("two", Role::CommitteeAdmin, district.committee.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let path = format!("/api/v1/cases/{}/reassign", receipt["id"].as_str().unwrap());
        let reassign = |token: String, member: uuid::Uuid| {
            let request = app.post(&path).bearer(&token).header("if-match", "\"1\"");
            request.json(&json!({ "member_id": member, "reason": "同时改派" }))
        };

        let answers = join_all([
            reassign(one.token, district.colleague.0).into_future(),
            reassign(two.token, district.member.0).into_future(),
        ])
        .await;

        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        assert_eq!(app.db_count("case_events", Some("kind = 'reassign'")).await, 1);
        app.run_jobs().await;
    }
}
