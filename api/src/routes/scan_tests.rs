//! Scanning over HTTP: headers, pages, pictures, problem bodies.

use domain::vocabulary::ScanResult;
use actix_web::http::header::{self, HeaderMap};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use domain::text::Reason;
use serde_json::Value;

use crate::service::codes::revoke;
use crate::store::district::District;

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: web::Bytes,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }
}

async fn send(district: &District, request: TestRequest) -> Answer {
    let service = init_service(
        App::new()
            .service(super::api())
            .app_data(web::Data::new(district.state.clone()))
            .configure(super::extractors)
            .configure(super::outside)
            .default_service(web::to(super::not_found)),
    )
    .await;
    let response = call_service(&service, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, body: read_body(response).await }
}

async fn get(district: &District, uri: &str) -> Answer {
    send(district, TestRequest::get().uri(uri)).await
}

async fn retire(district: &District, token: &str, replacement: Option<&str>) {
    let reason = Reason::parse("海报破损").unwrap();
    revoke(&district.state, &district.manager(), token, &reason, replacement).await.unwrap();
}

#[actix_web::test]
async fn a_card_is_sent_once_and_then_only_confirmed() {
    let district = District::found().await;
    let code = district.add_code(None).await;
    let uri = format!("/api/v1/codes/{}", code.token);

    let first = get(&district, &uri).await;
    assert_eq!((first.status, first.header("content-type")), (200, "application/json"));
    assert_eq!(first.header("cache-control"), "public, max-age=15");
    assert_eq!(first.json()["station"]["name"], "示例街道委员工作站");

    let again = TestRequest::get().uri(&uri).insert_header((header::IF_NONE_MATCH, first.header("etag")));
    let second = send(&district, again).await;
    assert_eq!((second.status, second.body.len()), (304, 0));
    assert_eq!(second.header("etag"), first.header("etag"));
}

#[actix_web::test]
async fn a_code_that_gives_nothing_says_why_and_leads_on() {
    let district = District::found().await;
    let (old, new) = (district.add_code(None).await, district.add_code(None).await);
    retire(&district, &old.token, Some(&new.token)).await;

    let made_up = get(&district, "/api/v1/codes/A000000000000000").await;
    assert_eq!((made_up.status, made_up.json()["code"].as_str()), (404, Some("code_not_found")));
    let gone = get(&district, &format!("/api/v1/codes/{}", old.token)).await;
    assert_eq!((gone.status, gone.header("content-type")), (410, "application/problem+json"));
    let body = gone.json();
    assert_eq!(body["code"], "code_revoked");
    assert_eq!(body["replacement"]["token"], new.token);
    assert_eq!(body["replacement"]["url"], format!("https://m.example.org/c/{}", new.token));
}

#[actix_web::test]
async fn a_code_is_drawn_in_the_size_asked_for() {
    let district = District::found().await;
    let code = district.add_code(None).await;
    let uri = |tail: &str| format!("/api/v1/codes/{}/{tail}", code.token);

    for (tail, width) in [("qr.png", 512_u32), ("qr.png?size=64", 64), ("qr.png?size=2048", 2048)] {
        let picture = get(&district, &uri(tail)).await;
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
        assert_eq!(picture.body[16..20], width.to_be_bytes(), "{tail}");
    }
    for tail in ["qr.png?size=63", "qr.png?size=2049"] {
        let refused = get(&district, &uri(tail)).await;
        assert_eq!((refused.status, refused.json()["errors"][0]["pointer"].as_str()), (422, Some("size")));
    }
    assert_eq!(get(&district, &uri("qr.png?size=x")).await.status, 400);
    let drawing = get(&district, &uri("qr.svg")).await;
    assert_eq!((drawing.status, drawing.header("content-type")), (200, "image/svg+xml"));
    retire(&district, &code.token, None).await;
    assert_eq!(get(&district, &uri("qr.svg")).await.status, 410);
    assert_eq!(get(&district, &uri("qr.png")).await.status, 410);
}

