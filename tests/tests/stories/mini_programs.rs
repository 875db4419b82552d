//! A committee has a mini-program of its own: whoever comes by it is somebody there, and nowhere else.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{Answer, App, Backend, Setup, morning, run_with};
use wechat_sim::{ClockMode, RunningSimulator, SimOptions, Simulator, UserSpec};

const APPID: &str = "wx-of-the-city";
const LOGIN: &str = "/sns/jscode2session";
const PHONE: &str = "/wxa/business/getuserphonenumber";

/// WeChat, as the other mini-program sees it: another appid has other codes and other tokens.
fn other_wechat() -> RunningSimulator {
    let options =
        SimOptions { clock: ClockMode::Manual(morning()), ..SimOptions::new(APPID, "another secret") };
    Simulator::start(options).unwrap()
}

fn setup(backend: Backend, wechat: &RunningSimulator) -> Setup {
    let app = format!(
        r#"[{{ appid = "{APPID}", secret = "another secret", base_url = "{}" }}]"#,
        wechat.base_url()
    );
    Setup::on(backend).set("wechat.apps", &app)
}

async fn log_in(app: &App, js_code: &str, appid: Option<&str>) -> Answer {
    let mut body = json!({ "js_code": js_code });
    if let Some(appid) = appid {
        body["appid"] = json!(appid);
    }
    app.post("/api/v1/sessions/wechat").json(&body).await
}

async fn each_mini_program_is_asked_for_its_own_people(backend: Backend) {
    let other = other_wechat();
    run_with(setup(backend, &other), async |app| {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        for sim in [app.wechat(), other.sim()] {
            sim.put_user(UserSpec::with_phone("invited", "19900000042")).unwrap();
            sim.forget_calls();
        }

        // A login says which mini-program it comes from; one that does not comes from the first.
        let here: Value = log_in(app, &app.wechat().login("invited").unwrap(), None).await.expect_status(201);
        let there: Value =
            log_in(app, &other.sim().login("invited").unwrap(), Some(APPID)).await.expect_status(201);
        // The same openid is another person in another mini-program.
        assert_ne!(here["account"]["id"], there["account"]["id"]);
        let again: Value =
            log_in(app, &other.sim().login("invited").unwrap(), Some(APPID)).await.expect_status(201);
        assert_eq!(again["account"]["id"], there["account"]["id"]);
        assert_eq!((app.wechat().calls(LOGIN), other.sim().calls(LOGIN)), (1, 2));

        // A code of one is none of the other's, and a mini-program that is not ours is refused.
        let foreign = log_in(app, &other.sim().login("invited").unwrap(), None).await;
        foreign.expect_problem(401, "wechat_code_invalid");
        for appid in ["wx-of-nobody", "", &"x".repeat(10_000)] {
            let refused = log_in(app, &other.sim().login("invited").unwrap(), Some(appid)).await;
            let problem = refused.expect_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], "/appid");
            assert_eq!(problem["errors"][0]["code"], "unknown");
        }

        // Whoever came by the other mini-program binds his phone through it.
        let invitation = json!({ "role": "member", "scope_id": district.member, "phone": "19900000042" });
        app.post("/api/v1/invitations").bearer(&admin.token).json(&invitation).await.expect_status(201);
        let token = there["access_token"].as_str().unwrap();
        let phone_code = other.sim().phone_code("invited").unwrap();
        let bound: Value = app
            .post("/api/v1/me/bindings")
            .bearer(token)
            .json(&json!({ "phone_code": phone_code }))
            .await
            .expect_status(201);
        assert_eq!(bound["roles"][1]["role"], "member");
        assert_eq!((app.wechat().calls(PHONE), other.sim().calls(PHONE)), (0, 1));
    })
    .await;
    other.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mini_program_is_asked_for_its_own_people_sqlite() {
    each_mini_program_is_asked_for_its_own_people(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mini_program_is_asked_for_its_own_people_postgres() {
    each_mini_program_is_asked_for_its_own_people(Backend::Postgres).await;
}
