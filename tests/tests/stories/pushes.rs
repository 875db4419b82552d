//! What WeChat tells us: known for genuine, kept once, worked on, forgotten.

use api::doctor::Verdict;
use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Setup, story};
use wechat_sim::{PushFormat, PushMode, PushOptions};

const CALLBACK: &str = "/wechat/callback";

/// What somebody was told of `event`, as the audit log of the whole installation has it.
async fn audited(app: &App, action: &str) -> i64 {
    app.db_count("audit_entries", Some(&format!("action = '{action}'"))).await
}

/// Sends one event of every kind, and checks that each is taken, kept and done.
async fn every_event_is_understood(app: &App, mode: PushMode) {
    app.person("resident").await;
    let wechat = app.wechat();
    for format in [PushFormat::Json, PushFormat::Xml] {
        wechat.configure_push(app.push_target(mode, format)).await.unwrap();
        for odd in [false, true] {
            wechat.set_push_options(PushOptions {
                numbers_as_text: odd,
                list_always_array: odd,
                ..PushOptions::default()
            });
            let item = json!({ "TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "0" });
            wechat.push_event("o1", "subscribe_msg_popup_event", json!({ "List": [item] }));
            wechat.push_event("o1", "subscribe_msg_change_event", json!({ "List": [item, item] }));
            let sent = json!({ "TemplateId": "t1", "MsgID": "1700827132819554304", "ErrorCode": "0", "ErrorStatus": "success" });
            wechat.push_event("o1", "subscribe_msg_sent_event", json!({ "List": [sent] }));
            wechat.push_event("o1", "debug_demo", json!({ "debug_str": "hello <world> & 你好" }));
            wechat.push_event("o1", "something_new", json!({ "x": { "y": [1, 2] } }));
            wechat.modify_info("resident").unwrap();
            let delivered = app.deliver_pushes().await;
            assert_eq!(delivered.len(), 6);
            assert!(
                delivered.iter().all(|it| it.taken && it.attempts == 1),
                "{mode:?} {format:?} {delivered:?}"
            );
            app.advance(TimeDelta::seconds(1));
            app.run_jobs().await;
        }
    }
    assert_eq!(app.db_count("wechat_pushes", Some("state = 'done' AND body_sealed IS NULL")).await, 24);
    assert_eq!(app.db_count("wechat_pushes", None).await, 24);
}

story! {
    async fn every_event_is_understood_when_it_is_encrypted(app: &App) with { Setup::pushed_to } {
        every_event_is_understood(app, PushMode::Secure).await;
    }
}

story! {
    async fn every_event_is_understood_when_it_comes_both_ways(app: &App) with { |setup| setup.pushed_to().set("wechat.push.mode", "\"compatible\"") } {
        every_event_is_understood(app, PushMode::Compatible).await;
    }
}

story! {
    async fn every_event_is_understood_when_it_is_plain(app: &App) with { |setup| setup.pushed_to().set("wechat.push.mode", "\"plain\"") } {
        every_event_is_understood(app, PushMode::Plain).await;
    }
}

story! {
    async fn without_a_configured_push_there_is_nothing_to_call(app: &App) {
        app.get(CALLBACK).await.expect_problem(404, "not_found");
        app.post(CALLBACK).body("application/json", "{}").await.expect_problem(404, "not_found");
    }
}

story! {
    async fn whoever_is_not_wechat_is_refused_and_leaves_nothing_behind(app: &App) with { Setup::pushed_to } {
        let refused = app.wechat().configure_push(wechat_sim::PushTarget {
            token: "AnotherToken".to_owned(),
            ..app.push_target(PushMode::Secure, PushFormat::Json)
        });
        assert!(refused.await.is_err(), "a console with another token is not answered");
        app.get(CALLBACK).await.expect_problem(403, "not_allowed");
        app.get(&format!("{CALLBACK}?signature=a&signature=b")).await.expect_status(400);
        for body in ["", "garbage", "{}", "<xml></xml>", "{\"Encrypt\":\"AAAA\"}", "[1]"] {
            let answer = app.post(&format!("{CALLBACK}?msg_signature=0&timestamp=1&nonce=2")).body("text/xml", body).await;
            assert!(matches!(answer.status(), 400 | 403), "{body}");
        }
        let large = vec![b'x'; 70_000];
        app.post(CALLBACK).body("text/xml", large).await.expect_problem(413, "body_too_large");
        app.put(CALLBACK).json(&json!({})).await.expect_problem(405, "method_not_allowed");

        app.configure_push().await;
        for wrong in [
            PushOptions { wrong_signature: true, ..PushOptions::default() },
            PushOptions { wrong_appid: true, ..PushOptions::default() },
        ] {
            app.wechat().set_push_options(wrong);
            app.wechat().push_event("o1", "debug_demo", json!({ "debug_str": "hello" }));
            let delivered = app.deliver_pushes().await;
            assert_eq!((delivered[0].taken, delivered[0].attempts, delivered[0].status), (false, 3, Some(403)));
        }
        assert_eq!(app.db_count("wechat_pushes", None).await, 0);
    }
}

story! {
    async fn whoever_tries_many_signatures_has_to_wait(app: &App) with { |setup| setup.pushed_to().set("limits.read_by_address", "{ burst = 5, every_ms = 60000 }") } {
        for _ in 0..5 {
            app.post(CALLBACK).body("text/xml", "{}").await.expect_problem(403, "not_allowed");
        }
        app.post(CALLBACK).body("text/xml", "{}").await.expect_problem(429, "rate_limited");
        app.configure_push().await;
        app.wechat().push_event("o1", "debug_demo", json!({ "debug_str": "hello" }));
        assert!(app.deliver_pushes().await[0].taken, "WeChat itself is not counted");
        app.run_jobs().await;
    }
}

story! {
    async fn a_push_that_comes_again_is_taken_and_not_worked_on_again(app: &App) with { Setup::pushed_to } {
        app.configure_push().await;
        app.person("resident").await;
        app.wechat().set_push_options(PushOptions { duplicates: 2, delay_s: 60, ..PushOptions::default() });
        app.wechat().revoke("resident", &[8]).unwrap();
        assert!(app.deliver_pushes().await.is_empty(), "it is not due yet");
        app.advance(TimeDelta::seconds(61));
        let delivered = app.deliver_pushes().await;
        assert_eq!((delivered.len(), delivered.iter().all(|it| it.taken)), (3, true));
        app.run_jobs().await;
        assert_eq!(app.db_count("wechat_pushes", None).await, 1);
        assert_eq!(audited(app, "revoke_consent").await, 1);
        // The same once more is another act of the person.
        app.advance(TimeDelta::seconds(61));
        app.wechat().set_push_options(PushOptions::default());
        app.wechat().revoke("resident", &[8]).unwrap();
        app.deliver_pushes().await;
        app.run_jobs().await;
        assert_eq!(audited(app, "revoke_consent").await, 2);
        // What is dropped on the way never comes, and nothing waits for it.
        app.wechat().set_push_options(PushOptions { drop: true, ..PushOptions::default() });
        app.wechat().revoke("resident", &[8]).unwrap();
        assert!(app.deliver_pushes().await.is_empty());
    }
}

/// A resident's report with everything that a consent may have been given for.
async fn report_with_everything(app: &App, code: &str, resident: &tests::Person) -> Value {
    let body = json!({
        "code": code, "text": "路灯不亮", "contact": { "name": "王示例", "phone": "19900000007" },
        "location": { "lat": 31.5, "lng": 104.5, "name": "柳湾小区", "address": "柳湾路八号" },
    });
    let case = app.send_report(&body, Some(resident)).await.expect_status(201);
    app.run_jobs().await;
    case
}

story! {
    async fn a_consent_that_is_taken_back_takes_along_what_was_given_for_it(app: &App) with { Setup::pushed_to } {
        app.configure_push().await;
        let district = app.district().await;
        let resident = app.person("resident").await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let case = report_with_everything(app, &district.code, &resident).await;
        let unclaimed = app.post("/api/v1/uploads").idempotency_key("u").bearer(&resident.token);
        unclaimed.file("a.png", "image/png", &crate::pictures::png(9, 9)).await.expect_status(201);
        let found = async |word: &str| {
            let path = format!("/api/v1/cases?view=station&q={word}");
            let page = app.get(&path).bearer(&manager.token).await.expect_status(200);
            page["items"].as_array().unwrap().len()
        };
        assert_eq!(found("%E6%9F%B3%E6%B9%BE%E5%B0%8F%E5%8C%BA").await, 1, "found by its place");

        app.wechat().revoke("resident", &[8]).unwrap();
        app.deliver_pushes().await;
        app.run_jobs().await;
        let shown = app.case(&manager, &case).await.expect_status(200);
        assert_eq!((&shown["contact"]["phone"], &shown["contact"]["name"]), (&Value::Null, &json!("王示例")));
        assert_eq!(shown["location"]["name"], "柳湾小区", "nothing else was taken back");

        app.wechat().revoke("resident", &[13, 14]).unwrap();
        app.deliver_pushes().await;
        app.run_jobs().await;
        let shown = app.case(&manager, &case).await.expect_status(200);
        assert_eq!((&shown["location"], &shown["text"]), (&Value::Null, &json!("路灯不亮")));
        assert_eq!(found("%E6%9F%B3%E6%B9%BE%E5%B0%8F%E5%8C%BA").await, 0, "nor is it found by its place");
        assert_eq!((app.db_count("uploads", None).await, app.file_count()), (0, 0));
        assert_eq!(audited(app, "revoke_consent").await, 2);
    }
}

story! {
    async fn whoever_leaves_wechat_is_erased_and_staff_keep_the_office_s_account(app: &App) with { Setup::pushed_to } {
        app.configure_push().await;
        let district = app.district().await;
        let resident = app.person("resident").await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let case = report_with_everything(app, &district.code, &resident).await;
        for user in ["resident", "manager"] {
            app.wechat().cancel(user).unwrap();
        }
        app.deliver_pushes().await;
        app.run_jobs().await;

        assert_eq!(app.get("/api/v1/me").bearer(&resident.token).await.status(), 401);
        let shown = app.case(&manager, &case).await.expect_status(200);
        assert_eq!((&shown["contact"], &shown["text"]), (&Value::Null, &json!("路灯不亮")));
        assert_eq!(app.db_count("wechat_identities", None).await, 0);
        assert_eq!(audited(app, "erase_account").await, 2);
        assert_ne!(app.person("resident").await.account_id, resident.account_id, "somebody new");
        // Nobody knows whom this is about: nothing is kept of him.
        app.wechat().put_user(wechat_sim::UserSpec { user: "stranger".to_owned(), ..Default::default() }).unwrap();
        app.wechat().cancel("stranger").unwrap();
        app.deliver_pushes().await;
        app.run_jobs().await;
        assert_eq!(audited(app, "erase_account").await, 2);
    }
}

story! {
    async fn a_punishment_reaches_the_operators(app: &App) with { Setup::pushed_to } {
        app.configure_push().await;
        app.wechat().punish(3, "含有违规内容");
        app.deliver_pushes().await;
        app.run_jobs().await;
        let errors = app.take_errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("punished") && errors[0].contains("含有违规内容"), "{errors:?}");
        assert_eq!(audited(app, "punish").await, 1);
    }
}

story! {
    async fn the_doctor_asks_the_callback_as_wechat_does(app: &App) with { Setup::pushed_to } {
        let clock = app.state().clock.clone();
        let look = async |public_url: &str| {
            let mut config = app.state().config.clone();
            config.server.public_url = public_url.to_owned();
            let findings = api::doctor::examine(&config, &clock).await;
            findings.into_iter().filter(|finding| finding.subject == "callback").collect::<Vec<_>>()
        };
        let found = look(app.base()).await;
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Ok), "{found:?}");
        // Another place on the same server: it answers, and not what WeChat wants to hear.
        let found = look(&format!("{}/somewhere", app.base())).await;
        assert_eq!(found[0].verdict, Verdict::Fail, "{found:?}");
        assert!(found[0].detail.contains("404"), "{found:?}");
        let found = look("http://127.0.0.1:1").await;
        assert_eq!(found[0].verdict, Verdict::Warn, "{found:?}");
    }
}
