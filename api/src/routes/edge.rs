//! The outermost layer: gives a request its id and its time limit, and logs how it ended.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, ResponseError, web};

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
/// # Errors
/// None: every failure has become a response with a problem body.
pub async fn serve<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<actix_web::body::EitherBody<B>>, actix_web::Error> {
    let (id, limit, log_reads) = {
        let state: Option<&web::Data<AppState>> = request.app_data();
        let ids: Option<&web::Data<RequestIds>> = request.app_data();
        let id = own_id(&request).or_else(|| ids.map(|ids| ids.next())).unwrap_or_default();
        let limit = state.map_or(30, |state| state.config.server.request_timeout_s);
        (id, Duration::from_secs(limit), state.is_some_and(|state| state.config.telemetry.log_reads))
    };
    let started = Instant::now();
    let (http_request, payload) = request.into_parts();
    let request = ServiceRequest::from_parts(http_request.clone(), payload);
    let served = request_id::CURRENT.scope(id.clone(), async {
        match tokio::time::timeout(limit, next.call(request)).await {
            Ok(Ok(response)) => response.map_into_left_body(),
            Ok(Err(error)) => ServiceResponse::from_err(error, http_request).map_into_right_body(),
            Err(_) => {
                let error = ApiError::new(ErrorCode::Unavailable).source("the request took too long");
                let response = error.error_response();
                ServiceResponse::new(http_request, response).map_into_right_body()
            }
        }
    });
    let mut response = served.await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in HARDENING {
        headers.insert(name, value);
    }
    record(&response, &id, started.elapsed(), log_reads);
    Ok(response)
}

/// A proxy's id for the request, if it looks like one.
fn own_id(request: &ServiceRequest) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && (8..=64).contains(&id.len())).then(|| id.to_owned())
}

/// Counts and logs the request. The pattern of the route stands for the path: no id, no token.
fn record<B>(response: &ServiceResponse<B>, id: &str, took: Duration, log_reads: bool) {
    let request = response.request();
    let route = request.match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let status = response.status();
    let method = request.method();
    let labels =
        [("method", method.to_string()), ("route", route.clone()), ("status", status.as_u16().to_string())];
    metrics::histogram!("http_request_seconds", &labels).record(took.as_secs_f64());
    let read = matches!(*method, Method::GET | Method::HEAD);
    if read && !log_reads && status.is_success() {
        return;
    }
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let error = response.response().error().and_then(|error| error.as_error::<ApiError>());
    let code = error.map_or("-", |error| error.code().as_str());
    let cause = error.and_then(ApiError::causes);
    let (status, method) = (status.as_u16(), method.as_str());
    if response.status() >= StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(request_id = id, method, route, status, duration_ms, code, cause, "request failed");
    } else {
        tracing::info!(request_id = id, method, route, status, duration_ms, code, cause, "request served");
    }
    request.extensions_mut().clear();
}
