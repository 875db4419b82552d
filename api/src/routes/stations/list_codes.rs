//! `GET /stations/{id}/codes`

use actix_web::{get, web};
use domain::ids::StationId;
use domain::vocabulary::CodeConcern;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::code_lists::{self, CodeEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// Which codes are listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CodesQuery {
    /// Only those that somebody should go and look at for this reason: `unscanned` hang for 60 days and longer
    /// and nobody has scanned them in as many; `burst` had 60 scans in an hour of the last 14 days, and as many as
    /// otherwise in five days.
    concern: Option<CodeConcern>,
}

/// The codes of a station, newest first. For who runs the station.
#[utoipa::path(
    tag = "codes",
    operation_id = "list_station_codes",
    params(("id" = StationId, Path, description = "The station."), CodesQuery, PageQuery),
    responses((status = 200, description = "A page of codes.", body = Page<CodeEntry>), Problems),
    security(("account" = []))
)]
#[get("/codes")]
pub async fn list_station_codes(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    query: web::Query<CodesQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<CodeEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let at = (page.cursor()?, limit + 1);
    let items = code_lists::list_station_codes(&state, &caller, *id, query.concern, at).await?;
    Ok(web::Json(Page::from_rows(items, limit, |code| code.id)))
}
