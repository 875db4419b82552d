//! `GET /calendar/revisions`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::calendar::{self, CalendarRevision};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The years that were imported, the newest first. For the admins of a committee that has none above it.
#[utoipa::path(
    tag = "administration",
    operation_id = "list_calendar_revisions",
    params(PageQuery),
    responses((status = 200, description = "A page of imports.", body = Page<CalendarRevision>), Problems),
    security(("account" = []))
)]
#[get("/revisions")]
pub async fn list_calendar_revisions(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<CalendarRevision>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = calendar::list_revisions(&state, &caller, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |revision| revision.id)))
}