#[actix_web::test]
async fn the_printed_link_opens_a_page_that_no_text_can_break_out_of() {
    let mut district = District::found().await;
    district.station = district
        .add_station_with("<script>alert(1)</script>工作站", |row| {
            row.notice = Some("\"><img src=x onerror='y'> & 今日休息".into());
        })
        .await;
    let member = district.add_member("甲<b>一明").await;
    district.add_shift(member, domain::vocabulary::ShiftKind::Duty, "11-22T00:00", "11-22T04:00").await;
    let code = district.add_code(Some(member)).await;

    for path in [format!("/c/{}", code.token), format!("/C/{}", code.token)] {
        let page = get(&district, &path).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        let text = page.text();
        assert!(!text.contains("<script") && !text.contains("<img") && !text.contains("甲<b>"), "{text}");
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;工作站"));
        assert!(text.contains("&quot;&gt;&lt;img src=x onerror=&#39;y&#39;&gt; &amp; 今日休息"));
        assert!(text.contains("至 11月22日 12:00") && text.contains("打开微信"));
        assert!(!text.contains("http://") && !text.contains("https://"), "a foreign host");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    }
    assert_eq!(district.state.scans.pending(code.id, ScanResult::Opened), 2);
}

#[actix_web::test]
async fn a_link_that_leads_nowhere_is_explained_to_people() {
    let district = District::found().await;
    let (old, new) = (district.add_code(None).await, district.add_code(None).await);
    retire(&district, &old.token, Some(&new.token)).await;

    let unknown = get(&district, "/c/A000000000000000").await;
    assert_eq!((unknown.status, unknown.text().contains("没有找到这个二维码")), (404, true));
    let gone = get(&district, &format!("/c/{}", old.token)).await;
    assert_eq!(gone.status, 410);
    assert!(gone.text().contains(&format!("href=\"https://m.example.org/c/{}\"", new.token)));
}

