//! `GET /wxa/checksession`.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use wechat_sim::openid_of;

use crate::client::{Answer, Stage};

async fn check(stage: &Stage, session_key: &str, sig_method: &str) -> Answer {
    let key = hmac::Key::new(hmac::HMAC_SHA256, session_key.as_bytes());
    let signature = HEXLOWER.encode(hmac::sign(&key, b"").as_ref());
    let (token, openid) = (stage.stable_token().await, openid_of("demo-resident"));
    let query = format!("access_token={token}&openid={openid}&signature={signature}&sig_method={sig_method}");
    stage.get(&format!("/wxa/checksession?{query}")).await
}

async fn log_in(stage: &Stage) -> String {
    let js_code = stage.sim().login("demo-resident").unwrap();
    stage.code_to_session(&js_code).await.field("session_key")
}

#[tokio::test]
async fn the_present_session_key_passes_when_its_text_keys_the_signature() {
    let stage = Stage::set();
    let session_key = log_in(&stage).await;
    assert_eq!(check(&stage, &session_key, "hmac_sha256").await.json()["errmsg"], "ok");
}

#[tokio::test]
async fn the_session_key_before_the_last_login_does_not_pass() {
    let stage = Stage::set();
    let before = log_in(&stage).await;
    log_in(&stage).await;
    assert_eq!(check(&stage, &before, "hmac_sha256").await.errcode(), Some(87009));
}

#[tokio::test]
async fn another_way_to_sign_and_a_user_who_never_came_are_refused() {
    let stage = Stage::set();
    assert_eq!(check(&stage, "any", "hmac_sha256").await.errcode(), Some(87007));
    assert_eq!(check(&stage, "any", "md5").await.errcode(), Some(87008));
}

#[tokio::test]
async fn an_unknown_openid_is_refused() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    let answer = stage.get(&format!("/wxa/checksession?access_token={token}&openid=oNobody")).await;
    assert_eq!(answer.errcode(), Some(40003));
}
