//! PostgreSQL stops and comes back: 503 meanwhile, and no restart after.

use std::time::{Duration, Instant};

use domain::role::Role;
use futures::future::join_all;
use serde_json::json;
use tests::{Answer, App, Backend, PostgresServer, Request, Setup, eventually, run_with};

/// The wait for a connection, and a little for everything else.
const BOUND: Duration = Duration::from_secs(6);

/// A request that needs the database is refused in bounded time, and told to come back.
async fn is_refused(request: Request) {
    let asked = Instant::now();
    let answer: Answer = request.await;
    answer.expect_problem(503, "unavailable");
    assert!(asked.elapsed() < BOUND, "{:?}", asked.elapsed());
}

fn post_case(app: &App, code: &str) -> Request {
    let request = app.post("/api/v1/cases").idempotency_key("one-and-the-same");
    request.json(&json!({ "code": code, "text": "电梯坏了" }))
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_the_service_says_come_back_and_does_so_itself() {
    let mut postgres = PostgresServer::start().await;
    run_with(Setup::on(Backend::Postgres).postgres(&postgres), async |app| {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let card = format!("/api/v1/codes/{}", district.code);
        let seen = app.get(&card).await;
        let receipt = app.report(&district.code, "物业乱收费", Some(&resident)).await;

        for how in ["stopped", "killed"] {
            if how == "stopped" {
                postgres.stop().await
            } else {
                postgres.kill()
            }

            // What needs it is refused; what is cached is answered still.
            is_refused(app.get("/health/ready")).await;
            is_refused(post_case(app, &district.code)).await;
            is_refused(app.get("/api/v1/stations/00000000-0000-7000-8000-0000000000ff")).await;
            let js_code = app.wechat().login("resident").unwrap();
            is_refused(app.post("/api/v1/sessions/wechat").json(&json!({ "js_code": js_code }))).await;
            is_refused(app.get("/api/v1/cases?view=mine").bearer(&resident.token)).await;
            assert_eq!(app.get(&card).await.bytes(), seen.bytes());
            app.get("/health/live").await.expect_status(200);
            assert!(!app.take_errors().is_empty(), "the operator finds them in the log");

            postgres.start_again().await;
            eventually("ready again", async || app.get("/health/ready").await.status() == 200).await;
            let _ = app.take_errors();
        }

        // Everything works again, with the connections of before and without a restart.
        let first = post_case(app, &district.code).await;
        first.expect_status(201);
        assert_eq!(post_case(app, &district.code).await.bytes(), first.bytes());
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        app.run_jobs().await;
        let inbox = app.get("/api/v1/me/messages").bearer(&resident.token).await.expect_status(200);
        assert!(!inbox["items"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_holds_nobody_for_ever() {
    let postgres = PostgresServer::start().await;
    let setup = Setup::on(Backend::Postgres).postgres(&postgres).set("server.request_timeout_s", "2");
    run_with(setup, async |app| {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let card = format!("/api/v1/codes/{}", district.code);
        let seen = app.get(&card).await;

        postgres.pause();
        is_refused(app.get("/health/ready")).await;
        // More than there are connections.
        let lists = (0..15).map(|_| is_refused(app.get("/api/v1/cases?view=mine").bearer(&resident.token)));
        join_all(lists).await;
        is_refused(post_case(app, &district.code)).await;
        assert_eq!(app.get(&card).await.bytes(), seen.bytes());
        postgres.resume();

        eventually("ready again", async || app.get("/health/ready").await.status() == 200).await;
        // Whether the first try was carried out after all, nobody knows; the second one is safe.
        post_case(app, &district.code).await.expect_status(201);
        assert_eq!(app.db_count("cases", None).await, 1);
        app.get("/api/v1/cases?view=mine").bearer(&resident.token).await.expect_status(200);
        assert!(!app.take_errors().is_empty(), "the operator finds them in the log");
        app.run_jobs().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_runner_goes_on_when_the_database_is_back() {
    let mut postgres = PostgresServer::start().await;
    run_with(Setup::on(Backend::Postgres).postgres(&postgres), async |app| {
        let district = app.district().await;
        app.staff("colleague", Role::Member, district.colleague.0).await;
        let mut process = app.program().serve().await;
        let report = async |key: &str| {
            let request = process.post("/api/v1/cases").idempotency_key(key);
            request
                .json(&json!({ "code": district.member_code, "text": "电梯坏了" }))
                .await
                .expect_status(201)
        };
        report("before").await;
        eventually("told of the first", async || app.db_count("messages", None).await == 1).await;

        postgres.stop().await;
        eventually("the runner has noticed", async || process.log().contains("the outbox does not answer"))
            .await;
        postgres.start_again().await;
        eventually("ready again", async || process.get("/health/ready").await.status() == 200).await;
        report("after").await;

        eventually("told of the second", async || app.db_count("messages", None).await == 2).await;
        process.terminate();
        assert_eq!(process.exit_code().await, Some(0));
    })
    .await;
}
