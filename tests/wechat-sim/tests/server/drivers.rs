//! The drivers under `/__sim/`.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::openid_of;

use crate::client::{APPID, SECRET, Stage, client};

#[tokio::test]
async fn the_demo_users_are_there_with_stable_openids_and_invented_numbers() {
    let stage = Stage::set();
    let (_, body) = stage.drive(Method::GET, "/__sim/users", Value::Null).await;
    let people: Vec<_> =
        body["users"].as_array().unwrap().iter().map(|u| (&u["user"], &u["phone"])).collect();
    let expected = [
        ("demo-admin", "19900000005"),
        ("demo-manager", "19900000003"),
        ("demo-member", "19900000002"),
        ("demo-officer", "19900000004"),
        ("demo-resident", "19900000001"),
    ]
    .map(|(user, phone)| (json!(user), json!(phone)));
    assert_eq!(people, expected.each_ref().map(|(user, phone)| (user, phone)));
}

#[tokio::test]
async fn a_login_by_name_or_by_openid_gives_a_code() {
    let stage = Stage::set();
    for who in [json!({ "user": "demo-member" }), json!({ "openid": openid_of("demo-member") })] {
        let (status, body) = stage.drive(Method::POST, "/__sim/login", who).await;
        assert_eq!(status, 200);
        let answer = stage.code_to_session(body["js_code"].as_str().unwrap()).await;
        assert_eq!(answer.field("openid"), openid_of("demo-member"));
    }
}

