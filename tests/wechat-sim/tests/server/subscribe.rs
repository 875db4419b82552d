//! `POST /cgi-bin/message/subscribe/send`, the popup, the settings, and the list of templates.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::{
    DriverError, Fault, FaultKind, KeywordWords, Settings, SubscribeEvent, SubscribeTemplate, openid_of,
};

use crate::client::{Answer, Stage};

const SEND: &str = "/cgi-bin/message/subscribe/send";

/// A simulator with a one-time template `t` and a long-term one `long`.
fn stage() -> Stage {
    let stage = Stage::set();
    let mut once = SubscribeTemplate::new(
        "t",
        "答复通知",
        2,
        &[("编号", "character_string1"), ("情况", "enum_string2")],
    );
    let enum_value_list = vec!["已答复".to_owned(), "办理中".to_owned()];
    once.keyword_enum_value_list =
        vec![KeywordWords { keyword_code: "enum_string2".to_owned(), enum_value_list }];
    let long = SubscribeTemplate::new("long", "办理进度", 3, &[("情况", "thing1")]);
    stage.sim().set_templates(vec![once, long]);
    stage
}

fn message() -> Value {
    json!({
        "touser": openid_of("demo-resident"),
        "template_id": "t",
        "page": "pages/case/detail?id=1",
        "data": { "character_string1": { "value": "381-0472-956" }, "enum_string2": { "value": "已答复" } },
        "miniprogram_state": "formal",
        "lang": "zh_CN",
    })
}

async fn send(stage: &Stage, body: Value) -> Answer {
    let token = stage.stable_token().await;
    stage.post(&format!("{SEND}?access_token={token}"), body).await
}

#[tokio::test]
async fn one_yes_is_one_message_and_then_no_more() {
    let stage = stage();
    stage.sim().accept("demo-resident", &["t"]).unwrap();
    let answer = send(&stage, message()).await;
    assert_eq!((answer.errcode(), answer.json().get("msgid")), (Some(0), None));
    let arrived = stage.sim().arrived_at("demo-resident").unwrap();
    assert_eq!((&*arrived[0].title, &*arrived[0].data["character_string1"]), ("答复通知", "381-0472-956"));
    assert_eq!(arrived[0].page.as_deref(), Some("pages/case/detail?id=1"));

    let refused = send(&stage, message()).await;
    assert_eq!(refused.errcode(), Some(43101));
    assert!(refused.errmsg().starts_with("user refuse to accept the msg rid: "));
    let events = stage.sim().take_subscribe_events();
    let openid = openid_of("demo-resident");
    assert_eq!(
        events[0],
        SubscribeEvent::Popup { openid: openid.clone(), answers: vec![("t".to_owned(), true)] }
    );
    assert_eq!(
        events[1],
        SubscribeEvent::Sent { openid, template_id: "t".to_owned(), msg_id: arrived[0].msg_id }
    );
    assert!(stage.sim().take_subscribe_events().is_empty());
}

#[tokio::test]
async fn a_long_term_yes_lasts_until_it_is_taken_back() {
    let stage = stage();
    let body = json!({
        "touser": openid_of("demo-resident"), "template_id": "long", "data": { "thing1": { "value": "办理中" } },
    });
    stage.sim().accept("demo-resident", &["long"]).unwrap();
    for _ in 0..3 {
        assert_eq!(send(&stage, body.clone()).await.errcode(), Some(0));
    }
    stage.sim().unsubscribe("demo-resident", "long").unwrap();
    assert_eq!(send(&stage, body).await.errcode(), Some(43101));
}

#[tokio::test]
async fn what_is_refused_first_is_always_the_same() {
    let stage = stage();
    // Everything is wrong at once; then one after the other is put right.
    let mut body = json!({ "touser": "nobody", "template_id": "none", "data": {} });
    assert_eq!(send(&stage, body.clone()).await.errcode(), Some(40037));
    body["template_id"] = json!("t");
    assert_eq!(send(&stage, body.clone()).await.errcode(), Some(40003));
    body["touser"] = json!(openid_of("demo-resident"));
    assert_eq!(send(&stage, body.clone()).await.errcode(), Some(47003));
    assert_eq!(send(&stage, message()).await.errcode(), Some(43101));
    stage.sim().accept("demo-resident", &["t"]).unwrap();
    assert_eq!(send(&stage, message()).await.errcode(), Some(0));
}

