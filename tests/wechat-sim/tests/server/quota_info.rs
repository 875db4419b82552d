//! `POST /cgi-bin/openapi/quota/get`.

use serde_json::json;
use wechat_sim::Quota;

use crate::client::Stage;

const CODES: &str = "/wxa/getwxacodeunlimit";

#[tokio::test]
async fn it_tells_what_is_left_of_the_day() {
    let stage = Stage::set();
    stage.sim().set_quota(CODES, Quota { per_minute: Some(50), per_day: Some(3) }).unwrap();
    let token = stage.stable_token().await;
    let ask = async |path: &str| {
        stage
            .post(&format!("/cgi-bin/openapi/quota/get?access_token={token}"), json!({ "cgi_path": path }))
            .await
    };
    for used in 0..2 {
        let answer = ask(CODES).await.json();
        assert_eq!(answer["quota"], json!({ "daily_limit": 3, "used": used, "remain": 3 - used }));
        assert_eq!(answer["rate_limit"], json!({ "call_count": 50, "refresh_second": 60 }));
        // A call that is refused for what it asks counts all the same.
        stage.post(&format!("{CODES}?access_token={token}"), json!({ "scene": "" })).await;
    }
    stage.advance(86_400);
    let token = stage.stable_token().await;
    let path = format!("/cgi-bin/openapi/quota/get?access_token={token}");
    let answer = stage.post(&path, json!({ "cgi_path": CODES })).await.json();
    assert_eq!(answer["quota"]["used"], 0, "a new day");
    let errcode = async |cgi: &str| stage.post(&path, json!({ "cgi_path": cgi })).await.errcode();
    assert_eq!(errcode("/sns/jscode2session").await, Some(76022));
    assert_eq!(errcode("/wxa/nothing").await, Some(76021));
}
