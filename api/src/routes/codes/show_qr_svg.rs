//! `GET /codes/{token}/qr.svg`

use actix_web::{HttpResponse, get, web};
use qr::{Level, Matrix};

use super::picture;
use crate::error::{ApiError, ErrorCode};
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::scanning;
use crate::state::AppState;

problems!(Problems: CodeNotFound, CodeRevoked);

/// The code as an SVG picture of its printed link, sharp at any size. Only for codes that work.
#[utoipa::path(
    tag = "scanning",
    operation_id = "show_qr_svg",
    params(("token" = String, Path, description = "What stands in the printed link.")),
    responses((status = 200, description = "The picture.", content_type = "image/svg+xml"), Problems)
)]
#[get("/codes/{token}/qr.svg")]
pub async fn show_qr_svg(
    state: web::Data<AppState>,
    address: ClientAddress,
    token: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let link = scanning::find_printed_link(&state, &token).await?;
    let drawn = Matrix::encode(&link, Level::Quartile).and_then(|matrix| qr::svg(&matrix));
    let drawn = drawn.map_err(|error| ApiError::new(ErrorCode::Internal).source(error))?;
    Ok(picture("image/svg+xml", drawn))
}
