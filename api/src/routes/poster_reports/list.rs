//! `GET /poster-reports`

use actix_web::{get, web};

use super::ReportsQuery;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::poster_reports::{self, PosterReport};
use crate::state::AppState;

problems!(Problems: NotAllowed, ValidationFailed);

/// Reports of posters whose code is none of ours, newest first. For who runs a station or a committee; it is
/// not known whose they would be.
#[utoipa::path(
    tag = "codes",
    operation_id = "list_poster_reports",
    params(ReportsQuery, PageQuery),
    responses((status = 200, description = "A page of reports.", body = Page<PosterReport>), Problems),
    security(("account" = []))
)]
#[get("")]
pub async fn list_poster_reports(
    state: web::Data<AppState>,
    caller: Caller,
    query: web::Query<ReportsQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<PosterReport>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let at = (page.cursor()?, limit + 1);
    let items = poster_reports::list(&state, &caller, None, query.unsettled, at).await?;
    Ok(web::Json(Page::from_rows(items, limit, |report| report.id)))
}
