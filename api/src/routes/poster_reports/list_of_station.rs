//! `GET /stations/{id}/poster-reports`

use actix_web::{get, web};
use domain::ids::StationId;

use super::ReportsQuery;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::poster_reports::{self, PosterReport};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// Reports of posters of the station that look wrong to somebody, newest first. For who runs the station.
#[utoipa::path(
    tag = "codes",
    operation_id = "list_station_poster_reports",
    params(("id" = StationId, Path, description = "The station."), ReportsQuery, PageQuery),
    responses((status = 200, description = "A page of reports.", body = Page<PosterReport>), Problems),
    security(("account" = []))
)]
#[get("/poster-reports")]
pub async fn list_station_poster_reports(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    query: web::Query<ReportsQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<PosterReport>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let at = (page.cursor()?, limit + 1);
    let items = poster_reports::list(&state, &caller, Some(*id), query.unsettled, at).await?;
    Ok(web::Json(Page::from_rows(items, limit, |report| report.id)))
}
