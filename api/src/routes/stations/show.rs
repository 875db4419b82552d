//! `GET /stations/{id}`

use actix_web::{HttpRequest, HttpResponse, get, web};
use domain::ids::StationId;

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::document::respond;
use crate::routes::guard;
use crate::service::directory::{StationPage, find_station_page};
use crate::state::AppState;

/// The page of a station, open or closed.
#[utoipa::path(
    tag = "directory",
    operation_id = "show_station",
    params(("id" = StationId, Path, description = "The station.")),
    responses(
        (status = 200, description = "The page.", body = StationPage),
        (status = 304, description = "The client has it already (`If-None-Match`)."),
    )
)]
#[get("")]
pub async fn show_station(
    state: web::Data<AppState>,
    address: ClientAddress,
    id: web::Path<StationId>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let page = find_station_page(&state, *id).await?;
    Ok(respond(&request, &page))
}
