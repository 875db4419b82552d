//! Sessions and what they protect, through the routes.

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::routes::{self, edge, openapi};
use crate::service::stage::Stage;

/// Sends requests, each with its own `Authorization`, and gives back statuses and bodies.
macro_rules! serve {
    ($stage:expr) => {{
        let app = App::new()
            .service(routes::api())
            .app_data(web::Data::new($stage.app.clone()))
            .configure(routes::extractors)
            .wrap(from_fn(edge::serve));
        let service = init_service(app).await;
        async move |method: Method, path: &str, authorization: Option<&str>, body: Value| {
            let mut request = TestRequest::default().method(method).uri(path);
            if let Some(value) = authorization {
                request = request.insert_header(("Authorization", value));
            }
            if !body.is_null() {
                request = request.set_json(body);
            }
            let response = call_service(&service, request.to_request()).await;
            let status = response.status().as_u16();
            let body = read_body(response).await;
            (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
        }
    }};
}

#[actix_web::test]
async fn a_resident_logs_in_looks_at_himself_refreshes_and_logs_out() {
    let stage = Stage::set().await;
    let call = serve!(stage);
    let js_code = stage.sim().login("demo-resident").unwrap();

    let login = json!({ "js_code": js_code });
    let (status, session) = call(Method::POST, "/api/v1/sessions/wechat", None, login).await;
    assert_eq!((status, session["expires_in"].as_i64()), (201, Some(900)));
    let id = &session["account"]["id"];
    let resident = json!([{ "role": "resident", "scope_kind": "account", "scope_id": id }]);
    assert_eq!(session["account"]["roles"], resident);

    let token = json!({ "refresh_token": session["refresh_token"] });
    let (status, session) = call(Method::POST, "/api/v1/sessions/refresh", None, token).await;
    assert_eq!(status, 201);

    let bearer = format!("Bearer {}", session["access_token"].as_str().unwrap());
    let (status, me) = call(Method::GET, "/api/v1/me", Some(&bearer), Value::Null).await;
    assert_eq!((status, &me["id"]), (200, id));
    assert_eq!(me["roles"][0]["scope_kind"], "account");
    let (status, export) = call(Method::GET, "/api/v1/me/export", Some(&bearer), Value::Null).await;
    assert_eq!((status, &export["account"]["id"]), (200, id));

    let (status, _) = call(Method::DELETE, "/api/v1/sessions/current", Some(&bearer), Value::Null).await;
    assert_eq!(status, 204);
    let (status, problem) = call(Method::GET, "/api/v1/me", Some(&bearer), Value::Null).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("unauthenticated")));
}

#[actix_web::test]
async fn every_protected_route_refuses_every_token_that_is_no_good() {
    let stage = Stage::set().await;
    let call = serve!(stage);
    let session = stage.log_in("demo-resident").await;
    let good = &session.access_token;
    let (head, _) = good.rsplit_once('.').unwrap();
    let none = "eyJhbGciOiJub25lIiwia2lkIjoiYSJ9";
    let (_, claims) = head.split_once('.').unwrap();
    let refused = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer garbage".to_owned()),
        Some(good.clone()),
        Some(format!("Basic {good}")),
        Some(format!("Bearer {head}.AAAA")),
        Some(format!("Bearer {none}.{claims}.")),
    ];
    stage.advance(TimeDelta::seconds(1));
    let mut protected = 0;
    for (method, path, operation) in openapi::operations() {
        let ways: Vec<Value> =
            operation.security.iter().flatten().map(|way| serde_json::to_value(way).unwrap()).collect();
        if !ways.iter().any(|way| way.get("account").is_some()) {
            continue;
        }
        protected += 1;
        // Where an account is optional, coming without any is fine; coming with a bad one is not.
        let optional = ways.contains(&json!({}));
        let path = path.replace(['{', '}'], "");
        for authorization in refused.iter().filter(|it| it.is_some() || !optional) {
            let (status, problem) = call(method.clone(), &path, authorization.as_deref(), Value::Null).await;
            let code = problem["code"].as_str();
            assert_eq!((status, code), (401, Some("unauthenticated")), "{path} {authorization:?}");
        }
    }
    assert!(protected >= 6);
}

