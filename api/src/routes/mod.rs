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

/// Everything under [`openapi::PREFIX`].
pub fn v1(routes: &mut RouteMap<'_, '_>) {
    // Routes are tried in this order; what is asked most comes first.
    routes
        .configure(codes::routes)
        .service(openapi::show_openapi)
        .configure(sessions::routes)
        .configure(me::routes)
        .configure(invitations::routes)
        .configure(stations::routes)
        .configure(members::routes)
        .configure(shifts::routes)
        .configure(handovers::routes)
        .configure(reception_patterns::routes)
        .configure(reception_days::routes)
        .configure(bookings::routes)
        .configure(directory::routes)
        .configure(committees::routes)
        .configure(calendar::routes)
        .configure(sectors::routes)
        .configure(categories::routes)
        .configure(departments::routes)
        .configure(staff::routes)
        .configure(uploads::routes)
        .configure(held_contents::routes)
        .configure(answer_templates::routes)
        .configure(cases::routes);
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
