//! Request ids in refusals, and `POST /cgi-bin/openapi/rid/get`.

use serde_json::{Value, json};

use crate::client::{Answer, Stage, morning};

async fn ask(stage: &Stage, rid: &str) -> Answer {
    let token = stage.stable_token().await;
    stage.post(&format!("/cgi-bin/openapi/rid/get?access_token={token}"), json!({ "rid": rid })).await
}

fn rid_of(answer: &Answer) -> String {
    answer.errmsg().split_once("rid: ").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_refusal_ends_with_a_rid_that_begins_with_the_time() {
    let stage = Stage::set();
    let rid = rid_of(&stage.post("/cgi-bin/stable_token", json!({})).await);
    let groups: Vec<_> = rid.split('-').collect();
    assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 8, 8]);
    assert_eq!(i64::from_str_radix(groups[0], 16).unwrap(), morning().timestamp());
}

#[tokio::test]
async fn a_refused_call_can_be_looked_up_for_seven_days_without_its_token() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
    let refused = stage.post(&path, json!({ "code": "x" })).await;
    let rid = rid_of(&refused);

    let request: Value = ask(&stage, &rid).await.json()["request"].clone();
    assert_eq!(request["invoke_time"], morning().timestamp());
    assert_eq!(request["request_url"], "/wxa/business/getuserphonenumber?");
    assert_eq!(request["request_body"], r#"{"code":"x"}"#);
    assert_eq!(request["response_body"], refused.text);
    assert_eq!(request["client_ip"], "127.0.0.1");

    stage.advance(7 * 24 * 3600 + 1);
    assert_eq!(ask(&stage, &rid).await.errcode(), Some(76004));
}

#[tokio::test]
async fn rids_that_are_unknown_malformed_or_of_a_login_are_not_told_of() {
    let stage = Stage::set();
    let login = rid_of(&stage.code_to_session("0madeup").await);
    assert_eq!(ask(&stage, &login).await.errcode(), Some(76001));
    assert_eq!(ask(&stage, "00000000-00000000-00000000").await.errcode(), Some(76001));
    assert_eq!(ask(&stage, "what").await.errcode(), Some(76002));
}
