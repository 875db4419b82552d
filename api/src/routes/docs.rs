//! `/docs`: the OpenAPI document for people to read and to try. All of it comes from the binary; the
//! page asks no other host for anything.

use std::sync::{Arc, LazyLock};

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
};
use actix_web::{HttpResponse, get, web};
use utoipa_swagger_ui::Config;

use crate::error::{ApiError, ErrorCode};

/// The page styles elements by attribute, and draws its icons from data.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
);

/// The first page, where the links of the others start from.
const INDEX: &str = "index.html";

/// `none`: by default the page sends the document to a checker on another host.
static SETTINGS: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    Arc::new(Config::from("/api/v1/openapi.json").validator_url("none").try_it_out_enabled(true))
});

/// The routes of this file.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(show_index).service(show_file);
}

/// The page, without a slash at the end of its address.
#[get("/docs")]
pub async fn show_index() -> Result<HttpResponse, ApiError> {
    let mut response = file(INDEX)?;
    let page = String::from_utf8_lossy(&response.1).replacen("<head>", "<head><base href=\"docs/\">", 1);
    response.1 = page.into_bytes();
    Ok(respond(response))
}

/// The page and what it is made of.
#[get("/docs/{file:.*}")]
pub async fn show_file(path: web::Path<String>) -> Result<HttpResponse, ApiError> {
    Ok(respond(file(if path.is_empty() { INDEX } else { &path })?))
}

/// A file's type, its bytes, and whether they are compressed.
type File = (String, Vec<u8>, bool);

fn file(name: &str) -> Result<File, ApiError> {
    let found = utoipa_swagger_ui::serve(name, SETTINGS.clone())
        .map_err(|error| ApiError::new(ErrorCode::Internal).source(error.to_string()))?
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound))?;
    Ok((found.content_type, found.bytes.into_owned(), found.gzpipped))
}

fn respond((content_type, bytes, compressed): File) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if compressed {
        response.insert_header((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    }
    response
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")))
        .body(bytes)
}
