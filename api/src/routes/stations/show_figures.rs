//! `GET /stations/{id}/figures`

use actix_web::{get, web};
use domain::ids::StationId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::period::PeriodQuery;
use crate::routes::problems::problems;
use crate::service::figures::{self, StationFigures};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// What happened at a station in a period, and how things stand there now. For who runs the station.
#[utoipa::path(
    tag = "figures",
    operation_id = "show_station_figures",
    params(("id" = StationId, Path, description = "The station."), PeriodQuery),
    responses((status = 200, description = "The figures.", body = StationFigures), Problems),
    security(("account" = []))
)]
#[get("/figures")]
pub async fn show_station_figures(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    query: web::Query<PeriodQuery>,
) -> Result<web::Json<StationFigures>, ApiError> {
    guard::account(&state, &caller)?;
    let period = query.period(&state)?;
    Ok(web::Json(figures::of_station(&state, &caller, *id, period).await?))
}
