//! `GET /t/{number}`: the page behind the QR code of a paper slip.

use actix_web::{HttpResponse, get, web};
use domain::case::CaseNumber;

use super::page;
use super::show_page::respond;
use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::state::AppState;
use actix_web::http::StatusCode;

/// The page that a browser shows for a slip's link; inside WeChat the mini-program opens instead. It knows
/// nothing of the case: the ticket stands behind `#`, and no browser sends it here.
#[get("/t/{number}")]
pub async fn show_ticket_page(
    state: web::Data<AppState>,
    address: ClientAddress,
    number: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    Ok(match number.parse::<CaseNumber>() {
        Ok(number) => respond(StatusCode::OK, page::slip(&number.grouped())),
        Err(_) => respond(StatusCode::NOT_FOUND, page::unknown()),
    })
}
