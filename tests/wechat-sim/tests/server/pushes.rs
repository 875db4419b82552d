//! Pushes: how they are signed, written, tried again, and how oddly they may arrive.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use data_encoding::HEXLOWER;
use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::{ATTEMPTS, PushFormat, PushMode, PushOptions, PushTarget, openid_of};

use crate::client::Stage;

const TOKEN: &str = "AAAAA";

/// What a receiver of pushes has seen.
#[derive(Default)]
struct Seen {
    calls: Vec<(HashMap<String, String>, String)>,
    fetched: Vec<String>,
    /// What it answers from now on; nothing is `success`.
    answers: Vec<(u16, &'static str)>,
}

/// Somebody who takes pushes, and has one picture.
pub struct Receiver {
    address: String,
    seen: Arc<Mutex<Seen>>,
}

async fn take(
    request: HttpRequest,
    query: web::Query<HashMap<String, String>>,
    body: Bytes,
    seen: Data<Arc<Mutex<Seen>>>,
) -> HttpResponse {
    if request.path() == "/a.jpg" {
        seen.lock().unwrap().fetched.push(format!("{} {}", request.method(), request.path()));
        return HttpResponse::Ok().content_type("image/jpeg").body("a picture");
    }
    if let Some(echo) = query.get("echostr") {
        return HttpResponse::Ok().body(echo.clone());
    }
    let mut seen = seen.lock().unwrap();
    seen.calls.push((query.into_inner(), String::from_utf8(body.to_vec()).unwrap()));
    let (status, text) = if seen.answers.is_empty() { (200, "success") } else { seen.answers.remove(0) };
    HttpResponse::build(status.try_into().unwrap()).body(text)
}

impl Receiver {
    pub fn start() -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let data = Data::new(seen.clone());
        let server =
            HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(take)));
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        Self { address, seen }
    }

    pub fn base(&self) -> String {
        self.address.clone()
    }

    /// Enters itself in the console.
    pub async fn accept(&self, stage: &Stage, mode: PushMode, format: PushFormat) {
        let url = format!("{}/push", self.address).parse().unwrap();
        let target = PushTarget { url, token: TOKEN.to_owned(), aes_key: "A".repeat(43), mode, format };
        stage.sim().configure_push(target).await.unwrap();
    }

    /// The bodies that came, as JSON.
    pub fn messages(&self) -> Vec<Value> {
        self.calls().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }

    pub fn fetched(&self) -> Vec<String> {
        self.seen.lock().unwrap().fetched.clone()
    }

    fn calls(&self) -> Vec<(HashMap<String, String>, String)> {
        self.seen.lock().unwrap().calls.clone()
    }

    fn answer(&self, answers: &[(u16, &'static str)]) {
        self.seen.lock().unwrap().answers = answers.to_vec();
    }
}

fn sign(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    HEXLOWER.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, parts.concat().as_bytes()).as_ref())
}

fn hello(stage: &Stage) {
    stage.sim().push_event("o1", "debug_demo", json!({ "debug_str": "hello" }));
}

#[tokio::test]
async fn a_push_carries_both_signatures_and_in_the_safe_mode_nothing_plain() {
    let stage = Stage::set();
    let receiver = Receiver::start();
    for (mode, members) in [
        (PushMode::Plain, vec!["CreateTime", "Event", "FromUserName", "MsgType", "ToUserName", "debug_str"]),
        (PushMode::Secure, vec!["Encrypt", "ToUserName"]),
    ] {
        receiver.accept(&stage, mode, PushFormat::Json).await;
        hello(&stage);
        let delivered = stage.sim().deliver().await.unwrap();
        assert_eq!((delivered.len(), delivered[0].taken), (1, true));
        let (query, body) = receiver.calls().pop().unwrap();
        let message: Value = serde_json::from_str(&body).unwrap();
        let mut names: Vec<&str> = message.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, members);
        let (timestamp, nonce) = (query["timestamp"].as_str(), query["nonce"].as_str());
        assert_eq!(query["signature"], sign(&[TOKEN, timestamp, nonce]));
        assert_eq!(query["openid"], "o1");
        if mode == PushMode::Secure {
            let encrypted = message["Encrypt"].as_str().unwrap();
            assert_eq!(query["msg_signature"], sign(&[TOKEN, timestamp, nonce, encrypted]));
            assert_eq!(query["encrypt_type"], "aes");
        }
    }
    receiver.accept(&stage, PushMode::Compatible, PushFormat::Xml).await;
    hello(&stage);
    stage.sim().deliver().await.unwrap();
    let (_, body) = receiver.calls().pop().unwrap();
    assert!(body.starts_with("<xml>") && body.contains("<Encrypt>") && body.contains("debug_demo"), "{body}");
}

#[tokio::test]
async fn what_is_not_taken_is_tried_three_times_and_then_dropped() {
    let stage = Stage::set();
    let receiver = Receiver::start();
    receiver.accept(&stage, PushMode::Plain, PushFormat::Json).await;
    for (answers, attempts, taken) in [
        (vec![(500, ""), (200, "")], 2, true),
        (vec![(200, "fail"), (302, ""), (200, "success")], 3, true),
        (vec![(500, ""), (500, ""), (500, ""), (500, "")], ATTEMPTS, false),
    ] {
        receiver.answer(&answers);
        hello(&stage);
        let delivered = stage.sim().deliver().await.unwrap();
        assert_eq!((delivered[0].attempts, delivered[0].taken), (attempts, taken), "{answers:?}");
        receiver.answer(&[]);
        assert!(stage.sim().deliver().await.unwrap().is_empty(), "it is gone");
    }
}

