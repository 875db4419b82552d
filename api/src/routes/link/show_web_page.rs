//! `GET /m/…`

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use actix_web::middleware::Compress;
use actix_web::{HttpResponse, get, web};

use crate::error::{ApiError, ErrorCode};
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::service::web_pages;
use crate::state::AppState;

/// Only our own scripts; styles are set by the pages' framework on elements.
const POLICY: (HeaderName, HeaderValue) = (
    HeaderName::from_static("content-security-policy"),
    HeaderValue::from_static(
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self' data:; connect-src 'self' blob:; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
);

/// A file of the pages for browsers; 404 for all where there are none.
#[get("/m/{file:.*}", wrap = "Compress::default()")]
pub async fn show_web_page(
    state: web::Data<AppState>,
    address: ClientAddress,
    file: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let found = web_pages::find(&state.config.server.pages_dir, &file).await;
    let file = found.ok_or_else(|| ApiError::new(ErrorCode::NotFound))?;
    let keep = if file.is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, HeaderValue::from_static(file.kind)))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static(keep)))
        .insert_header(POLICY)
        .body(file.content))
}

/// The pages are a folder: their own addresses are relative to it.
#[get("/m")]
pub async fn show_web_folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, HeaderValue::from_static("m/"))).finish()
}
