//! `GET /codes/{token}/poster.png`

use actix_web::{HttpResponse, get, web};

use super::picture;
use super::poster_query::PosterQuery;
use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::posters;
use crate::state::AppState;

problems!(Problems: CodeNotFound, CodeRevoked, ValidationFailed);

/// A poster of the code as a picture, for screens. Only for codes that work.
#[utoipa::path(
    tag = "codes",
    operation_id = "show_poster_png",
    params(("token" = String, Path, description = "What stands in the printed link."), PosterQuery),
    responses((status = 200, description = "The poster.", content_type = "image/png"), Problems)
)]
#[get("/{token}/poster.png")]
pub async fn show_poster_png(
    state: web::Data<AppState>,
    address: ClientAddress,
    token: web::Path<String>,
    query: web::Query<PosterQuery>,
) -> Result<HttpResponse, ApiError> {
    guard::draw(&state, address)?;
    Ok(picture("image/png", posters::draw(&state, &token, query.png()?).await?))
}
