//! `GET /stations/{id}/scans`

use actix_web::{get, web};
use domain::ids::StationId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::period::PeriodQuery;
use crate::routes::problems::problems;
use crate::service::scan_figures::{self, ScanFigures};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// How often the codes of a station were scanned in a period, and what came of it. For who runs the station.
#[utoipa::path(
    tag = "codes",
    operation_id = "show_station_scans",
    params(("id" = StationId, Path, description = "The station."), PeriodQuery),
    responses((status = 200, description = "The scans.", body = ScanFigures), Problems),
    security(("account" = []))
)]
#[get("/scans")]
pub async fn show_station_scans(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    query: web::Query<PeriodQuery>,
) -> Result<web::Json<ScanFigures>, ApiError> {
    guard::account(&state, &caller)?;
    let period = query.period(&state)?;
    Ok(web::Json(scan_figures::of_station(&state, &caller, *id, period).await?))
}
