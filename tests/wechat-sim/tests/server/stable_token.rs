//! `POST /cgi-bin/stable_token`.

use serde_json::json;
use wechat_sim::{Quota, Settings};

use crate::client::{APPID, SECRET, Stage};

#[tokio::test]
async fn everybody_gets_the_same_token_with_the_seconds_that_are_left() {
    let stage = Stage::set();
    let first = stage.stable_token_answer(false).await;
    stage.advance(6855);
    let second = stage.stable_token_answer(false).await;

    assert_eq!(first.status, 200);
    assert_eq!(first.content_type, "application/json; encoding=utf-8");
    assert_eq!(first.json()["expires_in"], 7200);
    assert_eq!(first.errcode(), None);
    assert_eq!(second.json(), json!({ "access_token": first.field("access_token"), "expires_in": 345 }));
}

#[tokio::test]
async fn in_the_last_five_minutes_a_new_token_comes_and_both_are_good_until_the_old_one_ends() {
    let stage = Stage::set();
    let old = stage.stable_token().await;
    stage.advance(6899);
    assert_eq!(stage.stable_token().await, old, "301 seconds are left");

    stage.advance(1);
    let new = stage.stable_token_answer(false).await;
    assert_ne!(new.field("access_token"), old);
    assert_eq!(new.json()["expires_in"], 7200);

    stage.advance(299);
    assert_eq!(stage.token_errcode(&old).await, None);
    assert_eq!(stage.token_errcode(&new.field("access_token")).await, None);
    stage.advance(1);
    assert_eq!(stage.token_errcode(&old).await, Some(40001));
    assert_eq!(stage.token_errcode(&new.field("access_token")).await, None);
}

#[tokio::test]
async fn a_token_that_nobody_renewed_is_expired() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    stage.advance(7199);
    assert_eq!(stage.token_errcode(&token).await, None);
    stage.advance(1);
    assert_eq!(stage.token_errcode(&token).await, Some(42001));
    assert_ne!(stage.stable_token().await, token);
}

#[tokio::test]
async fn a_forced_refresh_kills_the_old_token_at_once() {
    let stage = Stage::set();
    let old = stage.stable_token().await;
    let new = stage.stable_token_answer(true).await.field("access_token");
    assert_ne!(new, old);
    assert_eq!(stage.token_errcode(&old).await, Some(40001));
    assert_eq!(stage.token_errcode(&new).await, None);
    assert_eq!(stage.stable_token().await, new);
}

#[tokio::test]
async fn a_second_forced_refresh_within_thirty_seconds_gives_the_present_token() {
    let stage = Stage::set();
    let first = stage.stable_token_answer(true).await.field("access_token");
    stage.advance(29);
    assert_eq!(stage.stable_token_answer(true).await.field("access_token"), first);
    stage.advance(1);
    assert_ne!(stage.stable_token_answer(true).await.field("access_token"), first);
}

#[tokio::test]
async fn the_twenty_first_forced_refresh_of_a_day_gives_the_present_token() {
    let stage = Stage::set();
    let mut last = String::new();
    for nth in 1..=20 {
        let token = stage.stable_token_answer(true).await.field("access_token");
        assert_ne!(token, last, "refresh {nth}");
        last = token;
        stage.advance(30);
    }
    assert_eq!(stage.stable_token_answer(true).await.field("access_token"), last);

    stage.advance(15 * 3600);
    let tomorrow = stage.stable_token().await;
    assert_ne!(stage.stable_token_answer(true).await.field("access_token"), tomorrow);
}

#[tokio::test]
async fn another_deployment_can_take_the_token_away() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    stage.sim().supersede_token();
    let refused = stage.get(&format!("/wxa/checksession?access_token={token}")).await;
    assert_eq!(refused.errcode(), Some(40001));
    assert!(refused.errmsg().starts_with("invalid credential, access_token is invalid or not latest"));
    assert_ne!(stage.stable_token().await, token);
}