#[actix_web::test]
async fn only_wechats_files_are_served_beside_the_links() {
    let folder = std::env::temp_dir().join(format!("wechat-files-{}", std::process::id()));
    let public = folder.join("public");
    std::fs::create_dir_all(&public).unwrap();
    std::fs::write(public.join("MP_verify_x.txt"), "proof").unwrap();
    std::fs::write(folder.join("secret.txt"), "secret").unwrap();
    let settings = format!("[server]\nverification_dir = {:?}", public.to_str().unwrap());
    let district = District::found_with(&settings).await;

    let file = get(&district, "/c/MP_verify_x.txt").await;
    assert_eq!((file.status, file.text()), (200, "proof"));
    assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    for path in [
        "/c/missing.txt",
        "/c/../secret.txt",
        "/c/..%2Fsecret.txt",
        "/c/%2e%2e%2fsecret.txt",
        "/c/..%5Csecret.txt",
        "/c/MP_verify_x.txt%00",
        "/c/..txt",
        "/c/.txt",
    ] {
        let answer = get(&district, path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("secret\n") && answer.text() != "secret", "{path}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn where_there_are_pages_a_scanned_link_leads_to_them() {
    let folder = std::env::temp_dir().join(format!("web-pages-{}", std::process::id()));
    let pages = folder.join("h5");
    std::fs::create_dir_all(pages.join("assets")).unwrap();
    std::fs::write(pages.join("index.html"), "<!DOCTYPE html>").unwrap();
    std::fs::write(pages.join("assets/index-A1.js"), "go()").unwrap();
    std::fs::write(folder.join("secret.js"), "secret").unwrap();
    let settings = format!("[server]\npages_dir = {:?}", pages.to_str().unwrap());
    let district = District::found_with(&settings).await;
    let code = district.add_code(None).await;

    let scanned = get(&district, &format!("/c/{}", code.token.to_lowercase())).await;
    let place = format!("../m/#/pages/scan/index?token={}", code.token);
    assert_eq!((scanned.status, scanned.header("location")), (303, place.as_str()));
    assert_eq!(district.state.scans.pending(code.id, ScanResult::Opened), 0, "the pages ask for the card, which counts");
    assert_eq!(get(&district, "/c/A000000000000000").await.status, 404, "a made-up one leads nowhere");

    let first = get(&district, "/m/").await;
    assert_eq!((first.status, first.text(), first.header("cache-control")), (200, "<!DOCTYPE html>", "no-cache"));
    let policy = first.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe-eval"), "{policy}");
    let script = get(&district, "/m/assets/index-A1.js").await;
    assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
    assert!(script.header("cache-control").contains("immutable"));
    assert_eq!(get(&district, "/m").await.status, 308);
    for path in ["/m/../secret.js", "/m/..%2Fsecret.js", "/m/%2e%2e/secret.js", "/m/missing.js", "/m/assets"] {
        let answer = get(&district, path).await;
        assert!(answer.status == 404 && !answer.text().contains("secret\""), "{path}: {}", answer.status);
    }
    let without = District::found().await;
    assert_eq!(get(&without, "/m/").await.status, 404);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn lists_go_on_where_the_page_before_ended() {
    let district = District::found().await;
    for name in ["二号站", "三号站", "四号站"] {
        district.add_station(name).await;
    }
    for sort in ["", "&near=36.0,103.0"] {
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(&district, &format!("/api/v1/stations?limit=3{sort}{cursor}")).await.json();
            let items = page["items"].as_array().unwrap().clone();
            names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(names, ["示例街道委员工作站", "二号站", "三号站", "四号站"]);
    }
}

#[actix_web::test]
async fn a_wrong_question_is_answered_with_what_is_wrong() {
    let district = District::found().await;
    let station = district.station;
    for (path, status, pointer) in [
        ("stations?near=here".to_owned(), 422, "near"),
        ("stations?near=91,0".to_owned(), 422, "near"),
        ("stations?limit=0".to_owned(), 422, "limit"),
        ("members?limit=101".to_owned(), 422, "limit"),
        (format!("members?q={}", "x".repeat(61)), 422, "q"),
        (format!("stations/{station}/roster?from=2026-01-01&to=2026-12-31"), 422, "to"),
        ("stations?kind=castle".to_owned(), 400, ""),
        ("categories?cursor=!".to_owned(), 400, ""),
        ("stations/nothing".to_owned(), 404, ""),
        ("members/00000000-0000-7000-8000-000000000000".to_owned(), 404, ""),
        ("stations/00000000-0000-7000-8000-000000000000/roster".to_owned(), 404, ""),
        ("departments".to_owned(), 401, ""),
        (format!("stations/{station}/codes"), 401, ""),
    ] {
        let answer = get(&district, &format!("/api/v1/{path}")).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{path}"
        );
        assert_eq!(answer.json()["errors"][0]["pointer"].as_str().unwrap_or(""), pointer, "{path}");
    }
}

#[test]
fn every_operation_of_the_directory_is_in_the_document() {
    let document = serde_json::to_value(super::openapi::openapi()).unwrap();
    for path in [
        "/codes/{token}",
        "/codes/{token}/qr.png",
        "/codes/{token}/qr.svg",
        "/codes/{token}/revoke",
        "/stations",
        "/stations/{id}",
        "/stations/{id}/roster",
        "/stations/{id}/codes",
        "/members",
        "/members/{id}",
        "/members/{id}/codes",
        "/categories",
        "/sectors",
        "/committees",
        "/departments",
    ] {
        assert!(document["paths"].get(format!("/api/v1{path}")).is_some(), "{path}");
    }
    let revoked = &document["paths"]["/api/v1/codes/{token}"]["get"]["responses"]["410"]["description"];
    assert_eq!(revoked, "`code_revoked`");
}

#[test]
fn the_document_and_the_gate_know_the_same_operations() {
    use std::collections::BTreeSet;

    let document = serde_json::to_value(super::openapi::openapi()).unwrap();
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let protected = operation.get("security").is_some();
            documented.insert((method.to_uppercase(), path.clone(), protected));
        }
    }
    let named: BTreeSet<_> = super::openapi::operations()
        .into_iter()
        .map(|(method, path, operation)| (method.to_string(), path, operation.security.is_some()))
        .collect();
    assert_eq!(named, documented);
}
