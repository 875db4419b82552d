//! WeChat's access token comes to its end under load: nobody notices, and nobody fetches more than one.

use std::sync::Mutex;

use domain::role::Role;
use futures::StreamExt;
use serde_json::{Value, json};
use tests::{App, Instance, Process, story};
use wechat_sim::UserSpec;

const PHONE: &str = "/wxa/business/getuserphonenumber";
const TOKEN: &str = "/cgi-bin/stable_token";
/// People who bind their phone in one go, and so many at the same time.
const PEOPLE: usize = 48;
const AT_ONCE: usize = 8;

/// The codes that phones gave: none of them may be found in a log.
static CODES: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn name(n: usize) -> String {
    format!("invited-{n}")
}

/// A post to one of the two processes, or of the two instances.
enum Door<'a> {
    Process(&'a Process),
    Instance(&'a Instance),
    App(&'a App),
}

impl Door<'_> {
    fn post(&self, path: &str) -> tests::Request {
        match self {
            Self::Process(process) => process.post(path),
            Self::Instance(instance) => instance.post(path),
            Self::App(app) => app.post(path),
        }
    }

    /// Logs somebody in here; gives the access token.
    async fn log_in(&self, app: &App, user: &str) -> String {
        let js_code = app.wechat().login(user).unwrap();
        CODES.lock().unwrap().push(js_code.clone());
        let login = self.post("/api/v1/sessions/wechat").json(&json!({ "js_code": js_code })).await;
        let session: Value = login.expect_status(201);
        session["access_token"].as_str().unwrap().to_owned()
    }

    /// Invites so many people by their phone numbers.
    async fn invite(&self, app: &App, admin: &str, member: Value) {
        for n in 0..PEOPLE {
            let phone = format!("1990001{n:04}");
            app.wechat().put_user(UserSpec::with_phone(&name(n), &phone)).unwrap();
            let body = json!({ "role": "member", "scope_id": member, "phone": phone });
            self.post("/api/v1/invitations").bearer(admin).json(&body).await.expect_status(201);
        }
    }

    /// Binds somebody by his phone's number: one call to WeChat with the access token.
    async fn bind(&self, app: &App, token: &str, n: usize) -> u16 {
        let phone_code = app.wechat().phone_code(&name(n)).unwrap();
        CODES.lock().unwrap().push(phone_code.clone());
        let body = json!({ "phone_code": phone_code });
        self.post("/api/v1/me/bindings").bearer(token).json(&body).await.status()
    }
}

/// Lets everybody bind his phone, half of them through each door; after a third, `meanwhile` happens.
async fn bind_all(app: &App, doors: [&Door<'_>; 2], tokens: &[String], meanwhile: impl FnOnce()) {
    let calls = tokens.iter().enumerate().map(|(n, token)| doors[n % 2].bind(app, token, n));
    let mut calls = futures::stream::iter(calls).buffer_unordered(AT_ONCE);
    let mut meanwhile = Some(meanwhile);
    let mut answered = 0;
    while let Some(status) = calls.next().await {
        assert_eq!(status, 201, "no failed call reaches a user");
        answered += 1;
        if answered == PEOPLE / 3
            && let Some(meanwhile) = meanwhile.take()
        {
            meanwhile();
        }
    }
    assert_eq!(answered, PEOPLE);
}

story! {
    async fn two_processes_outlive_the_end_of_a_token_and_each_fetches_one(app: &App) {
        let district = app.district().await;
        // The processes have the machine's clock, and so must all that has an end.
        app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let program = app.program().unlimited().set("telemetry.level", r#""trace""#);
        let (mut one, mut two) = (program.serve().await, program.serve().await);
        {
            let doors = [&Door::Process(&one), &Door::Process(&two)];
            let admin = doors[0].log_in(app, "admin").await;
            doors[0].invite(app, &admin, json!(district.member)).await;
            let mut tokens = Vec::new();
            for n in 0..PEOPLE {
                tokens.push(doors[n % 2].log_in(app, &name(n)).await);
            }
            app.wechat().forget_calls();

            // When another deployment takes the token away in the middle of it all…
            bind_all(app, doors, &tokens, || app.wechat().supersede_token()).await;

            // …then nobody has noticed, and each process has fetched its first token and one more.
            assert_eq!(app.wechat().calls(TOKEN), 4);
            let calls = app.wechat().calls(PHONE);
            let (people, refused) = (PEOPLE as u64, 2 * AT_ONCE as u64);
            assert!((people + 1..=people + refused).contains(&calls), "{calls} calls");

            // And what is kept of all of this holds no token, secret, code, openid or phone number.
            let mut hidden = vec!["0123456789abcdef0123456789abcdef".to_owned()];
            hidden.extend(app.wechat().present_token());
            hidden.append(&mut CODES.lock().unwrap());
            hidden.extend((0..PEOPLE).map(|n| wechat_sim::openid_of(&name(n))));
            hidden.extend((0..PEOPLE).map(|n| format!("1990001{n:04}")));
            for log in [one.log(), two.log()] {
                assert!(log.contains("WeChat refused the access token"), "the log tells of it");
                let found = hidden.iter().find(|secret| log.contains(secret.as_str()));
                assert_eq!(found, None);
            }
        }
        for process in [&mut one, &mut two] {
            process.terminate();
            assert_eq!(process.exit_code().await, Some(0));
        }
        app.run_jobs().await;
    }
}

story! {
    async fn a_token_is_rolled_over_before_its_end_without_a_refusal(app: &App) with { tests::Setup::unlimited } {
        let district = app.district().await;
        app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let other = app.another_instance().await;
        {
            let doors = [&Door::App(app), &Door::Instance(&other)];
            let admin = doors[0].log_in(app, "admin").await;
            doors[0].invite(app, &admin, json!(district.member)).await;
            app.wechat().forget_calls();
            for (n, door) in doors.iter().enumerate() {
                let token = door.log_in(app, &name(n)).await;
                assert_eq!(door.bind(app, &token, n).await, 201);
            }
            assert_eq!((app.wechat().calls(TOKEN), app.wechat().calls(PHONE)), (2, 2));

            // The last five minutes: WeChat gives a new token, and the old one still works.
            app.advance(chrono::TimeDelta::seconds(6_901));
            let mut tokens = Vec::new();
            for n in 0..PEOPLE {
                tokens.push(doors[n % 2].log_in(app, &name(n)).await);
            }
            app.wechat().forget_calls();
            bind_all(app, doors, &tokens, || {}).await;
            assert_eq!(app.wechat().calls(TOKEN), 2, "one fetch for each instance");
            assert_eq!(app.wechat().calls(PHONE), PEOPLE as u64, "none was refused");
        }
        other.stop().await;
    }
}
