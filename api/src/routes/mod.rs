//! The URL map of the service on one screen, and what all routes share.
//!
//! A route turns HTTP into domain values, calls one use case, and turns its result into HTTP. It
//! knows neither SQL nor rules. One endpoint a file.

pub mod body;
pub mod edge;
pub mod health;
pub mod openapi;
pub mod page;
mod problems;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::{ApiError, ErrorCode};

/// Everything under `/api/v1`.
pub fn v1(routes: &mut ServiceConfig<'_>) {
    routes.service(openapi::show_openapi);
}

/// What lies outside of the versioned API.
pub fn outside(routes: &mut web::ServiceConfig) {
    routes.service(health::live).service(health::ready);
}

/// Whatever no route knows.
pub async fn not_found() -> Result<actix_web::HttpResponse, ApiError> {
    Err(ApiError::new(ErrorCode::NotFound))
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
