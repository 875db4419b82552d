//! `GET /codes/{token}/qr.png`

use actix_web::{HttpResponse, get, web};
use qr::{Level, Matrix, PngOptions, QrError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::picture;
use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::scanning;
use crate::state::AppState;

problems!(Problems: CodeNotFound, CodeRevoked, ValidationFailed);

/// How large the picture should be.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SizeQuery {
    /// Width and height in pixels, 64 to 2048; 512 when not given.
    size: Option<u16>,
}

/// The code as a PNG picture of its printed link. Only for codes that work.
#[utoipa::path(
    tag = "scanning",
    operation_id = "show_qr_png",
    params(("token" = String, Path, description = "What stands in the printed link."), SizeQuery),
    responses((status = 200, description = "The picture.", content_type = "image/png"), Problems)
)]
#[get("/codes/{token}/qr.png")]
pub async fn show_qr_png(
    state: web::Data<AppState>,
    address: ClientAddress,
    token: web::Path<String>,
    query: web::Query<SizeQuery>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let link = scanning::find_printed_link(&state, &token).await?;
    let standard = PngOptions::default();
    let options = PngOptions { size_px: query.size.unwrap_or(standard.size_px), ..standard };
    let drawn = Matrix::encode(&link, Level::Quartile).and_then(|matrix| qr::png(&matrix, options));
    Ok(picture("image/png", drawn.map_err(explain)?))
}

fn explain(error: QrError) -> ApiError {
    match error {
        QrError::SizeOutOfRange { .. } | QrError::SizeTooSmall { .. } => {
            ApiError::invalid(vec![FieldError::new("size", "out_of_range", "图片边长应为 64 到 2048 像素。")])
        }
        QrError::EmptyLink
        | QrError::LinkTooLong { .. }
        | QrError::LowContrast { .. }
        | QrError::Emblem { .. }
        | QrError::NotReadBack
        | QrError::Png(_)
        | QrError::Broken { .. } => {
            ApiError::new(ErrorCode::Internal).source(error)
        }
    }
}
