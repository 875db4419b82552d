//! WeChat is slow, cut off, or answers nonsense: logins wait for better times, all else goes on.

use std::time::Duration;

use domain::role::Role;
use serde_json::{Value, json};
use tests::{Answer, App, Backend, Setup, run_with};
use wechat_sim::{Fault, FaultKind, UserSpec};

const LOGIN: &str = "/sns/jscode2session";
const PHONE: &str = "/wxa/business/getuserphonenumber";
const TOKEN: &str = "/cgi-bin/stable_token";

fn spoil(app: &App, path: &str, kind: FaultKind) {
    app.wechat().order(Fault::once(path, kind)).unwrap();
}

async fn log_in(app: &App) -> Answer {
    let js_code = app.wechat().login("resident").unwrap();
    app.post("/api/v1/sessions/wechat").json(&json!({ "js_code": js_code })).await
}

fn setup(backend: Backend) -> Setup {
    Setup::on(backend).set("wechat.timeout_ms", "400")
}

/// Tells it on both databases.
macro_rules! wechat_story {
    ($name:ident, $story:expr) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                run_with(setup(Backend::Sqlite), $story).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                run_with(setup(Backend::Postgres), $story).await;
            }
        }
    };
}

wechat_story!(a_login_fails_in_words_and_the_next_one_works, async |app: &App| {
    app.wechat().put_user(UserSpec { user: "resident".to_owned(), ..UserSpec::default() }).unwrap();
    let faults = [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::Slow(Duration::from_secs(5)),
        FaultKind::Garbage,
        FaultKind::Http502,
        FaultKind::Empty,
        FaultKind::Truncated,
        FaultKind::Errcode(-1),
        FaultKind::Errcode(45011),
    ];
    let outages = faults.len();
    for kind in faults {
        spoil(app, LOGIN, kind.clone());
        let failed = log_in(app).await;
        assert_eq!(failed.status(), 503, "{kind:?}");
        failed.expect_problem(503, "wechat_unavailable");
        log_in(app).await.expect_status(201);
    }
    // What WeChat says of one user or code is no outage.
    for (errcode, status, code) in [(40029, 401, "wechat_code_invalid"), (40226, 403, "wechat_user_blocked")]
    {
        spoil(app, LOGIN, FaultKind::Errcode(errcode));
        log_in(app).await.expect_problem(status, code);
    }
    // And what it has not promised does not matter.
    for kind in [FaultKind::TextPlain, FaultKind::ExtraFields] {
        spoil(app, LOGIN, kind);
        log_in(app).await.expect_status(201);
    }
    assert_eq!(app.db_count("accounts", None).await, 1);
    assert_eq!(app.take_errors().len(), outages, "one line for each 503");
});

wechat_story!(while_wechat_is_down_a_case_goes_its_way, async |app: &App| {
    let district = app.district().await;
    let resident = app.person("resident").await;
    let member = app.staff("member", Role::Member, district.member.0).await;
    app.wechat().order(Fault::once(LOGIN, FaultKind::DropBefore).forever()).unwrap();

    app.get(&format!("/api/v1/codes/{}", district.code)).await.expect_status(200);
    let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
    app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
    let refresh = json!({ "refresh_token": resident.refresh_token });
    app.post("/api/v1/sessions/refresh").json(&refresh).await.expect_status(201);
    log_in(app).await.expect_problem(503, "wechat_unavailable");
    app.run_jobs().await;

    app.wechat().clear_faults();
    log_in(app).await.expect_status(201);
    assert_eq!(app.take_errors().len(), 1);
});

wechat_story!(a_binding_by_phone_outlives_a_refused_token_and_a_failed_call, async |app: &App| {
    let district = app.district().await;
    let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
    app.wechat().put_user(UserSpec::with_phone("invited", "19900000042")).unwrap();
    let invited = app.person("invited").await;
    let invitation = json!({ "role": "member", "scope_id": district.member, "phone": "19900000042" });
    app.post("/api/v1/invitations").bearer(&admin.token).json(&invitation).await.expect_status(201);
    let bind = async || {
        let phone_code = app.wechat().phone_code("invited").unwrap();
        app.post("/api/v1/me/bindings")
            .bearer(&invited.token)
            .json(&json!({ "phone_code": phone_code }))
            .await
    };

    // Once is asked again; for ever is given up.
    app.wechat().order(Fault::once(TOKEN, FaultKind::Garbage).forever()).unwrap();
    bind().await.expect_problem(503, "wechat_unavailable");
    app.wechat().clear_faults();
    spoil(app, PHONE, FaultKind::Slow(Duration::from_secs(5)));
    bind().await.expect_problem(503, "wechat_unavailable");
    assert_eq!(app.db_count("role_bindings", None).await, 1, "nothing half done");

    // The token is replaced by somebody else meanwhile: one more call, and nobody notices.
    app.wechat().supersede_token();
    let bound: Value = bind().await.expect_status(201);
    assert_eq!(bound["roles"][1]["role"], "member");
    assert_eq!(app.take_errors().len(), 2);
});
