//! What is refused first when several things are wrong, and what tokens answer that were never good.

use reqwest::Method;
use wechat_sim::Quota;

use crate::client::Stage;

const PATH: &str = "/wxa/business/getuserphonenumber";

#[tokio::test]
async fn each_check_comes_before_the_next() {
    let stage = Stage::set();
    let good = format!("{PATH}?access_token={}", stage.stable_token().await);
    let quota = |per_minute, per_day| stage.sim().set_quota(PATH, Quota { per_minute, per_day }).unwrap();

    quota(Some(0), Some(0));
    let errcode = async |method, path: &str, body: &'static str| {
        stage.try_send(method, path, body).await.unwrap().errcode()
    };
    assert_eq!(errcode(Method::GET, PATH, "").await, Some(43002));
    assert_eq!(errcode(Method::POST, PATH, "").await, Some(41001));
    assert_eq!(errcode(Method::POST, &good, "").await, Some(45011));
    quota(None, Some(0));
    assert_eq!(errcode(Method::POST, &good, "").await, Some(45009));
    quota(None, None);
    assert_eq!(errcode(Method::POST, &good, "").await, Some(44002));
    assert_eq!(errcode(Method::POST, &good, "{").await, Some(47001));
    assert_eq!(errcode(Method::POST, &good, "[]").await, Some(47001));
    assert_eq!(errcode(Method::POST, &good, r#"{"code": 1}"#).await, Some(47001));
    assert_eq!(errcode(Method::POST, &good, "{}").await, Some(40029));
}

#[tokio::test]
async fn a_get_api_wants_a_get() {
    let stage = Stage::set();
    let answer = stage.try_send(Method::POST, "/sns/jscode2session", "").await.unwrap();
    assert_eq!(answer.errcode(), Some(43001));
}

#[tokio::test]
async fn a_token_is_missing_or_no_token_at_all_or_was_never_issued() {
    let stage = Stage::set();
    let table = [("", 41001), ("nonsense", 40014), ("93_", 40014), ("x_abc", 40014), ("93_abc-DEF_1", 40001)];
    for (token, errcode) in table {
        assert_eq!(stage.token_errcode(token).await, Some(errcode), "{token}");
    }
}

#[tokio::test]
async fn a_path_that_is_no_api_is_counted_and_not_found() {
    let stage = Stage::set();
    let response = reqwest::Client::get(&crate::client::client(), stage.url("/cgi-bin/nothing"));
    assert_eq!(response.send().await.unwrap().status(), 404);
    assert_eq!(stage.sim().calls("/cgi-bin/nothing"), 1);
}
