//! `GET /stations/{id}/held-contents`

use actix_web::{get, web};
use domain::ids::StationId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::content::{self, HeldContent};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The words and pictures of the station's cases that wait for a person, oldest first. For who runs the
/// station.
#[utoipa::path(
    tag = "held contents",
    operation_id = "list_held_contents",
    params(("id" = StationId, Path, description = "The station."), PageQuery),
    responses((status = 200, description = "A page of what is held back.", body = Page<HeldContent>), Problems),
    security(("account" = []))
)]
#[get("/held-contents")]
pub async fn list_held_contents(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<HeldContent>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let held = content::list_held(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(held, limit, |piece| piece.id)))
}
