//! Whether the process lives, and whether it can serve.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use crate::error::{ApiError, ErrorCode};
use crate::service::readiness::{self, NotReady, Readiness};
use crate::state::AppState;

/// The process answers.
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// How the service is.
#[derive(Debug, Serialize)]
struct Ready {
    /// `ok`, or `degraded` when the outbox is late, Redis does not answer, or the schema is newer.
    status: &'static str,
    database: Part,
    cache: Cache,
    schema: Schema,
    outbox: Outbox,
}

#[derive(Debug, Serialize)]
struct Part {
    ok: bool,
}

#[derive(Debug, Serialize)]
struct Cache {
    ok: bool,
    /// `redis`, or `in_process` where no Redis is configured.
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Schema {
    ok: bool,
    /// The newest change that this version knows.
    version: String,
}

#[derive(Debug, Serialize)]
struct Outbox {
    oldest_due_s: i64,
    dead: u64,
}

impl From<Readiness> for Ready {
    fn from(readiness: Readiness) -> Self {
        let kind = if readiness.redis.is_some() { "redis" } else { "in_process" };
        let status = if readiness.is_degraded() { "degraded" } else { "ok" };
        Self {
            status,
            database: Part { ok: true },
            cache: Cache { ok: readiness.redis != Some(false), kind },
            schema: Schema { ok: !readiness.is_outdated, version: readiness.schema_version },
            outbox: Outbox { oldest_due_s: readiness.outbox_age.num_seconds(), dead: readiness.dead_jobs },
        }
    }
}

impl From<NotReady> for ApiError {
    fn from(error: NotReady) -> Self {
        let part = match error {
            NotReady::Database(_) => "database",
            NotReady::Schema(_) => "schema",
        };
        Self::new(ErrorCode::Unavailable).with("unavailable", part).source(error)
    }
}

/// The service can answer requests: the database does, and its schema has what we need.
#[get("/health/ready")]
pub async fn ready(state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let readiness = readiness::check(&state).await?;
    Ok(HttpResponse::Ok().json(Ready::from(readiness)))
}
