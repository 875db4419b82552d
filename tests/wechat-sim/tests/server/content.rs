//! `POST /wxa/msg_sec_check` and `POST /wxa/media_check_async`.

use serde_json::{Value, json};
use wechat_sim::{MediaOutcome, PushFormat, PushMode, PushTarget, openid_of};

use crate::client::{Answer, Stage};

async fn check(stage: &Stage, path: &str, body: Value) -> Answer {
    let token = stage.stable_token().await;
    stage.post(&format!("{path}?access_token={token}"), body).await
}

fn text(content: &str) -> Value {
    json!({ "content": content, "version": 2, "scene": 2, "openid": openid_of("demo-resident") })
}

async fn check_text(stage: &Stage, body: Value) -> Answer {
    check(stage, "/wxa/msg_sec_check", body).await
}

#[tokio::test]
async fn words_in_a_text_decide_what_is_found() {
    let stage = Stage::set();
    stage.sim().login("demo-resident").unwrap();
    for (content, suggest, label) in [
        ("路灯不亮", "pass", 100),
        ("路灯 SIM_RISKY_20006", "risky", 20006),
        ("路灯 SIM_REVIEW_20001 不亮", "review", 20001),
        ("SIM_REVIEW_20001 SIM_RISKY_20002", "risky", 20002),
    ] {
        let answer = check_text(&stage, text(content)).await.json();
        assert_eq!(answer["result"], json!({ "suggest": suggest, "label": label }), "{content}");
        assert_eq!(answer["errcode"], 0);
        assert_eq!(
            answer["detail"][1],
            json!({ "strategy": "keyword", "errcode": 0 }),
            "a part without a verdict"
        );
        assert_eq!(answer["trace_id"].as_str().map(str::len), Some(26));
    }
    assert_eq!(check_text(&stage, text("SIM_FAIL_-1")).await.errcode(), Some(-1));
}

#[tokio::test]
async fn only_who_was_here_in_the_last_two_hours_is_checked() {
    let stage = Stage::set();
    assert_eq!(check_text(&stage, text("路灯")).await.errcode(), Some(61010));
    stage.sim().login("demo-resident").unwrap();
    stage.advance(7200);
    assert_eq!(check_text(&stage, text("路灯")).await.errcode(), Some(0));
    stage.advance(1);
    assert_eq!(check_text(&stage, text("路灯")).await.errcode(), Some(61010));
}

#[tokio::test]
async fn a_text_is_refused_that_is_missing_too_long_or_wrongly_addressed() {
    let stage = Stage::set();
    stage.sim().login("demo-resident").unwrap();
    let with = |name: &str, value: Value| {
        let mut body = text("路灯");
        body[name] = value;
        body
    };
    assert_eq!(check_text(&stage, with("content", json!("灯".repeat(2_500)))).await.errcode(), Some(0));
    for (body, errcode) in [
        (with("content", json!("")), 44002),
        (with("content", json!("灯".repeat(2_501))), 47001),
        (with("version", json!(1)), 47001),
        (with("version", json!("2")), 47001),
        (with("scene", json!(5)), 40129),
        (with("openid", json!("nobody")), 40003),
    ] {
        assert_eq!(check_text(&stage, body).await.errcode(), Some(errcode));
    }
}

fn picture(url: &str) -> Value {
    json!({ "media_url": url, "media_type": 2, "version": 2, "scene": 2, "openid": openid_of("demo-resident") })
}

async fn check_picture(stage: &Stage, body: Value) -> Answer {
    check(stage, "/wxa/media_check_async", body).await
}

#[tokio::test]
async fn a_picture_is_taken_with_a_trace_and_is_checked_like_a_text_first() {
    let stage = Stage::set();
    assert_eq!(check_picture(&stage, picture("https://x.example/a.jpg")).await.errcode(), Some(61010));
    stage.sim().login("demo-resident").unwrap();
    let answer = check_picture(&stage, picture("https://x.example/a.jpg")).await;
    assert_eq!((answer.errcode(), answer.field("trace_id").len()), (Some(0), 26));
    assert_eq!(stage.sim().picture_links(), ["https://x.example/a.jpg"]);
    let mut film = picture("https://x.example/a.mp4");
    film["media_type"] = json!(3);
    assert_eq!(check_picture(&stage, film).await.errcode(), Some(40004));
    assert_eq!(check_picture(&stage, picture("")).await.errcode(), Some(47001));
}

#[tokio::test]
async fn a_picture_that_can_not_be_fetched_is_told_without_a_result() {
    let stage = Stage::set();
    let receiver = crate::pushes::Receiver::start();
    receiver.accept(&stage, PushMode::Plain, PushFormat::Json).await;
    stage.sim().login("demo-resident").unwrap();
    // The simulator itself is no picture, a page that is not there even less.
    for path in ["/__sim/users", "/nothing.jpg"] {
        check_picture(&stage, picture(&stage.url(path))).await;
    }
    stage.sim().deliver().await.unwrap();
    let told = receiver.messages();
    assert_eq!(told.len(), 2);
    for message in told {
        assert_eq!((&message["errcode"], &message["detail"]), (&json!(-1008), &json!([])));
        assert!(message.get("result").is_none());
    }
}

#[tokio::test]
async fn a_picture_is_really_fetched_behind_its_public_address() {
    let stage = Stage::set();
    let receiver = crate::pushes::Receiver::start();
    receiver.accept(&stage, PushMode::Plain, PushFormat::Json).await;
    stage.sim().login("demo-resident").unwrap();
    stage.sim().set_host("https://public.example", &receiver.base());
    stage.sim().set_media_outcome(MediaOutcome { suggest: "risky".to_owned(), label: 20002 });
    let answer = check_picture(&stage, picture("https://public.example/a.jpg")).await;
    stage.sim().deliver().await.unwrap();
    let told = receiver.messages();
    assert_eq!(told[0]["trace_id"], answer.field("trace_id"));
    assert_eq!(told[0]["result"], json!({ "suggest": "risky", "label": 20002 }));
    assert_ne!(told[0]["FromUserName"], openid_of("demo-resident"), "the sender is the platform");
    assert_eq!(receiver.fetched(), ["HEAD /a.jpg", "GET /a.jpg"]);
}

#[tokio::test]
async fn a_receiver_of_another_kind_is_not_kept() {
    let stage = Stage::set();
    let target = PushTarget {
        url: stage.url("/__sim/users").parse().unwrap(),
        token: "AAAAA".to_owned(),
        aes_key: "A".repeat(43),
        mode: PushMode::Secure,
        format: PushFormat::Json,
    };
    assert!(stage.sim().configure_push(target.clone()).await.is_err());
    let short = PushTarget { aes_key: "AAAA".to_owned(), ..target };
    assert!(stage.sim().configure_push(short).await.is_err());
}
