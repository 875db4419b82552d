//! The process is started, and asked to stop.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tests::{App, Process, Request, eventually, story};
use wechat_sim::{Fault, FaultKind, UserSpec};

const LOGIN: &str = "/sns/jscode2session";

/// A login that WeChat answers so late that the service is asked to stop meanwhile.
fn slow_login(app: &App, process: &Process, by: Duration) -> Request {
    app.wechat().put_user(UserSpec { user: "resident".to_owned(), ..UserSpec::default() }).unwrap();
    app.wechat().order(Fault::once(LOGIN, FaultKind::Slow(by))).unwrap();
    let js_code = app.wechat().login("resident").unwrap();
    process.post("/api/v1/sessions/wechat").json(&json!({ "js_code": js_code }))
}

async fn refuses_new_connections(process: &Process) -> bool {
    let asked = process.newly_connected(Method::GET, "/health/live").try_send().await;
    asked.is_err_and(|error| error.is_connect())
}

/// Asks the process to stop once WeChat has been asked.
async fn stop_while_wechat_thinks(app: &App, process: &Process) {
    eventually("WeChat is asked", async || app.wechat().calls(LOGIN) == 1).await;
    process.terminate();
    eventually("new connections are refused", async || refuses_new_connections(process).await).await;
}

story! {
    async fn a_stop_lets_requests_end_refuses_new_ones_and_loses_no_scan(app: &App) {
        let district = app.district().await;
        let mut process = app.program().serve().await;
        for _ in 0..25 {
            process.get(&format!("/api/v1/codes/{}", district.code)).await.expect_status(200);
        }

        let login = slow_login(app, &process, Duration::from_secs(2));
        let (answer, ()) = tokio::join!(login.into_future(), stop_while_wechat_thinks(app, &process));

        answer.expect_status(201);
        assert_eq!(process.exit_code().await, Some(0), "{}", process.log());
        let scans = format!("token = '{}' AND scan_count = 25", district.code);
        assert_eq!(app.db_count("codes", Some(&scans)).await, 1);
    }
}

story! {
    async fn who_asks_a_second_time_does_not_wait(app: &App) {
        let mut process = app.program().serve().await;
        let login = slow_login(app, &process, Duration::from_secs(7));
        let stopping = async {
            stop_while_wechat_thinks(app, &process).await;
            process.terminate();
        };

        let (answer, ()) = tokio::join!(login.try_send(), stopping);

        assert!(answer.is_err(), "it was cut off");
        assert_eq!(process.exit_code().await, Some(130));
    }
}

story! {
    async fn a_start_on_an_existing_database_is_soon_ready(app: &App) {
        let district = app.district().await;
        for n in 0..20 {
            app.report(&district.code, &format!("{n} 号楼电梯坏了"), None).await;
        }
        app.run_jobs().await;

        let started = Instant::now();
        let mut process = app.program().serve().await;
        process.get("/health/ready").await.expect_status(200);

        // A figure to be read, not a bound: the machine of the tests has other things to do.
        eprintln!("ready {} ms after the start", started.elapsed().as_millis());
        process.terminate();
        assert_eq!(process.exit_code().await, Some(0));
    }
}