#[tokio::test]
async fn pushes_come_late_twice_in_another_order_or_never() {
    let stage = Stage::set();
    let receiver = Receiver::start();
    receiver.accept(&stage, PushMode::Plain, PushFormat::Json).await;
    let sim = stage.sim();
    sim.set_push_options(PushOptions { delay_s: 60, duplicates: 1, reorder: true, ..PushOptions::default() });
    for number in 1..=2 {
        sim.push_event("o1", "debug_demo", json!({ "debug_str": number }));
    }
    assert!(sim.deliver().await.unwrap().is_empty());
    stage.advance(60);
    assert_eq!(sim.deliver().await.unwrap().len(), 4);
    let order: Vec<Value> = receiver.messages().iter().map(|it| it["debug_str"].clone()).collect();
    assert_eq!(order, [json!(2), json!(2), json!(1), json!(1)]);
    sim.set_push_options(PushOptions { drop: true, ..PushOptions::default() });
    hello(&stage);
    assert!(sim.deliver().await.unwrap().is_empty());
    sim.set_push_options(PushOptions::default());
    assert!(sim.deliver().await.unwrap().is_empty(), "what was dropped does not come back");
}

#[tokio::test]
async fn a_list_of_one_is_an_object_and_numbers_may_be_texts() {
    let stage = Stage::set();
    let receiver = Receiver::start();
    receiver.accept(&stage, PushMode::Plain, PushFormat::Json).await;
    let sim = stage.sim();
    let item = json!({ "TemplateId": "t1" });
    let one = || sim.push_event("o1", "subscribe_msg_popup_event", json!({ "List": [item] }));
    one();
    sim.push_event("o1", "subscribe_msg_popup_event", json!({ "List": [item, item] }));
    sim.deliver().await.unwrap();
    sim.set_push_options(PushOptions {
        list_always_array: true,
        numbers_as_text: true,
        ..PushOptions::default()
    });
    one();
    sim.deliver().await.unwrap();
    let came = receiver.messages();
    assert!(came[0]["List"].is_object() && came[0]["CreateTime"].is_i64());
    assert_eq!(came[1]["List"].as_array().map(Vec::len), Some(2));
    assert!(came[2]["List"].is_array() && came[2]["CreateTime"].is_string());
}

#[tokio::test]
async fn people_stand_in_openid_where_the_platform_sends() {
    let stage = Stage::set();
    let receiver = Receiver::start();
    receiver.accept(&stage, PushMode::Plain, PushFormat::Json).await;
    let sim = stage.sim();
    sim.revoke("demo-resident", &[8, 13]).unwrap();
    sim.modify_info("demo-resident").unwrap();
    sim.cancel("demo-resident").unwrap();
    sim.punish(2, "含有违规内容");
    assert!(sim.revoke("nobody", &[8]).is_err());
    sim.deliver().await.unwrap();
    let came = receiver.messages();
    let events: Vec<&str> = came.iter().map(|it| it["Event"].as_str().unwrap()).collect();
    assert_eq!(
        events,
        [
            "user_authorization_revoke",
            "user_info_modified",
            "user_authorization_cancellation",
            "wxa_punish_event"
        ]
    );
    assert_eq!(
        (&came[0]["OpenID"], &came[0]["RevokeInfo"]),
        (&json!(openid_of("demo-resident")), &json!("8,13"))
    );
    assert_ne!(came[0]["FromUserName"], came[0]["OpenID"]);
    assert_eq!((&came[3]["event_type"], &came[3]["illegal_content"]), (&json!(2), &json!("首页")));
}

#[tokio::test]
async fn everything_can_be_driven_over_http() {
    let stage = Stage::set();
    let receiver = Receiver::start();
    let console = json!({
        "url": format!("{}/push", receiver.base()), "token": TOKEN, "aes_key": "A".repeat(43), "mode": "plain",
        "format": "json",
    });
    let post = async |path: &str, body: Value| stage.drive(Method::POST, path, body).await;
    assert_eq!(post("/__sim/push", console).await.0, 204);
    assert_eq!(post("/__sim/revoke", json!({ "user": "demo-resident", "info": [8] })).await.0, 204);
    assert_eq!(post("/__sim/cancel", json!({ "user": "demo-resident" })).await.0, 204);
    assert_eq!(post("/__sim/punish", json!({ "kind": 1, "reason": "x" })).await.0, 204);
    let event = json!({ "from": "o1", "event": "debug_demo", "members": {} });
    assert_eq!(post("/__sim/push/event", event).await.0, 204);
    let put = async |path: &str, body: Value| stage.drive(Method::PUT, path, body).await.0;
    assert_eq!(put("/__sim/push/options", json!({ "duplicates": 1 })).await, 204);
    assert_eq!(put("/__sim/push/options", json!({ "surprise": 1 })).await, 400);
    assert_eq!(put("/__sim/push/media", json!({ "suggest": "pass", "label": 100 })).await, 204);
    let (status, delivered) = post("/__sim/push/deliver", Value::Null).await;
    assert_eq!((status, delivered["deliveries"].as_array().map(Vec::len)), (200, Some(8)));
    let (_, log) = stage.drive(Method::GET, "/__sim/push/deliveries", Value::Null).await;
    assert_eq!(log["deliveries"], delivered["deliveries"]);
    assert_eq!(post("/__sim/push", json!({ "url": "http://127.0.0.1:1/" })).await.0, 400);
}
