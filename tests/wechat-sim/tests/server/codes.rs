//! `POST /wxa/getwxacodeunlimit` and `POST /wxa/getwxacode`.

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use wechat_sim::{Quota, Settings};

use crate::client::{Stage, client};

const UNLIMITED: &str = "/wxa/getwxacodeunlimit";
const LIMITED: &str = "/wxa/getwxacode";

/// The type, the headers and the bytes of an answer.
async fn draw(stage: &Stage, path: &str, body: Value) -> (String, HeaderMap, Vec<u8>) {
    let url = stage.url(&format!("{path}?access_token={}", stage.stable_token().await));
    let response = client().post(url).body(body.to_string()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    let content_type = headers["content-type"].to_str().unwrap().to_owned();
    (content_type, headers, response.bytes().await.unwrap().to_vec())
}

async fn errcode(stage: &Stage, path: &str, body: Value) -> i64 {
    let (content_type, _, bytes) = draw(stage, path, body.clone()).await;
    assert_eq!(content_type, "application/json; encoding=utf-8", "{body}");
    serde_json::from_slice::<Value>(&bytes).unwrap()["errcode"].as_i64().unwrap()
}

fn side(bytes: &[u8]) -> u32 {
    let picture = image::load_from_memory(bytes).unwrap();
    assert_eq!(picture.width(), picture.height());
    picture.width()
}

#[tokio::test]
async fn an_unlimited_code_is_a_picture_of_the_side_that_was_asked_for() {
    let stage = Stage::set();
    let (content_type, headers, bytes) = draw(&stage, UNLIMITED, json!({ "scene": "abc" })).await;
    assert_eq!((content_type.as_str(), side(&bytes)), ("image/jpeg", 430));
    assert!(!headers.contains_key("num-used"));
    let wide = json!({ "scene": "abc", "width": 1280, "is_hyaline": true, "page": "pages/scan/index" });
    let (content_type, _, bytes) = draw(&stage, UNLIMITED, wide).await;
    assert_eq!((content_type.as_str(), side(&bytes)), ("image/png", 1280));
}

#[tokio::test]
async fn what_an_unlimited_code_cannot_carry_is_refused_by_its_own_number() {
    let stage = Stage::set();
    let table = [
        (json!({}), 40169),
        (json!({ "scene": "" }), 40169),
        (json!({ "scene": "x".repeat(33) }), 40169),
        (json!({ "scene": "码" }), 40129),
        (json!({ "scene": "a%20b" }), 40129),
        (json!({ "scene": "a b" }), 40129),
        (json!({ "scene": "a", "page": "/pages/scan/index" }), 41030),
        (json!({ "scene": "a", "page": "pages/scan/index?a=1" }), 41030),
        (json!({ "scene": "a", "page": "pages/scan/index?a=1", "check_path": false }), 41030),
        (json!({ "scene": "scancode_time=1" }), 85096),
        (json!({ "scene": "a", "env_version": "newest" }), 40097),
        (json!({ "scene": "a", "width": 279 }), 40097),
        (json!({ "scene": "a", "width": 1281 }), 40097),
        (json!({ "scene": "a", "width": "430" }), 47001),
        (json!({ "scene": 1 }), 47001),
        (json!({ "scene": "a", "is_hyaline": "yes" }), 47001),
    ];
    for (body, expected) in table {
        assert_eq!(errcode(&stage, UNLIMITED, body.clone()).await, expected, "{body}");
    }
}

#[tokio::test]
async fn a_checked_page_is_a_published_one() {
    let stage = Stage::set();
    let body = |page: &str, check: bool| json!({ "scene": "a", "page": page, "check_path": check });
    let pages = Some(vec!["pages/scan/index".to_owned()]);
    stage.sim().set_settings(Settings { pages, ..Settings::default() });
    draw(&stage, UNLIMITED, body("pages/scan/index", true)).await;
    assert_eq!(errcode(&stage, UNLIMITED, body("pages/other/index", true)).await, 41030);
    assert_eq!(side(&draw(&stage, UNLIMITED, body("pages/other/index", false)).await.2), 430);
    stage.sim().set_settings(Settings { published: false, ..Settings::default() });
    assert_eq!(errcode(&stage, UNLIMITED, body("pages/scan/index", true)).await, 41030);
}

#[tokio::test]
async fn five_thousand_unlimited_codes_a_minute_are_the_documented_limit() {
    let stage = Stage::set();
    stage.sim().set_quota(UNLIMITED, Quota { per_minute: Some(1), per_day: None }).unwrap();
    draw(&stage, UNLIMITED, json!({ "scene": "a" })).await;
    assert_eq!(errcode(&stage, UNLIMITED, json!({ "scene": "a" })).await, 45011);
    stage.advance(60);
    assert_eq!(draw(&stage, UNLIMITED, json!({ "scene": "a" })).await.0, "image/jpeg");
}

#[tokio::test]
async fn limited_codes_are_counted_in_a_header_until_they_are_used_up() {
    let stage = Stage::set();
    stage.sim().set_settings(Settings { most_limited_codes: 2, ..Settings::default() });
    for used in ["1", "2"] {
        let (content_type, headers, bytes) =
            draw(&stage, LIMITED, json!({ "path": "pages/index?a=1", "width": 300 })).await;
        assert_eq!((content_type.as_str(), side(&bytes)), ("image/jpeg", 300));
        assert_eq!(headers["num-used"], used);
    }
    assert_eq!(errcode(&stage, LIMITED, json!({ "path": "pages/index" })).await, 45029);
    let table = [
        (json!({}), 40159),
        (json!({ "path": "x".repeat(1025) }), 40159),
        (json!({ "path": "pages/index?scancode_time=1" }), 85096),
        (json!({ "path": "pages/index", "env_version": "" }), 45029),
        (json!({ "path": "pages/index", "env_version": "newest" }), 40097),
    ];
    for (body, expected) in table {
        assert_eq!(errcode(&stage, LIMITED, body.clone()).await, expected, "{body}");
    }
}
