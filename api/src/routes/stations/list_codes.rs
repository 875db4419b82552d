//! `GET /stations/{id}/codes`

use actix_web::{get, web};
use domain::ids::StationId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::codes::{self, CodeEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The codes of a station, newest first. For who runs the station.
#[utoipa::path(
    tag = "codes",
    operation_id = "list_station_codes",
    params(("id" = StationId, Path, description = "The station."), PageQuery),
    responses((status = 200, description = "A page of codes.", body = Page<CodeEntry>), Problems),
    security(("account" = []))
)]
#[get("/stations/{id}/codes")]
pub async fn list_station_codes(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<CodeEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = codes::list_station_codes(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |code| code.id)))
}
