//! `GET /c/<name>.txt`

use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, get, web};

use crate::error::{ApiError, ErrorCode};
use crate::service::verification::find_verification_file;
use crate::state::AppState;

/// A file that WeChat gave us to prove that this domain is ours.
#[get("/c/{name}.txt")]
pub async fn show_verification(
    state: web::Data<AppState>,
    name: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let folder = &state.config.server.verification_dir;
    let content =
        find_verification_file(folder, &name).await.ok_or_else(|| ApiError::new(ErrorCode::NotFound))?;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, plain)).body(content))
}
