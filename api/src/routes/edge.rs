//! The outermost layer: gives a request its id and its time limit, and logs how it ended.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::latency;
use crate::error::{ApiError, ErrorCode, request_id};
use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const HARDENING: [(HeaderName, HeaderValue); 2] = [
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
];

/// Makes the ids of requests: a random start, then counting. Unique is enough, nobody guesses them.
#[derive(Debug)]
pub struct RequestIds(AtomicU64);

impl RequestIds {
    /// Starts at a random number.
    #[must_use]
    pub fn starting_at(start: u64) -> Self {
        Self(AtomicU64::new(start))
    }

    fn next(&self) -> String {
        format!("{:016x}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Serves one request.
///
/// The request is never cloned: routing panics unless it is the only holder. One that was given up is
/// gone, so that its answer leaves as an error that carries a finished response.
///
/// # Errors
/// The answer to a request that was given up, complete with body and headers.
pub async fn serve<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let (id, limit, log_reads) = {
        let state: Option<&web::Data<AppState>> = request.app_data();
        let ids: Option<&web::Data<RequestIds>> = request.app_data();
        let id = own_id(&request).or_else(|| ids.map(|ids| ids.next())).unwrap_or_default();
        let limit = state.map_or(30, |state| state.config.server.request_timeout_s);
        (id, Duration::from_secs(limit), state.is_some_and(|state| state.config.telemetry.log_reads))
    };
    let started = Instant::now();
    let method = request.method().clone();
    if method == Method::HEAD {
        // What answers a GET answers a HEAD (RFC 9110, section 9.3.2); the server leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let log = |route: Option<String>, response: &Outcome<'_>| {
        record(&method, route, response, &id, started.elapsed(), log_reads);
    };
    request_id::CURRENT
        .scope(id.clone(), async {
            let error = match tokio::time::timeout(limit, next.call(request)).await {
                Ok(Ok(mut response)) => {
                    mark(response.headers_mut(), &id);
                    let head = Outcome::of(response.status(), response.response().error());
                    log(response.request().match_pattern(), &head);
                    response.request().extensions_mut().clear();
                    return Ok(response);
                }
                Ok(Err(error)) => error,
                Err(_) => ApiError::new(ErrorCode::Unavailable).source("the request took too long").into(),
            };
            let mut response = error.error_response();
            mark(response.headers_mut(), &id);
            log(None, &Outcome::of(response.status(), Some(&error)));
            Err(InternalError::from_response(error, response).into())
        })
        .await
}

/// Adds the headers that every answer has.
fn mark(headers: &mut HeaderMap, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in HARDENING {
        headers.insert(name, value);
    }
    // What says nothing of itself may be somebody's case: no cache on the way may keep it.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// A proxy's id for the request, if it looks like one.
fn own_id(request: &ServiceRequest) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && (8..=64).contains(&id.len())).then(|| id.to_owned())
}

/// What the log says of an answer.
struct Outcome<'a> {
    status: StatusCode,
    error: Option<&'a ApiError>,
}

impl<'a> Outcome<'a> {
    fn of(status: StatusCode, error: Option<&'a actix_web::Error>) -> Self {
        Self { status, error: error.and_then(|error| error.as_error()) }
    }
}

/// Counts and logs the request. The pattern of the route stands for the path: no id, no token.
fn record(
    method: &Method,
    route: Option<String>,
    response: &Outcome<'_>,
    id: &str,
    took: Duration,
    log_reads: bool,
) {
    let route = route.unwrap_or_else(|| "unknown".to_owned());
    let Outcome { status, error } = *response;
    latency::record(method, &route, status, took);
    let read = matches!(*method, Method::GET | Method::HEAD);
    if read && !log_reads && status.is_success() {
        return;
    }
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let code = error.map_or("-", |error| error.code().as_str());
    let cause = error.and_then(ApiError::causes);
    let (failed, status, method) = (status.is_server_error(), status.as_u16(), method.as_str());
    if failed {
        tracing::error!(request_id = id, method, route, status, duration_ms, code, cause, "request failed");
    } else {
        tracing::info!(request_id = id, method, route, status, duration_ms, code, cause, "request served");
    }
}
