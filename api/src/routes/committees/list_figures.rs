//! `GET /committees/{id}/figures`

use actix_web::{get, web};
use domain::ids::CommitteeId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::period::PeriodQuery;
use crate::routes::problems::problems;
use crate::service::figures::{self, StationFigures};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The figures of a committee's stations and of those below it, closed ones included, in the order in which the
/// stations were made. For its admins.
#[utoipa::path(
    tag = "figures",
    operation_id = "list_committee_figures",
    params(("id" = CommitteeId, Path, description = "The committee."), PeriodQuery, PageQuery),
    responses((status = 200, description = "A page of stations.", body = Page<StationFigures>), Problems),
    security(("account" = []))
)]
#[get("/figures")]
pub async fn list_committee_figures(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    query: web::Query<PeriodQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<StationFigures>>, ApiError> {
    guard::account(&state, &caller)?;
    let period = query.period(&state)?;
    let limit = page.limit()?;
    let items = figures::of_committee(&state, &caller, *id, period, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |item| item.station.id)))
}
