//! `GET /calendar/revisions/{id}/moved-deadlines`

use actix_web::{get, web};
use domain::ids::RevisionId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::calendar::{self, MovedEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The deadlines that an import has moved, case by case. For the admins of a committee that has none above it.
#[utoipa::path(
    tag = "administration",
    operation_id = "list_moved_deadlines",
    params(("id" = RevisionId, Path, description = "The import."), PageQuery),
    responses((status = 200, description = "A page of deadlines.", body = Page<MovedEntry>), Problems),
    security(("account" = []))
)]
#[get("/revisions/{id}/moved-deadlines")]
pub async fn list_moved_deadlines(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<RevisionId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<MovedEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = calendar::list_moved(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |entry| (entry.case_id, entry.clock))))
}
