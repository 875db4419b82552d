//! Two instances on one PostgreSQL and one Redis are one service.

use std::collections::BTreeSet;

use domain::role::Role;
use serde_json::{Value, json};
use tests::{Backend, Setup, eventually, run, run_with};

#[tokio::test(flavor = "multi_thread")]
async fn what_one_instance_changes_the_other_sees() {
    // Asking until it is so may be more often than a limit lets pass on a clock that stands still.
    run_with(Setup::on(Backend::Postgres).unlimited(), async |app| {
        let district = app.district().await;
        let other = app.another_instance().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let (invited, leaving) = (app.person("invited").await, app.person("leaving").await);

        // A revoked code: both have the card in their own memory.
        let card = format!("/api/v1/codes/{}", district.code);
        app.get(&card).await.expect_status(200);
        other.get(&card).await.expect_status(200);
        let revoke = app.post(&format!("{card}/revoke")).bearer(&manager.token);
        revoke.json(&json!({ "reason": "海报破损" })).await.expect_status(200);
        app.get(&card).await.expect_problem(410, "code_revoked");
        eventually("the code is revoked there", async || other.get(&card).await.status() == 410).await;

        // A new role: the other believes for a moment that there is none.
        let queue = "/api/v1/cases?view=station";
        let refused = other.get(queue).bearer(&invited.token).await;
        assert_eq!(refused.status(), 403);
        let invitation = json!({ "role": "station_manager", "scope_id": district.station });
        let made = app.post("/api/v1/invitations").bearer(&admin.token).json(&invitation).await;
        let made: Value = made.expect_status(201);
        let binding = app.post("/api/v1/me/bindings").bearer(&invited.token);
        binding.json(&json!({ "invite_code": made["code"] })).await.expect_status(201);
        app.get(queue).bearer(&invited.token).await.expect_status(200);
        let has_role = async || other.get(queue).bearer(&invited.token).await.status() == 200;
        eventually("the role counts there", has_role).await;

        // An ended login.
        other.get("/api/v1/me").bearer(&leaving.token).await.expect_status(200);
        app.delete("/api/v1/sessions/current").bearer(&leaving.token).await.expect_status(204);
        app.get("/api/v1/me").bearer(&leaving.token).await.expect_problem(401, "unauthenticated");
        let is_out = async || other.get("/api/v1/me").bearer(&leaving.token).await.status() == 401;
        eventually("the login has ended there", is_out).await;

        // One key is one case, wherever it is sent.
        let body = json!({ "code": district.member_code, "text": "电梯坏了" });
        let here = app.post("/api/v1/cases").idempotency_key("one-and-the-same").json(&body);
        let there = other.post("/api/v1/cases").idempotency_key("one-and-the-same").json(&body);
        let (here, there) = tokio::join!(here.into_future(), there.into_future());
        here.expect_status(201);
        assert_eq!(here.bytes(), there.bytes());
        assert_eq!(app.db_count("cases", None).await, 1);
        app.run_jobs().await;
        other.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_jobs_and_do_each_once() {
    run(Backend::Postgres, async |app| {
        let district = app.district().await;
        app.staff("colleague", Role::Member, district.colleague.0).await;
        let program = app.program().unlimited();
        let (mut one, mut two) = (program.serve().await, program.serve().await);

        let body = json!({ "code": district.member_code, "text": "电梯坏了" });
        for n in 0..20 {
            for (process, name) in [(&one, "one"), (&two, "two")] {
                let request = process.post("/api/v1/cases").idempotency_key(&format!("{name}-{n}"));
                request.json(&body).await.expect_status(201);
            }
        }

        let notify = Some("kind = 'notify_case'");
        eventually("all are told", async || app.db_count("outbox", notify).await == 0).await;
        assert_eq!(app.db_count("messages", None).await, 40, "each once");
        let planned = api::store::outbox::list_pending_kinds(app.db()).await.unwrap();
        let kinds: BTreeSet<&String> = planned.iter().collect();
        assert_eq!(kinds.len(), api::jobs::Job::PERIODIC.len(), "{planned:?}");
        assert_eq!(planned.len(), kinds.len(), "each periodic job waits once");
        for process in [&mut one, &mut two] {
            process.terminate();
            assert_eq!(process.exit_code().await, Some(0));
        }
    })
    .await;
}
