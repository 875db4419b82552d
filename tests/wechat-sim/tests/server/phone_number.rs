//! `POST /wxa/business/getuserphonenumber`.

use serde_json::{Value, json};
use wechat_sim::{DriverError, Settings, UserSpec, openid_of};

use crate::client::{APPID, Answer, Stage, morning};

async fn trade(stage: &Stage, body: Value) -> Answer {
    let token = stage.stable_token().await;
    stage.post(&format!("/wxa/business/getuserphonenumber?access_token={token}"), body).await
}

#[tokio::test]
async fn a_code_gives_the_number_with_a_watermark_once() {
    let stage = Stage::set();
    let code = stage.sim().phone_code("demo-resident").unwrap();
    let answer = trade(&stage, json!({ "code": code })).await;
    assert_eq!(answer.content_type, "application/json; encoding=utf-8");
    let expected = json!({
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": "19900000001",
            "purePhoneNumber": "19900000001",
            "countryCode": "86",
            "watermark": { "timestamp": morning().timestamp(), "appid": APPID },
        },
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(trade(&stage, json!({ "code": code })).await.errcode(), Some(40029));
}

#[tokio::test]
async fn a_login_code_is_invalid_with_a_hint_and_stays_good_for_logging_in() {
    let stage = Stage::set();
    let js_code = stage.sim().login("demo-resident").unwrap();
    let answer = trade(&stage, json!({ "code": js_code })).await;
    assert_eq!(answer.errcode(), Some(40029));
    let errmsg = answer.errmsg();
    assert!(errmsg.starts_with("invalid code hint: [") && errmsg.contains("] rid: "), "{errmsg}");
    assert_eq!(stage.code_to_session(&js_code).await.errcode(), None);
}

#[tokio::test]
async fn a_code_that_is_missing_or_older_than_five_minutes_is_invalid() {
    let stage = Stage::set();
    assert_eq!(trade(&stage, json!({})).await.errcode(), Some(40029));
    let code = stage.sim().phone_code("demo-resident").unwrap();
    stage.advance(300);
    assert_eq!(trade(&stage, json!({ "code": code })).await.errcode(), Some(40029));
}

#[tokio::test]
async fn a_code_of_another_app_is_refused_as_such() {
    let stage = Stage::set();
    let code = stage.sim().phone_code_elsewhere("demo-resident", "wxother").unwrap();
    assert_eq!(trade(&stage, json!({ "code": code })).await.errcode(), Some(40013));
}

#[tokio::test]
async fn an_openid_that_does_not_own_the_code_is_refused_and_the_owner_is_not() {
    let stage = Stage::set();
    let code = stage.sim().phone_code("demo-resident").unwrap();
    let stranger = json!({ "code": code, "openid": openid_of("demo-member") });
    assert_eq!(trade(&stage, stranger.clone()).await.errcode(), Some(40003));
    let settings = Settings { phone_openid_mismatch_errcode: 40029, ..Settings::default() };
    stage.sim().set_settings(settings);
    assert_eq!(trade(&stage, stranger).await.errcode(), Some(40029));
    let owner = json!({ "code": code, "openid": openid_of("demo-resident") });
    assert_eq!(trade(&stage, owner).await.errcode(), Some(0));
}

#[tokio::test]
async fn somebody_without_a_phone_gets_no_phone_code() {
    let stage = Stage::set();
    stage.sim().put_user(UserSpec { user: "wang".into(), ..UserSpec::default() }).unwrap();
    assert_eq!(stage.sim().phone_code("wang"), Err(DriverError::NoPhone("wang".into())));
}
