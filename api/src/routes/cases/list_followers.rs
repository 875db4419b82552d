//! `GET /cases/{id}/followers`: the cases that follow one.

use actix_web::{get, web};
use domain::ids::CaseId;

use super::list_cases::CaseListItem;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::case_lists::{self, View};
use crate::service::visitor::Visitor;
use crate::state::AppState;
use crate::store::case_pages::Cursor;

problems!(ListFollowersProblems: NotAllowed);

/// The cases that follow a case, newest first, for whoever works on it.
#[utoipa::path(
    tag = "cases", operation_id = "list_case_followers", params(("id" = CaseId, Path), PageQuery),
    responses((status = 200, body = Page<CaseListItem>), ListFollowersProblems),
    security(("account" = []))
)]
#[get("/followers")]
pub async fn list_case_followers(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<CaseListItem>>, ApiError> {
    guard::visit(&state, &visitor)?;
    let limit = page.limit()?;
    let after: Option<Cursor> = page.cursor()?;
    let rows = case_lists::list_followers(&state, &visitor, *id, after, limit + 1).await?;
    let page = Page::from_rows(rows, limit, |row| row.at);
    Ok(web::Json(page.map(|row| CaseListItem::of(row, View::Station, false))))
}