#[tokio::test]
async fn a_superseded_token_can_be_made_to_answer_42001() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    stage.sim().set_settings(Settings { superseded_errcode: 42001, ..Settings::default() });
    stage.sim().supersede_token();
    assert_eq!(stage.token_errcode(&token).await, Some(42001));
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_refused_with_its_own_number_and_words() {
    let stage = Stage::set();
    let grant = "client_credential";
    let table = [
        (json!({ "appid": APPID, "secret": SECRET }), 40002, "invalid grant_type rid: "),
        (json!({ "grant_type": "password", "appid": APPID, "secret": SECRET }), 40002, "invalid grant_type"),
        (json!({ "grant_type": grant, "secret": SECRET }), 41002, "appid missing rid: "),
        (json!({ "grant_type": grant, "appid": APPID }), 41004, "appsecret missing rid: "),
        (json!({ "grant_type": grant, "appid": "", "secret": SECRET }), 41002, "appid missing rid: "),
        (json!({ "grant_type": grant, "appid": "wxother", "secret": SECRET }), 40013, "invalid appid rid: "),
        (json!({ "grant_type": grant, "appid": APPID, "secret": "x" }), 40125, "invalid appsecret rid: "),
        (
            json!({ "grant_type": grant, "appid": APPID, "secret": SECRET, "force_refresh": "yes" }),
            47001,
            "data format error rid: ",
        ),
    ];
    for (body, errcode, errmsg) in table {
        let answer = stage.post("/cgi-bin/stable_token", body.clone()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.errcode(), Some(errcode), "{body}");
        assert!(answer.errmsg().starts_with(errmsg), "{body}: {}", answer.errmsg());
    }
}

#[tokio::test]
async fn a_form_is_refused_because_only_json_is_taken() {
    let stage = Stage::set();
    let form = format!("grant_type=client_credential&appid={APPID}&secret={SECRET}");
    let answer = stage.try_send(reqwest::Method::POST, "/cgi-bin/stable_token", form).await.unwrap();
    assert_eq!(answer.errcode(), Some(47001));
}

#[tokio::test]
async fn a_frozen_secret_is_refused() {
    let stage = Stage::set();
    stage.sim().set_settings(Settings { secret_frozen: true, ..Settings::default() });
    assert_eq!(stage.stable_token_answer(false).await.errcode(), Some(40243));
}

#[tokio::test]
async fn an_address_outside_the_whitelist_is_refused_and_named() {
    let stage = Stage::set();
    let elsewhere = Some(vec!["192.0.2.1".parse().unwrap()]);
    stage.sim().set_settings(Settings { ip_whitelist: elsewhere, ..Settings::default() });
    let refused = stage.stable_token_answer(false).await;
    assert_eq!(refused.errcode(), Some(40164));
    let text = "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: ";
    assert!(refused.errmsg().starts_with(text), "{}", refused.errmsg());

    let here = Some(vec!["127.0.0.1".parse().unwrap()]);
    stage.sim().set_settings(Settings { ip_whitelist: here, ..Settings::default() });
    assert_eq!(stage.stable_token_answer(false).await.errcode(), None);
}

#[tokio::test]
async fn the_minute_limit_ends_with_the_minute_and_the_day_limit_at_midnight_in_beijing() {
    let stage = Stage::set();
    let quota = Quota { per_minute: Some(2), per_day: Some(3) };
    stage.sim().set_quota("/cgi-bin/stable_token", quota).unwrap();
    let mut errcodes = Vec::new();
    for step in [0, 0, 0, 60, 0, 15 * 3600] {
        stage.advance(step);
        errcodes.push(stage.stable_token_answer(false).await.errcode());
    }
    assert_eq!(errcodes, [None, None, Some(45011), None, Some(45009), None]);
}

#[tokio::test]
async fn clearing_the_quota_opens_a_used_up_day_ten_times_a_month() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    let quota = Quota { per_minute: None, per_day: Some(1) };
    stage.sim().set_quota("/cgi-bin/stable_token", quota).unwrap();
    assert_eq!(stage.stable_token_answer(false).await.errcode(), Some(45009));

    let clear = format!("/cgi-bin/clear_quota?access_token={token}");
    assert_eq!(stage.post(&clear, json!({ "appid": "wxother" })).await.errcode(), Some(40013));
    assert_eq!(stage.post(&clear, json!({ "appid": APPID })).await.errcode(), Some(0));
    assert_eq!(stage.stable_token_answer(false).await.errcode(), None);
    for _ in 2..=10 {
        assert_eq!(stage.post(&clear, json!({ "appid": APPID })).await.errcode(), Some(0));
    }
    assert_eq!(stage.post(&clear, json!({ "appid": APPID })).await.errcode(), Some(48006));
}
