//! `GET /codes/{token}`

use actix_web::{HttpRequest, HttpResponse, get, web};

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::document::respond;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::scan_card::ScanCard;
use crate::service::scanning;
use crate::state::AppState;

problems!(Problems: CodeNotFound, CodeRevoked);

/// The scan card: what a resident sees after scanning. Public; the scan is counted.
#[utoipa::path(
    tag = "scanning",
    operation_id = "show_card",
    params(("token" = String, Path, description = "What stands in the printed link.")),
    responses(
        (status = 200, description = "The card.", body = ScanCard),
        (status = 304, description = "The client has it already (`If-None-Match`)."),
        Problems,
    )
)]
#[get("/codes/{token}")]
pub async fn show_card(
    state: web::Data<AppState>,
    address: ClientAddress,
    token: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let token = scanning::read_scanned(&state, &token)?;
    guard::scan(&state, &token)?;
    let card = scanning::scan(&state, &token).await?;
    Ok(respond(&request, &card))
}