#[tokio::test]
async fn a_refusal_of_a_value_names_the_first_bad_field_and_spends_nothing() {
    let stage = stage();
    stage.sim().accept("demo-resident", &["t"]).unwrap();
    let wrong = [
        (json!({ "value": "编号1" }), "argument invalid! data.character_string1.value invalid"),
        (json!({ "value": 381 }), "argument invalid! data.character_string1.value invalid"),
        (json!({ "value": "" }), "argument invalid! data.character_string1.value is emtpy"),
        (json!({}), "argument invalid! data.character_string1.value is emtpy"),
    ];
    for (field, words) in wrong {
        let mut body = message();
        body["data"]["character_string1"] = field;
        let answer = send(&stage, body).await;
        assert_eq!(answer.errcode(), Some(47003));
        assert!(answer.errmsg().starts_with(words), "{}", answer.errmsg());
    }
    let mut body = message();
    body["data"]["enum_string2"] = json!({ "value": "别的" });
    assert_eq!(send(&stage, body).await.errcode(), Some(47003), "no word of the template");
    let mut body = message();
    body["data"]["thing9"] = json!({ "value": "多余" });
    assert_eq!(send(&stage, body).await.errcode(), Some(47003), "no key of the template");
    let mut body = message();
    body["data"] = json!(body["data"].to_string());
    assert_eq!(send(&stage, body).await.errcode(), Some(47003), "a text of JSON");
    assert_eq!((stage.sim().credit("demo-resident", "t"), stage.sim().count_arrived()), (Ok(1), 0));
}

#[tokio::test]
async fn two_at_a_time_for_one_user_are_one_too_many() {
    let stage = stage();
    stage.sim().accept("demo-resident", &["t", "t"]).unwrap();
    stage.sim().order(Fault::once(SEND, FaultKind::Slow(Duration::from_millis(300))).times(2)).unwrap();
    let (one, other) = tokio::join!(send(&stage, message()), send(&stage, message()));
    let mut errcodes = [one.errcode().unwrap(), other.errcode().unwrap()];
    errcodes.sort_unstable();
    assert_eq!(errcodes, [0, 43108]);
    assert_eq!(stage.sim().credit("demo-resident", "t"), Ok(1), "the refused one has spent nothing");
    assert_eq!(send(&stage, message()).await.errcode(), Some(0), "one after the other is fine");
}

#[tokio::test]
async fn a_lost_answer_is_a_delivered_message() {
    let stage = stage();
    stage.sim().accept("demo-resident", &["t", "t"]).unwrap();
    let path = format!("{SEND}?access_token={}", stage.stable_token().await);
    stage.sim().order(Fault::once(SEND, FaultKind::DropAfter)).unwrap();
    stage.try_send(Method::POST, &path, message().to_string()).await.map(|_| ()).unwrap_err();
    assert_eq!(stage.sim().count_arrived(), 1);
    stage.sim().order(Fault::once(SEND, FaultKind::DropBefore)).unwrap();
    stage.try_send(Method::POST, &path, message().to_string()).await.map(|_| ()).unwrap_err();
    assert_eq!((stage.sim().count_arrived(), stage.sim().credits()), (1, 1));
}

