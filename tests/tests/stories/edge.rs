//! What every caller meets first: health, and refusals in one shape.

use reqwest::Method;
use tests::story;

story! {
    async fn a_started_service_says_that_it_lives_and_is_ready(app: &App) {
        let live = app.get("/health/live").await.expect_status(200);
        let ready = app.get("/health/ready").await.expect_status(200);

        assert_eq!(live["status"], "ok");
        assert_eq!((&ready["status"], &ready["database"]["ok"]), (&"ok".into(), &true.into()));
    }
}

story! {
    async fn an_unknown_route_answers_a_problem(app: &App) {
        for path in ["/", "/nowhere", "/api/v1", "/api/v1/nowhere", "/api/v2/cases", "/health/"] {
            app.get(path).await.expect_problem(404, "not_found");
        }
        app.post("/api/v1/nowhere").json(&serde_json::json!({})).await.expect_problem(404, "not_found");
    }
}

story! {
    async fn a_wrong_method_answers_a_problem(app: &App) {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for path in ["/health/live", "/health/ready", "/api/v1/openapi.json"] {
                let refused = app.request(method.clone(), path).await;

                refused.expect_problem(405, "method_not_allowed");
            }
        }
    }
}

story! {
    async fn a_head_request_is_answered_as_a_get_without_its_body(app: &App) {
        for path in ["/health/live", "/docs", "/api/v1/openapi.json", "/api/v1/categories"] {
            let full = app.get(path).await;
            let head = app.request(Method::HEAD, path).await;

            assert_eq!((head.status(), head.bytes()), (200, &b""[..]), "{path}");
            assert_eq!(head.header("content-length"), full.bytes().len().to_string(), "{path}");
        }
        assert_eq!(app.request(Method::HEAD, "/nowhere").await.status(), 404);
    }
}

story! {
    async fn the_documentation_is_a_page_that_asks_no_other_host(app: &App) {
        for path in ["/docs", "/docs/"] {
            let page = app.get(path).await;
            let text = String::from_utf8(page.bytes().to_vec()).unwrap();

            assert_eq!((page.status(), page.header("content-type")), (200, "text/html"), "{path}");
            assert!(text.contains("swagger-ui-bundle.js") && !text.contains("://"), "{text}");
            assert!(page.header("content-security-policy").contains("default-src 'none'"));
        }
        let settings = app.get("/docs/swagger-initializer.js").await;
        let settings = String::from_utf8(settings.bytes().to_vec()).unwrap();
        assert!(settings.contains("/api/v1/openapi.json") && settings.contains(r#""validatorUrl": "none""#));
        assert_eq!(app.get("/docs/swagger-ui-bundle.js").await.status(), 200);
        app.get("/docs/nothing.js").await.expect_problem(404, "not_found");
    }
}

story! {
    async fn a_request_keeps_the_id_that_a_proxy_gave_it(app: &App) {
        let given = app.get("/nowhere").header("x-request-id", "proxy-0123456789").await;
        let own = app.get("/nowhere").header("x-request-id", "no id\u{e9}").await;

        assert_eq!(given.expect_problem(404, "not_found")["instance"], "proxy-0123456789");
        assert_eq!(own.header("x-request-id").len(), 16);
    }
}
