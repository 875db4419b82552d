//! The program `wechat-sim`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use wechat_sim::openid_of;

use crate::client::{APPID, SECRET, client};

/// The program as started, and the address that it said it is ready at.
fn start(more: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wechat-sim"))
        .args(["--port", "0", "--appid", APPID, "--secret", SECRET])
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("wechat-sim ready ").unwrap().to_owned();
    (child, address)
}

fn end(mut child: Child, signal: &str) -> bool {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    sent.success() && child.wait().unwrap().success()
}

async fn post(url: String, body: &'static str) -> Value {
    let response = client().post(url).body(body).send().await.unwrap();
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn it_says_where_it_is_ready_and_stops_cleanly_on_either_signal() {
    for signal in ["-TERM", "-INT"] {
        let (child, address) = start(&[]);
        let users = client().get(format!("{address}/__sim/users")).send().await.unwrap();
        assert!(users.text().await.unwrap().contains(&openid_of("demo-resident")));
        assert!(end(child, signal), "{signal}");
    }
}

#[tokio::test]
async fn links_under_the_public_url_open_the_mini_program() {
    let (child, address) = start(&["--public-url", "http://127.0.0.1:9999"]);
    let opening = post(format!("{address}/__sim/scan"), r#"{"link": "http://127.0.0.1:9999/c/abc"}"#).await;
    assert_eq!(opening["scene"], 1011);
    assert!(end(child, "-TERM"));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_codes_and_no_seed_gives_fresh_ones() {
    let mut codes = Vec::new();
    for seed in [&["--seed", "7"][..], &["--seed", "7"], &[], &[]] {
        let (child, address) = start(seed);
        codes.push(post(format!("{address}/__sim/login"), r#"{"user": "demo-resident"}"#).await);
        assert!(end(child, "-TERM"));
    }
    assert_eq!(codes[0], codes[1]);
    assert_ne!(codes[1], codes[2]);
    assert_ne!(codes[2], codes[3]);
}