#[tokio::test]
async fn the_switches_give_message_ids_and_refuse_pages_and_words() {
    let stage = stage();
    stage.sim().accept("demo-resident", &["t"]).unwrap();
    let pages = Some(vec!["pages/index/index".to_owned()]);
    stage.sim().set_settings(Settings { pages, ..Settings::default() });
    assert_eq!(send(&stage, message()).await.errcode(), Some(41030));
    let sensitive_words = vec!["已答复".to_owned()];
    stage.sim().set_settings(Settings { sensitive_words, ..Settings::default() });
    assert_eq!(send(&stage, message()).await.errcode(), Some(45168));
    stage.sim().set_settings(Settings { answers_msgid: true, ..Settings::default() });
    let msg_id = send(&stage, message()).await.json()["msgid"].as_u64();
    assert!(msg_id.is_some_and(|msg_id| msg_id > 1 << 53), "{msg_id:?}");
    let mut banned = SubscribeTemplate::new("t", "答复通知", 2, &[("编号", "character_string1")]);
    banned.banned = true;
    stage.sim().set_templates(vec![banned]);
    assert_eq!(send(&stage, message()).await.errcode(), Some(43107));
}

#[tokio::test]
async fn the_list_of_templates_is_as_the_console_shows_it() {
    let stage = stage();
    let token = stage.stable_token().await;
    let list = stage.get(&format!("/wxaapi/newtmpl/gettemplate?access_token={token}")).await.json();
    let first = &list["data"][0];
    assert_eq!((&first["priTmplId"], &first["type"]), (&json!("t"), &json!(2)));
    assert_eq!(first["content"], "编号:{{character_string1.DATA}}\n情况:{{enum_string2.DATA}}\n");
    assert_eq!(first["keywordEnumValueList"][0]["enumValueList"], json!(["已答复", "办理中"]));
    assert_eq!(list["data"][1]["type"], 3);
}

#[tokio::test]
async fn the_drivers_answer_popups_and_show_what_arrived() {
    let stage = stage();
    let popup = json!({ "user": "demo-resident", "accept": "all" });
    let (status, body) = stage.drive(Method::POST, "/__sim/subscribe", popup).await;
    assert_eq!((status, &body["credits"]), (200, &json!({ "t": 1, "long": 1 })));
    let mixed = json!({ "user": "demo-resident", "accept": ["t", "long"] });
    let (status, body) = stage.drive(Method::POST, "/__sim/subscribe", mixed).await;
    assert!(status == 400 && body["error"].as_str().unwrap().contains("20002"), "{body}");
    let declined = json!({ "user": "demo-resident", "accept": [], "reject": ["t"] });
    let (_, body) = stage.drive(Method::POST, "/__sim/subscribe", declined).await;
    assert_eq!(body["credits"]["t"], 1, "a no takes nothing back");
    send(&stage, message()).await;
    let (_, sent) = stage.drive(Method::GET, "/__sim/sent", Value::Null).await;
    assert_eq!(sent["messages"][0]["openid"], openid_of("demo-resident"));
    let off = json!({ "user": "demo-resident", "template": "long" });
    let (_, body) = stage.drive(Method::POST, "/__sim/unsubscribe", off).await;
    assert_eq!(body["credits"]["long"], 0);
    let unknown = stage.sim().accept("demo-resident", &["none"]);
    assert_eq!(unknown, Err(DriverError::NoSuchTemplate("none".to_owned())));
}

#[tokio::test]
async fn a_robot_speaks_twenty_times_a_minute() {
    let stage = stage();
    let text = json!({ "msgtype": "text", "text": { "content": "有一件新的派件" } });
    for _ in 0..20 {
        assert_eq!(stage.post("/cgi-bin/webhook/send?key=k", text.clone()).await.errcode(), Some(0));
    }
    assert_eq!(stage.post("/cgi-bin/webhook/send?key=k", text.clone()).await.errcode(), Some(45009));
    assert_eq!(stage.post("/cgi-bin/webhook/send?key=other", text.clone()).await.errcode(), Some(0));
    stage.advance(60);
    assert_eq!(stage.post("/cgi-bin/webhook/send?key=k", text).await.errcode(), Some(0));
    assert_eq!(stage.post("/cgi-bin/webhook/send", json!({})).await.errcode(), Some(93000));
    let (_, said) = stage.drive(Method::GET, "/__sim/groups", Value::Null).await;
    assert_eq!(said["said"].as_array().unwrap().len(), 22);
}
