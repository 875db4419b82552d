//! The URL map of the service on one screen, and what all routes share.
//!
//! A route turns HTTP into domain values, calls one use case, and turns its result into HTTP. It
//! knows neither SQL nor rules. One endpoint a file.

mod answer_templates;
pub mod body;
mod bookings;
mod calendar;
mod cases;
mod categories;
pub mod client_address;
mod code_batches;
mod codes;
mod committees;
mod departments;
mod directory;
mod docs;
pub mod document;
pub mod edge;
pub mod fields;
pub mod gate;
pub mod guard;
mod handovers;
pub mod health;
mod held_contents;
pub mod idempotency_key;
pub mod if_match;
mod invitations;
mod latency;
mod link;
pub mod map;
pub mod me;
mod members;
pub mod openapi;
pub mod page;
mod period;
mod poster_reports;
mod problems;
mod reception_days;
mod reception_patterns;
mod sectors;
mod sessions;
mod shifts;
mod staff;
mod stations;
pub mod uploads;
pub mod visitor;
mod wechat;

use crate::error::{ApiError, ErrorCode};
use crate::routes::map::RouteMap;
use actix_web::{Scope, web};

/// Everything under [`openapi::PREFIX`]. A request is held against these prefixes in this order, and
/// against the patterns behind one of them alone: what is asked most comes first.
pub fn v1(routes: &mut RouteMap<'_, '_>) {
    routes
        .configure(codes::scan)
        .scope("/codes", codes::routes)
        .scope("/cases", cases::routes)
        .scope("/tracking", cases::tracking)
        .scope("/me", me::routes)
        .scope("/sessions", sessions::routes)
        .scope("/uploads", uploads::routes)
        .scope("/stations", stations::routes)
        .scope("/members", members::routes)
        .scope("/categories", categories::routes)
        .scope("/sectors", sectors::routes)
        .scope("/departments", departments::routes)
        .scope("/shifts", shifts::routes)
        .scope("/handovers", handovers::routes)
        .scope("/reception-days", reception_days::routes)
        .scope("/reception-patterns", reception_patterns::routes)
        .scope("/bookings", bookings::routes)
        .scope("/calendar", calendar::routes)
        .scope("/answer-templates", answer_templates::routes)
        .scope("/held-contents", held_contents::routes)
        .scope("/committees", committees::routes)
        .scope("/code-batches", code_batches::routes)
        .scope("/invitations", invitations::routes)
        .scope("/absences", members::absences)
        .scope("/unknown-codes", codes::unknown)
        .scope("/poster-reports", poster_reports::routes)
        .scope("/role-bindings", staff::role_bindings)
        .scope("/accounts", staff::accounts)
        .service(openapi::show_openapi);
}

/// The versioned API as a worker serves it.
#[must_use]
pub fn api() -> Scope {
    web::scope(openapi::PREFIX).configure(|config| v1(&mut RouteMap::serving(config)))
}

/// What lies outside of the versioned API.
pub fn outside(routes: &mut web::ServiceConfig) {
    routes
        .service(health::live)
        .service(health::ready)
        .configure(docs::routes)
        .configure(link::routes)
        .configure(wechat::routes);
}

/// Whatever no route takes: an unknown path, or a known one with another method.
///
/// # Errors
/// Always: it is what answers them.
pub async fn not_found(request: actix_web::HttpRequest) -> Result<actix_web::HttpResponse, ApiError> {
    let known = request.resource_map().has_resource(request.path());
    Err(ApiError::new(if known { ErrorCode::MethodNotAllowed } else { ErrorCode::NotFound }))
}

/// Readers of paths, queries and forms that fail in our own words.
pub fn extractors(routes: &mut web::ServiceConfig) {
    let unreadable = |source: String| ApiError::new(ErrorCode::BadRequest).source(source);
    routes
        .app_data(web::PathConfig::default().error_handler(|error, _| {
            // A path that holds no id names nothing that exists.
            ApiError::new(ErrorCode::NotFound).source(error.to_string()).into()
        }))
        .app_data(web::QueryConfig::default().error_handler(move |error, _| {
            ApiError::new(ErrorCode::BadRequest).detail(format!("查询参数有误：{error}")).into()
        }))
        .app_data(
            web::FormConfig::default().error_handler(move |error, _| unreadable(error.to_string()).into()),
        )
        .app_data(web::PayloadConfig::new(body::MAX_JSON_BYTES));
}
