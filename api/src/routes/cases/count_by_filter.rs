//! `GET /cases/filter-counts`: the numbers beside the filters of a list.

use actix_web::{get, web};

use super::list_query::{ListParams, ListQuery};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::case_lists;
use crate::service::filter_counts::{self, FilterCounts};
use crate::state::AppState;

problems!(CountByFilterProblems: NotAllowed, ValidationFailed);

/// How many cases a list of `GET /cases` has with the same parameters, and how many each further choice of
/// state, stage, station, member or category would show. A choice is counted under the rest of the filter.
/// Beyond 10,000 cases the numbers are lower bounds (`complete`).
#[utoipa::path(
    tag = "cases", operation_id = "count_cases_by_filter", params(ListParams),
    responses((status = 200, body = FilterCounts), CountByFilterProblems),
    security(("account" = []))
)]
#[get("/filter-counts")]
pub async fn count_cases_by_filter(
    state: web::Data<AppState>,
    caller: Caller,
    pairs: web::Query<Vec<(String, String)>>,
) -> Result<web::Json<FilterCounts>, ApiError> {
    guard::account(&state, &caller)?;
    let query = ListQuery::parse(&pairs)?;
    let scope = case_lists::scope(&state, &caller, query.view).await?;
    let filter = query.filter(&state, scope, &caller).await?;
    Ok(web::Json(filter_counts::count(&state, &filter).await?))
}
