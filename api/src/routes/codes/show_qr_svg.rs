//! `GET /codes/{token}/qr.svg`

use actix_web::{HttpResponse, get, web};

use super::look_query::LookQuery;
use super::picture;
use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::code_pictures::{self, PictureForm};
use crate::state::AppState;

problems!(Problems: CodeNotFound, CodeRevoked, ValidationFailed);

/// The code as an SVG picture of its printed link, sharp at any size. Only for codes that work.
#[utoipa::path(
    tag = "scanning",
    operation_id = "show_qr_svg",
    params(("token" = String, Path, description = "What stands in the printed link."), LookQuery),
    responses((status = 200, description = "The picture.", content_type = "image/svg+xml"), Problems)
)]
#[get("/{token}/qr.svg")]
pub async fn show_qr_svg(
    state: web::Data<AppState>,
    address: ClientAddress,
    token: web::Path<String>,
    look: web::Query<LookQuery>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let asked = look.asked(PictureForm::Svg)?;
    Ok(picture("image/svg+xml", code_pictures::draw(&state, &token, asked).await?))
}
