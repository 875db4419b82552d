//! Whether the process lives, and whether it can serve.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use crate::state::AppState;

/// The process answers.
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// One part of the service and how it is.
#[derive(Debug, Serialize)]
struct Check {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The service can answer requests: the database does, and its schema is the one we know.
#[get("/health/ready")]
pub async fn ready(state: web::Data<AppState>) -> HttpResponse {
    let database = match crate::store::health::check(state.db.reader()).await {
        Ok(()) => Check { ok: true, detail: None },
        Err(error) => Check { ok: false, detail: Some(error.to_string()) },
    };
    let ready = database.ok;
    let body =
        serde_json::json!({ "status": if ready { "ok" } else { "unavailable" }, "database": database });
    if ready { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}
