//! JSON that is none, of a wrong shape, or ten megabytes long.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Access, App, Operation, story};

use super::{expect_nothing_kept, peak_memory_kib};

/// The operations that read JSON: all that send something but the picture.
async fn with_json_body(app: &App) -> Vec<Operation> {
    let document = app.get("/api/v1/openapi.json").await.expect_status(200);
    let reads_json = |operation: &Operation| {
        let body =
            &document["paths"][&operation.path][operation.method.as_str().to_lowercase()]["requestBody"];
        body["content"].get("application/json").is_some()
    };
    app.operations().await.into_iter().filter(reads_json).collect()
}

/// A request of somebody with an account, complete but for its body.
fn signed(app: &App, operation: &Operation, token: &str) -> tests::Request {
    let request = operation.request(app, "00000000-0000-7000-8000-00000000dead").idempotency_key("a-key");
    if operation.access == Access::Public { request } else { request.bearer(token) }
}

story! {
    async fn every_route_refuses_what_is_no_json_or_has_an_unknown_field(app: &App) {
        let person = app.person("resident").await;
        let operations = with_json_body(app).await;
        assert!(operations.len() > 20, "the routes are listed");
        for operation in operations {
            for broken in ["", "{", "{\"", "nonsense", "\u{feff}{}", "{\"a\u{0}\": 1}"] {
                let refused = signed(app, &operation, &person.token).body("application/json", broken).await;
                refused.expect_problem(400, "bad_json");
            }
            let invalid = signed(app, &operation, &person.token).body("application/json", vec![b'{', 0xff, b'}']).await;
            invalid.expect_problem(400, "bad_json");
            for wrong in [json!([]), json!("text"), json!(7), json!(null)] {
                let refused = signed(app, &operation, &person.token).json(&wrong).await;
                refused.expect_problem(422, "validation_failed");
            }
            let refused = signed(app, &operation, &person.token).json(&json!({ "surprise": true })).await;
            let problem = refused.expect_problem(422, "validation_failed");
            let fault = (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]);
            assert_eq!(fault, (&json!("/surprise"), &json!("unknown_field")), "{}", operation.id);
        }
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn every_route_refuses_another_type_of_content(app: &App) {
        let person = app.person("resident").await;
        for operation in with_json_body(app).await {
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "application/jsonp"] {
                let refused = signed(app, &operation, &person.token).body(kind, "{}").await;
                refused.expect_problem(415, "unsupported_media_type");
            }
            let untyped = signed(app, &operation, &person.token).await;
            untyped.expect_problem(415, "unsupported_media_type");
        }
        let picture = app.post("/api/v1/uploads").idempotency_key("a-key").json(&json!({ "file": "x" })).await;
        picture.expect_problem(415, "unsupported_media_type");
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn ten_megabytes_are_refused_on_every_route_and_cost_no_memory(app: &App) {
        let person = app.person("resident").await;
        let huge = bytes::Bytes::from(text_of(&json!({ "text": "长".repeat(3_500_000) })));
        assert!(huge.len() > 10_000_000);
        // Writing the OpenAPI document, from which the routes are known, takes memory of its own.
        let operations = with_json_body(app).await;
        let before = peak_memory_kib();
        for operation in operations {
            let request = signed(app, &operation, &person.token);
            // All requests share the one buffer: what grows is the service and the sockets.
            let refused = request.body("application/json", huge.clone()).await;
            refused.expect_problem(413, "body_too_large");
        }
        let grown = peak_memory_kib() - before;
        assert!(grown < 16 * 1024, "grown by {grown} KiB");
        expect_nothing_kept(app).await;
    }
}

fn text_of(value: &Value) -> String {
    value.to_string()
}

story! {
    async fn a_field_of_a_wrong_type_is_named(app: &App) {
        let district = app.district().await;
        let with = |change: Value| {
            let mut body = json!({ "code": district.code, "text": "电梯坏了" });
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            body
        };
        for (change, pointer) in [
            (json!({ "text": 7 }), "/text"),
            (json!({ "text": null }), "/text"),
            (json!({ "code": ["A"] }), "/code"),
            (json!({ "station_id": "no id" }), "/station_id"),
            (json!({ "category": 1 }), "/category"),
            (json!({ "uploads": "one" }), "/uploads"),
            (json!({ "uploads": ["no id"] }), "/uploads/0"),
            (json!({ "anonymous": "yes" }), "/anonymous"),
            (json!({ "location": { "lat": "north", "lng": 1 } }), "/location/lat"),
            (json!({ "location": { "lat": 1, "lng": 1, "alt": 1 } }), "/location/alt"),
            (json!({ "location": { "lat": 91, "lng": 1 } }), "/location"),
            (json!({ "contact": { "phone": 19_900_000_001_u64 } }), "/contact/phone"),
            (json!({ "contact": { "phone": "call me" } }), "/contact/phone"),
        ] {
            let refused = app.send_report(&with(change.clone()), None).await;
            let problem = refused.expect_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{change}");
        }
        for tail in [",", "} {}", ", \"contact\": {\"name\": \"\\ud800\"}}"] {
            let body = format!(r#"{{"code":"{}","text":"a"{tail}"#, district.code);
            let refused = app.post("/api/v1/cases").idempotency_key("k").body("application/json", body).await;
            refused.expect_problem(400, "bad_json");
        }
        let twice = format!(r#"{{"code":"{}","text":"a","text":"b"}}"#, district.code);
        let refused = app.post("/api/v1/cases").idempotency_key("k").body("application/json", twice).await;
        assert_eq!(refused.expect_problem(422, "validation_failed")["errors"][0]["code"], "duplicate");
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn an_id_that_leads_nowhere_is_refused_and_never_our_fault(app: &App) {
        let district = app.district().await;
        let nothing = "00000000-0000-7000-8000-00000000dead";
        for (field, value) in [
            ("station_id", json!(nothing)),
            ("member_id", json!(nothing)),
            ("category", json!(nothing)),
            ("uploads", json!([nothing])),
        ] {
            let mut body = json!({ "text": "电梯坏了" });
            if field != "station_id" {
                body["code"] = json!(district.code);
            }
            body[field] = value;
            let refused = app.send_report(&body, None).await;
            assert_eq!(refused.status(), 422, "{field}: {:?}", refused.json());
            let pointer = refused.json()["errors"][0]["pointer"].as_str().unwrap().to_owned();
            assert!(pointer.starts_with(&format!("/{field}")), "{field}: {pointer}");
        }
        let nowhere = app.send_report(&json!({ "text": "电梯坏了" }), None).await;
        nowhere.expect_problem(422, "validation_failed");
        expect_nothing_kept(app).await;
        assert_eq!(app.request(Method::GET, "/api/v1/cases/no-id").ticket("x").await.status(), 404);
    }
}

story! {
    async fn a_case_is_dispatched_to_a_department_of_its_committee_only(app: &App) {
        use domain::role::Role;
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);

        for department in [json!("00000000-0000-7000-8000-00000000dead"), json!(neighbours.department)] {
            let body = json!({ "department_id": department, "request": "请现场查看" });
            let refused = app.act(&manager, &receipt, "dispatch", &body).await;
            let problem = refused.expect_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], "/department_id");
        }
        let case = app.case(&manager, &receipt).await.expect_status(200);
        assert_eq!(case["state"], "in_progress");
        app.run_jobs().await;
    }
}
