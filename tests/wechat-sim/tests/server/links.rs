//! Links: `generate_urllink`, `generatescheme`, `genwxashortlink`, and what tells of them.

use serde_json::{Value, json};
use wechat_sim::Settings;

use crate::client::{APPID, Answer, Stage, morning};

async fn post(stage: &Stage, path: &str, body: Value) -> Answer {
    let token = stage.stable_token().await;
    stage.post(&format!("{path}?access_token={token}"), body).await
}

fn days(n: i64) -> Value {
    json!({ "expire_type": 1, "expire_interval": n })
}

#[tokio::test]
async fn a_url_link_tells_what_it_opens() {
    let stage = Stage::set();
    let made = json!({
        "path": "pages/case/detail", "query": "id=%E4%BB%B6", "expire_type": 1, "expire_interval": 3,
        "env_version": "trial",
    });
    let link = post(&stage, "/wxa/generate_urllink", made).await.field("url_link");
    assert!(link.starts_with("https://wxaurl.cn/"), "{link}");
    let info = post(&stage, "/wxa/query_urllink", json!({ "url_link": link })).await.json();
    let created = morning().timestamp();
    assert_eq!(
        info["url_link_info"],
        json!({
            "appid": APPID, "path": "pages/case/detail", "query": "id=%E4%BB%B6",
            "create_time": created, "expire_time": created + 3 * 86_400, "env_version": "trial",
        })
    );
    let quota = post(&stage, "/wxa/query_urllink", json!({ "url_link": link, "query_type": 1 })).await.json();
    assert_eq!(quota["quota_info"]["remain_visit_quota"], 3_000_000);
    for (body, expected) in [
        (json!({ "url_link": "https://wxaurl.cn/unknown" }), 85403),
        (json!({}), 40097),
        (json!({ "url_link": link, "query_type": 2 }), 40097),
    ] {
        assert_eq!(post(&stage, "/wxa/query_urllink", body).await.errcode(), Some(expected));
    }
}

#[tokio::test]
async fn a_scheme_names_its_page_in_a_member_of_its_own() {
    let stage = Stage::set();
    let until = morning().timestamp() + 3600;
    let made = json!({
        "jump_wxa": { "path": "pages/index", "query": "a=1" },
        "is_expire": true, "expire_type": 0, "expire_time": until,
    });
    let scheme = post(&stage, "/wxa/generatescheme", made).await.field("openlink");
    assert!(scheme.starts_with("weixin://dl/business/?t="), "{scheme}");
    let info = post(&stage, "/wxa/queryscheme", json!({ "scheme": scheme })).await.json();
    assert_eq!(info["scheme_info"]["path"], "pages/index");
    assert_eq!(info["scheme_info"]["expire_time"], until);
    assert_eq!(info["scheme_info"]["env_version"], "release");
}

#[tokio::test]
async fn what_a_link_cannot_be_is_refused_by_its_own_number() {
    let stage = Stage::set();
    let now = morning().timestamp();
    let table = [
        (json!({ "path": "/pages/index" }), 40165),
        (json!({ "path": "pages/index?a=1" }), 40165),
        (json!({ "query": "名=1" }), 40212),
        (json!({ "query": "x".repeat(1025) }), 40212),
        (json!({ "env_version": "newest" }), 85402),
        (json!({ "expire_interval": 31 }), 85401),
        (json!({ "expire_interval": 0 }), 85401),
        (json!({ "expire_type": 0, "expire_time": now + 59 }), 85401),
        (json!({ "expire_type": 0, "expire_time": now + 30 * 86_400 + 1 }), 85401),
        (json!({ "expire_type": 2 }), 85401),
        (json!({ "path": 1 }), 47001),
    ];
    for (change, expected) in table {
        let mut body = days(1);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(post(&stage, "/wxa/generate_urllink", body).await.errcode(), Some(expected), "{change}");
        let mut scheme = json!({ "jump_wxa": change });
        scheme.as_object_mut().unwrap().extend(days(1).as_object().unwrap().clone());
        scheme.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(post(&stage, "/wxa/generatescheme", scheme).await.errcode(), Some(expected), "{change}");
    }
    assert_eq!(post(&stage, "/wxa/generate_urllink", json!({})).await.errcode(), Some(85401));
    stage.sim().set_settings(Settings { published: false, ..Settings::default() });
    assert_eq!(post(&stage, "/wxa/generate_urllink", days(1)).await.errcode(), Some(40165));
}

#[tokio::test]
async fn a_hundred_links_may_be_made_in_a_second() {
    let stage = Stage::set();
    for _ in 0..50 {
        assert_eq!(post(&stage, "/wxa/generate_urllink", days(1)).await.errcode(), Some(0));
        assert_eq!(post(&stage, "/wxa/generatescheme", days(1)).await.errcode(), Some(0));
    }
    assert_eq!(post(&stage, "/wxa/generate_urllink", days(1)).await.errcode(), Some(44990));
    stage.advance(1);
    assert_eq!(post(&stage, "/wxa/generate_urllink", days(1)).await.errcode(), Some(0));
}

#[tokio::test]
async fn a_short_link_is_for_shops_only_unless_the_account_may() {
    let stage = Stage::set();
    let body = json!({ "page_url": "pages/index?a=1", "page_title": "办件" });
    let refused = post(&stage, "/wxa/genwxashortlink", body.clone()).await;
    assert_eq!(refused.errcode(), Some(43104));
    assert!(refused.errmsg().starts_with("this appid does not have permission"));
    stage.sim().set_settings(Settings { short_links_allowed: true, ..Settings::default() });
    let link = post(&stage, "/wxa/genwxashortlink", body).await.field("link");
    assert!(link.starts_with("#小程序://") && link.contains("/办件/"), "{link}");
    assert_eq!(post(&stage, "/wxa/genwxashortlink", json!({})).await.errcode(), Some(40066));
    let bad = json!({ "page_url": "/pages/index" });
    assert_eq!(post(&stage, "/wxa/genwxashortlink", bad).await.errcode(), Some(40225));
}
