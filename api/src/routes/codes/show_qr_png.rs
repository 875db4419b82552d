//! `GET /codes/{token}/qr.png`

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::look_query::LookQuery;
use super::picture;
use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::code_pictures::{self, PictureForm};
use crate::state::AppState;

problems!(Problems: CodeNotFound, CodeRevoked, ValidationFailed);

/// In pixels, each way.
const USUAL_SIZE: u16 = 512;

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
    params(("token" = String, Path, description = "What stands in the printed link."), SizeQuery, LookQuery),
    responses((status = 200, description = "The picture.", content_type = "image/png"), Problems)
)]
#[get("/{token}/qr.png")]
pub async fn show_qr_png(
    state: web::Data<AppState>,
    address: ClientAddress,
    token: web::Path<String>,
    size: web::Query<SizeQuery>,
    look: web::Query<LookQuery>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let asked = look.asked(PictureForm::Png(size.size.unwrap_or(USUAL_SIZE)))?;
    Ok(picture("image/png", code_pictures::draw(&state, &token, asked).await?))
}
