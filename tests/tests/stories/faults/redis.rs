//! Redis stops, hangs and comes back: that costs speed, and nothing else.

use serde_json::json;
use tests::{App, Backend, District, RedisServer, Setup, eventually, run_with};
use tokio_util::sync::CancellationToken;

/// What the service says of itself: its status, and whether its cache is whole.
async fn health(app: &App) -> (String, bool) {
    let ready = app.get("/health/ready").await.expect_status(200);
    assert_eq!(ready["cache"]["kind"], "redis");
    (ready["status"].as_str().unwrap().to_owned(), ready["cache"]["ok"].as_bool().unwrap())
}

async fn is_well(app: &App) -> bool {
    health(app).await == ("ok".to_owned(), true)
}

async fn is_degraded(app: &App) -> bool {
    health(app).await == ("degraded".to_owned(), false)
}

/// Scans and reports until it is over; each has to succeed.
async fn residents(app: &App, district: &District, over: &CancellationToken) {
    let card = format!("/api/v1/codes/{}", district.code);
    while !over.is_cancelled() {
        app.get(&card).await.expect_status(200);
        app.get(&format!("/api/v1/stations/{}", district.station)).await.expect_status(200);
        app.report(&district.code, "电梯坏了", None).await;
    }
}

/// Two logins pass, the third is one too many.
async fn logins_are_limited(app: &App, address: &str) {
    let login = || {
        let request = app.post("/api/v1/sessions/wechat").header("x-forwarded-for", address);
        request.json(&json!({ "js_code": "made-up" }))
    };
    for _ in 0..2 {
        login().await.expect_problem(401, "wechat_code_invalid");
    }
    let limited = login().await;
    limited.expect_problem(429, "rate_limited");
    assert_eq!(limited.header("retry-after"), "60");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_goes_and_comes_back_under_requests_that_all_succeed() {
    let mut redis = RedisServer::start().await;
    // Without the level in the process every scan goes to Redis.
    let setup = Setup::on(Backend::Postgres).redis(&redis).unlimited();
    let setup = setup
        .set("cache.local_bytes", "0")
        .set("server.trusted_proxies", r#"["127.0.0.0/8"]"#)
        .set("limits.login_by_address", "{ burst = 2, every_ms = 60000 }");
    run_with(setup, async |app| {
        let district = app.district().await;
        let over = CancellationToken::new();
        let faults = async {
            eventually("all is well", async || is_well(app).await).await;
            logins_are_limited(app, "203.0.113.1").await;

            redis.kill();
            eventually("the service says that Redis is gone", async || is_degraded(app).await).await;
            logins_are_limited(app, "203.0.113.2").await;
            redis.start_again().await;
            eventually("it recovers by itself", async || is_well(app).await).await;
            logins_are_limited(app, "203.0.113.3").await;

            redis.pause();
            eventually("the service says that Redis hangs", async || is_degraded(app).await).await;
            logins_are_limited(app, "203.0.113.4").await;
            redis.resume();
            eventually("it recovers by itself again", async || is_well(app).await).await;
            over.cancel();
        };
        tokio::join!(residents(app, &district, &over), faults);
        app.run_jobs().await;
    })
    .await;
}
