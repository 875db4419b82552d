//! The rules by which ordinary links open the mini-program, over WeChat's API.

use std::sync::{Arc, Mutex};

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use wechat_sim::{Opening, Settings};

use crate::client::Stage;

async fn post(stage: &Stage, call: &str, body: Value) -> Value {
    let token = stage.stable_token().await;
    let path = format!("/cgi-bin/wxopen/qrcodejump{call}?access_token={token}");
    stage.post(&path, body).await.json()
}

fn rule(prefix: &str) -> Value {
    json!({
        "prefix": prefix, "permit_sub_rule": 1, "path": "pages/scan/index", "open_version": 3,
        "debug_url": [], "is_edit": 0,
    })
}

/// Whether a rule is published (2) or not (1); 0 for none.
fn state_of(known: &Value, prefix: &str) -> i64 {
    let rules = known["rule_list"].as_array().unwrap();
    rules.iter().find(|rule| rule["prefix"] == prefix).and_then(|rule| rule["state"].as_i64()).unwrap_or(0)
}

/// A web server of ours whose folder `/c/` holds one file, once it is put there.
#[derive(Clone, Default)]
struct Site(Arc<Mutex<Option<(String, String)>>>);

impl Site {
    fn start(&self) -> String {
        let site = self.clone();
        let server = HttpServer::new(move || {
            let site = site.clone();
            App::new().route(
                "/c/{file}",
                web::get().to(move |file: web::Path<String>| {
                    let held = site.0.lock().unwrap().clone();
                    let found = held.filter(|(name, _)| *name == *file);
                    let answer = found.map_or_else(
                        || HttpResponse::NotFound().finish(),
                        |(_, text)| HttpResponse::Ok().body(text),
                    );
                    async { answer }
                }),
            )
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        address
    }
}

#[tokio::test]
async fn a_rule_is_added_with_its_file_published_and_opens_the_mini_program() {
    let stage = Stage::set();
    let site = Site::default();
    let prefix = format!("{}/c/", site.start());
    let link = format!("{prefix}1R3ZYW02258Z74G0");
    let opens = || matches!(stage.sim().scan(&link).unwrap(), Opening::MiniProgram { .. });

    assert_eq!(post(&stage, "add", rule(&prefix)).await["errcode"], 85069, "no file yet");
    let told = post(&stage, "download", json!({})).await;
    let file =
        (told["file_name"].as_str().unwrap().to_owned(), told["file_content"].as_str().unwrap().to_owned());
    assert_eq!(file.1.len(), 32);
    *site.0.lock().unwrap() = Some((file.0.clone(), "something else".to_owned()));
    assert_eq!(post(&stage, "add", rule(&prefix)).await["errcode"], 85069, "another file");
    *site.0.lock().unwrap() = Some(file);
    assert_eq!(post(&stage, "add", rule(&prefix)).await["errcode"], 0);
    assert!(!opens(), "it is not published");

    let known = post(&stage, "get", json!({})).await;
    assert_eq!((&known["total_count"], &known["qrcodejump_pub_quota"]), (&json!(2), &json!(100)));
    assert_eq!(state_of(&known, &prefix), 1);
    assert_eq!(post(&stage, "publish", json!({ "prefix": prefix })).await["errcode"], 0);
    assert!(opens());
    let known = post(&stage, "get", json!({})).await;
    assert_eq!((state_of(&known, &prefix), &known["qrcodejump_pub_quota"]), (2, &json!(99)));

    assert_eq!(post(&stage, "add", rule(&prefix)).await["errcode"], 85071, "it is there");
    let mut edit = rule(&prefix);
    edit["is_edit"] = json!(1);
    assert_eq!(post(&stage, "add", edit).await["errcode"], 85095, "what is published can't be edited");
    assert_eq!(post(&stage, "delete", json!({ "prefix": prefix })).await["errcode"], 0);
    assert!(!opens());
    assert_eq!(post(&stage, "delete", json!({ "prefix": prefix })).await["errcode"], 85066);
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_has_its_number() {
    let stage = Stage::set();
    let change = |key: &str, value: Value| {
        let mut body = rule("https://m.example/c/");
        body[key] = value;
        body
    };
    for (body, errcode) in [
        (rule("weixin://c/"), 85066),
        (rule("https://somebody@m.example/c/"), 85066),
        (rule("https://m.example/c/#top"), 85066),
        (change("permit_sub_rule", json!(3)), 47001),
        (change("open_version", json!("3")), 47001),
        (change("is_edit", json!(1)), 85066),
        (change("debug_url", json!(["https://m.example/d/1"])), 85068),
        (change("debug_url", json!(vec!["https://m.example/c/1"; 6])), 47001),
    ] {
        assert_eq!(post(&stage, "add", body.clone()).await["errcode"], errcode, "{body}");
    }
    assert_eq!(post(&stage, "publish", json!({ "prefix": "https://m.example/c/" })).await["errcode"], 85066);
    stage.sim().set_settings(Settings { published: false, ..Settings::default() });
    assert_eq!(post(&stage, "publish", json!({ "prefix": "https://m.example/c/" })).await["errcode"], 85074);
}