#[actix_web::test]
async fn a_wrong_field_is_named_and_an_unknown_one_refused() {
    let stage = Stage::set().await;
    let call = serve!(stage);
    for (path, body, pointer) in [
        ("wechat", json!({ "js_code": "" }), "/js_code"),
        ("wechat", json!({ "js_code": "a", "more": 1 }), "/more"),
        ("password", json!({ "login": " ", "password": "x" }), "/login"),
        ("password", json!({ "login": "a", "password": "" }), "/password"),
        ("password", json!({ "login": "a", "password": "x", "totp": "12345" }), "/totp"),
    ] {
        let path = format!("/api/v1/sessions/{path}");
        let (status, problem) = call(Method::POST, &path, None, body).await;
        assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some(pointer)));
    }
}

#[actix_web::test]
async fn what_wechat_refuses_and_what_it_fails_at_are_told_apart() {
    use wechat_sim::{Fault, FaultKind};
    let stage = Stage::set().await;
    let call = serve!(stage);
    for (fault, expected) in [
        (FaultKind::Errcode(40029), (401, "wechat_code_invalid")),
        (FaultKind::Errcode(40163), (401, "wechat_code_invalid")),
        (FaultKind::Errcode(40226), (403, "wechat_user_blocked")),
        (FaultKind::Errcode(-1), (503, "wechat_unavailable")),
        (FaultKind::DropAfter, (503, "wechat_unavailable")),
        (FaultKind::Garbage, (503, "wechat_unavailable")),
    ] {
        stage.sim().order(Fault::once("/sns/jscode2session", fault)).unwrap();
        let body = json!({ "js_code": stage.sim().login("demo-resident").unwrap() });
        let (status, problem) = call(Method::POST, "/api/v1/sessions/wechat", None, body).await;
        assert_eq!((status, problem["code"].as_str().unwrap()), expected);
    }
}

#[actix_web::test]
async fn an_admin_invites_and_the_invited_one_is_bound() {
    let stage = Stage::set().await;
    let call = serve!(stage);
    let committee = stage.committee(None).await;
    let admin = stage.log_in("demo-admin").await;
    stage.give(admin.account.id, domain::role::Role::CommitteeAdmin, committee.0).await;
    let officer = stage.log_in("demo-officer").await;
    let bearer = |token: &str| format!("Bearer {token}");
    let (by_admin, by_officer) = (bearer(&admin.access_token), bearer(&officer.access_token));

    let wanted = json!({ "role": "committee_admin", "scope_id": committee });
    let (status, _) = call(Method::POST, "/api/v1/invitations", Some(&by_officer), wanted.clone()).await;
    assert_eq!(status, 403);
    let (status, made) = call(Method::POST, "/api/v1/invitations", Some(&by_admin), wanted).await;
    assert_eq!((status, made["expires_at"].as_str()), (201, Some("2026-03-16T01:00:00Z")));
    let taken = json!({ "invite_code": made["code"] });
    let (status, account) = call(Method::POST, "/api/v1/me/bindings", Some(&by_officer), taken).await;
    assert_eq!((status, account["roles"][1]["role"].as_str()), (201, Some("committee_admin")));
    let both = json!({ "invite_code": "x", "phone_code": "y" });
    let (status, _) = call(Method::POST, "/api/v1/me/bindings", Some(&by_officer), both).await;
    assert_eq!(status, 422);

    let (status, _) = call(Method::DELETE, "/api/v1/me", Some(&by_officer), Value::Null).await;
    assert_eq!(status, 204);
    let (status, problem) = call(Method::GET, "/api/v1/me", Some(&by_officer), Value::Null).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("account_disabled")));
}
