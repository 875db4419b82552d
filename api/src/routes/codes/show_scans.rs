//! `GET /codes/{token}/scans`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::period::PeriodQuery;
use crate::routes::problems::problems;
use crate::service::scan_figures::{self, ScanFigures};
use crate::state::AppState;

problems!(Problems: CodeNotFound, ValidationFailed);

/// How often a code was scanned in a period, and what came of it. For who runs its station.
#[utoipa::path(
    tag = "codes",
    operation_id = "show_code_scans",
    params(("token" = String, Path, description = "What stands in the printed link."), PeriodQuery),
    responses((status = 200, description = "The scans.", body = ScanFigures), Problems),
    security(("account" = []))
)]
#[get("/{token}/scans")]
pub async fn show_code_scans(
    state: web::Data<AppState>,
    caller: Caller,
    token: web::Path<String>,
    query: web::Query<PeriodQuery>,
) -> Result<web::Json<ScanFigures>, ApiError> {
    guard::account(&state, &caller)?;
    let period = query.period(&state)?;
    Ok(web::Json(scan_figures::of_code(&state, &caller, &token, period).await?))
}
