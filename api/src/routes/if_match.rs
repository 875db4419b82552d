//! The version that a caller has seen, from `If-Match` (RFC 9110, section 13.1.1).

use std::future::{Ready, ready};

use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest, dev};

use crate::error::{ApiError, ErrorCode};

/// The version in `If-Match`; none when the header is missing or `*`.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<i32>);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let Some(value) = request.headers().get(IF_MATCH) else { return ready(Ok(Self(None))) };
        let version = value.to_str().ok().map(str::trim).and_then(|tag| match tag {
            "*" => Some(None),
            tag => tag.trim_start_matches("W/").trim_matches('"').parse().ok().map(Some),
        });
        let unreadable = || ApiError::new(ErrorCode::BadRequest).detail("If-Match 请求头不正确。");
        ready(version.map(Self).ok_or_else(unreadable))
    }
}

/// Describes the header in the OpenAPI document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by `IfMatch`")]
pub struct IfMatchHeader {
    /// The `ETag` that the caller has seen; a stale one answers `version_conflict` to staff.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// The `ETag` of a version.
#[must_use]
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}