#[tokio::test]
async fn a_new_user_can_log_in_and_press_the_phone_button() {
    let stage = Stage::set();
    let user = json!({ "user": "wang", "phone": "19900000009" });
    let (status, body) = stage.drive(Method::POST, "/__sim/user", user).await;
    assert_eq!((status, &body["openid"]), (201, &json!(openid_of("wang"))));
    let (_, login) = stage.drive(Method::POST, "/__sim/login", json!({ "user": "wang" })).await;
    assert_eq!(login["js_code"].as_str().unwrap().len(), 32);
    let (_, phone) = stage.drive(Method::POST, "/__sim/phone_code", json!({ "user": "wang" })).await;
    assert_eq!(phone["phone_code"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn a_code_of_another_app_is_invalid_here() {
    let stage = Stage::set();
    let who = json!({ "user": "demo-member", "appid": "wxother" });
    let (_, body) = stage.drive(Method::POST, "/__sim/login", who).await;
    let answer = stage.code_to_session(body["js_code"].as_str().unwrap()).await;
    assert_eq!(answer.errcode(), Some(40029));
}

#[tokio::test]
async fn a_scan_of_a_link_of_the_service_opens_the_mini_program() {
    let stage = Stage::set();
    let link = "https://service.example/c/abc_1-2";
    let (_, body) = stage.drive(Method::POST, "/__sim/scan", json!({ "link": link })).await;
    let expected = json!({
        "path": "pages/scan/index",
        "query": { "q": "https%3A%2F%2Fservice.example%2Fc%2Fabc_1-2", "scancode_time": "1772413200" },
        "scene": 1011,
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_scan_of_any_other_link_opens_the_web_page() {
    let stage = Stage::set();
    let link = "https://service.example/about";
    let (_, body) = stage.drive(Method::POST, "/__sim/scan", json!({ "link": link })).await;
    assert_eq!(body, json!({ "open_web": link }));
}

#[tokio::test]
async fn rules_can_be_set_for_other_links() {
    let stage = Stage::set();
    let rules = json!({ "rules": [
        { "prefix": "http://127.0.0.1:8080/c/", "path": "pages/other" },
        { "prefix": "http://127.0.0.1:8080/c/x", "published": false },
    ] });
    let (status, body) = stage.drive(Method::POST, "/__sim/rules", rules).await;
    assert_eq!((status, body["rules"].as_array().unwrap().len()), (200, 2));
    for (link, path) in [("c/y", json!("pages/other")), ("c/x", Value::Null), ("d", Value::Null)] {
        let scan = json!({ "link": format!("http://127.0.0.1:8080/{link}") });
        assert_eq!(stage.drive(Method::POST, "/__sim/scan", scan).await.1["path"], path, "{link}");
    }
}

#[tokio::test]
async fn advancing_moves_the_time_of_everything() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    let (_, body) = stage.drive(Method::POST, "/__sim/advance", json!({ "seconds": 7200 })).await;
    assert_eq!(body, json!({ "now": "2026-03-02T03:00:00Z" }));
    assert_eq!(stage.token_errcode(&token).await, Some(42001));
}

#[tokio::test]
async fn the_token_can_be_superseded() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    let (status, _) = stage.drive(Method::POST, "/__sim/supersede_token", Value::Null).await;
    assert_eq!(status, 204);
    assert_eq!(stage.token_errcode(&token).await, Some(40001));
}

#[tokio::test]
async fn risk_quota_and_settings_can_be_set() {
    let stage = Stage::set();
    let risk = json!({ "user": "demo-member", "rank": 4 });
    assert_eq!(stage.drive(Method::POST, "/__sim/risk", risk).await.1["risk_rank"], 4);

    let settings = json!({ "superseded_errcode": 42001, "ip_whitelist": ["192.0.2.1"] });
    let (_, now) = stage.drive(Method::PUT, "/__sim/settings", settings).await;
    assert_eq!(now["phone_openid_mismatch_errcode"], 40003);
    assert_eq!(stage.stable_token_answer(false).await.errcode(), Some(40164));

    let quota = json!({ "path": "/cgi-bin/stable_token", "per_minute": 0 });
    assert_eq!(stage.drive(Method::POST, "/__sim/quota", quota).await.0, 204);
    assert_eq!(stage.stable_token_answer(false).await.errcode(), Some(45011));
}

#[tokio::test]
async fn faults_can_be_ordered_listed_and_cleared() {
    let stage = Stage::set();
    let path = "/cgi-bin/stable_token";
    let errcode = json!({ "path": path, "fault": "errcode", "errcode": 45009, "times": "forever" });
    let slow = json!({ "path": path, "fault": "slow", "delay_ms": 10, "after": 2, "times": 3 });
    assert_eq!(stage.drive(Method::POST, "/__sim/faults", errcode).await.0, 200);
    assert_eq!(stage.drive(Method::POST, "/__sim/faults", slow).await.0, 200);
    let (_, body) = stage.drive(Method::GET, "/__sim/faults", Value::Null).await;
    let expected = json!({ "faults": [
        { "path": path, "fault": "errcode", "errcode": 45009, "after": 0, "times": "forever" },
        { "path": path, "fault": "slow", "delay_ms": 10, "after": 2, "times": 3 },
    ] });
    assert_eq!(body, expected);
    assert_eq!(stage.stable_token_answer(false).await.errcode(), Some(45009));
    assert_eq!(stage.drive(Method::DELETE, "/__sim/faults", Value::Null).await.0, 204);
    assert_eq!(stage.stable_token_answer(false).await.errcode(), None);
}

#[tokio::test]
async fn every_kind_of_fault_has_a_name() {
    let stage = Stage::set();
    let names = [
        "drop_before",
        "drop_after",
        "garbage",
        "http_502",
        "empty",
        "truncated",
        "text_plain",
        "extra_fields",
        "huge_number",
        "gzip",
        "token_superseded",
    ];
    for name in names {
        let fault = json!({ "path": "/cgi-bin/token", "fault": name });
        assert_eq!(stage.drive(Method::POST, "/__sim/faults", fault).await.0, 200, "{name}");
    }
    let (_, body) = stage.drive(Method::GET, "/__sim/faults", Value::Null).await;
    let listed: Vec<_> =
        body["faults"].as_array().unwrap().iter().map(|f| f["fault"].as_str().unwrap()).collect();
    assert_eq!(listed, names);
}

#[tokio::test]
async fn calls_are_counted_by_path_and_drivers_are_not() {
    let stage = Stage::set();
    stage.stable_token().await;
    stage.stable_token().await;
    stage.code_to_session("0madeup").await;
    let (_, body) = stage.drive(Method::GET, "/__sim/calls", Value::Null).await;
    assert_eq!(body, json!({ "calls": { "/cgi-bin/stable_token": 2, "/sns/jscode2session": 1 } }));
    assert_eq!(stage.sim().calls("/cgi-bin/stable_token"), 2);
    stage.drive(Method::DELETE, "/__sim/calls", Value::Null).await;
    assert_eq!(stage.sim().calls("/cgi-bin/stable_token"), 0);
}

#[tokio::test]
async fn bad_input_is_refused_with_a_sentence() {
    let stage = Stage::set();
    let token = "/cgi-bin/token";
    let table = [
        ("login", json!({ "user": "nobody" }), "there is no user `nobody`"),
        ("login", json!({}), "give either `user` or `openid`"),
        ("login", json!({ "user": "demo-member", "openid": "o" }), "give either `user` or `openid`"),
        ("login", json!({ "usr": "demo-member" }), "unknown field `usr`"),
        ("user", json!({ "user": "" }), "a user needs a name"),
        ("user", json!({ "user": "x", "openid": openid_of("demo-member") }), "belongs to another user"),
        ("risk", json!({ "user": "demo-member", "rank": 5 }), "the risk rank is 0 to 4, not 5"),
        ("advance", json!({ "seconds": -1 }), "time moves forward only"),
        ("advance", json!({ "seconds": i64::MAX }), "time moves forward only"),
        ("scan", json!({ "link": "not a link" }), "`not a link` is not a whole http or https link"),
        ("scan", json!({ "link": "javascript:alert(1)" }), "is not a whole http or https link"),
        ("rules", json!({ "rules": [{ "prefix": "nope" }] }), "the body is not what this driver takes"),
        ("quota", json!({ "path": "/nothing" }), "there is no API `/nothing`; there are /cgi-bin/token, "),
        ("faults", json!({ "path": "/nothing", "fault": "empty" }), "there is no API `/nothing`"),
        ("faults", json!({ "path": token, "fault": "explode" }), "unknown variant `explode`"),
        ("faults", json!({ "path": token, "fault": "errcode" }), "`errcode` needs `errcode`"),
        ("faults", json!({ "path": token, "fault": "errcode", "errcode": 0 }), "`errcode` is not 0"),
        ("faults", json!({ "path": token, "fault": "slow" }), "`slow` needs `delay_ms`"),
        ("faults", json!({ "path": token, "fault": "slow", "delay_ms": 60_001 }), "`slow` needs `delay_ms`"),
        (
            "faults",
            json!({ "path": token, "fault": "empty", "errcode": 1 }),
            "only `errcode` takes `errcode`",
        ),
        (
            "faults",
            json!({ "path": token, "fault": "truncated", "moment": "before" }),
            "cannot strike before the work",
        ),
        ("faults", json!({ "path": token, "fault": "empty", "times": 0 }), "`times` is at least 1"),
        ("faults", json!({ "path": token, "fault": "empty", "times": "often" }), "number or \"forever\""),
    ];
    for (driver, body, sentence) in table {
        let (status, answer) = stage.drive(Method::POST, &format!("/__sim/{driver}"), body.clone()).await;
        assert_eq!(status, 400, "{driver} {body}");
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(sentence), "{driver} {body}: {error}");
    }
}

#[tokio::test]
async fn a_driver_that_does_not_exist_is_not_found() {
    let stage = Stage::set();
    let (status, body) = stage.drive(Method::POST, "/__sim/nothing", Value::Null).await;
    assert_eq!((status, body), (404, json!({ "error": "there is no driver POST /__sim/nothing" })));
    assert_eq!(stage.sim().calls("/__sim/nothing"), 0);
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let stage = Stage::set();
    let page = client().get(stage.url("/__sim")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<title>WeChat simulator</title>"));
    assert!(!page.contains("://") && !page.contains("src="));
}

#[tokio::test]
async fn simulators_live_side_by_side_and_stop_on_request() {
    let (one, other) = (Stage::set(), Stage::set());
    one.stable_token().await;
    assert_eq!(other.sim().calls("/cgi-bin/stable_token"), 0);

    let options = wechat_sim::SimOptions::new(APPID, SECRET);
    let third = wechat_sim::Simulator::start(options).unwrap();
    let url = format!("{}/__sim/users", third.base_url());
    assert!(third.base_url().ends_with(&format!(":{}", third.port())));
    assert!(client().get(&url).send().await.is_ok());
    third.stop().await.unwrap();
    assert!(client().get(&url).send().await.err().unwrap().is_connect());
}
