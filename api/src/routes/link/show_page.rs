//! `GET /c/{token}`

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use actix_web::{HttpResponse, get, web};

use super::page;
use crate::error::{ApiError, ErrorCode};
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::service::scan_card::ScanCard;
use crate::service::scanning::{ScanError, read_scanned, scan};
use crate::state::AppState;

const POLICY: HeaderName = HeaderName::from_static("content-security-policy");

/// The page that a browser shows for a printed link; inside WeChat the mini-program opens instead. Upper
/// case serves codes that were printed as the smallest symbol.
#[get("/{folder:[cC]}/{token}")]
pub async fn show_page(
    state: web::Data<AppState>,
    address: ClientAddress,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let (_, token) = path.into_inner();
    let has_pages = !state.config.server.pages_dir.is_empty();
    let scanned = match read_scanned(&state, &token) {
        Ok(token) if has_pages => return Ok(lead_to_pages(&token)),
        Ok(token) => scan(&state, &token).await,
        Err(error) => Err(error),
    };
    match scanned {
        Ok(document) => {
            let card: ScanCard = serde_json::from_slice(document.json())
                .map_err(|error| ApiError::new(ErrorCode::Internal).source(error))?;
            Ok(respond(StatusCode::OK, page::card(&card)))
        }
        Err(ScanError::Unknown) => Ok(respond(StatusCode::NOT_FOUND, page::unknown())),
        Err(ScanError::Revoked { replacement }) => {
            Ok(respond(StatusCode::GONE, page::revoked(replacement.as_ref())))
        }
        Err(error) => Err(error.into()),
    }
}

/// The pages ask for the card themselves, and the scan is counted then. Relative, since the service may lie
/// below a path.
fn lead_to_pages(token: &qr::Token) -> HttpResponse {
    let place = format!("../m/#/pages/scan/index?token={token}");
    HttpResponse::SeeOther()
        .insert_header((LOCATION, place))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-cache")))
        .finish()
}

pub(super) fn respond(status: StatusCode, page: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-cache")))
        .insert_header((POLICY, page::POLICY.clone()))
        .body(page)
}
