//! `GET /me/case-views`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::service::saved_views::{self, SavedView};
use crate::state::AppState;

/// The lists that the caller has kept, in the order in which they were made.
#[utoipa::path(
    tag = "me", operation_id = "list_case_views", params(PageQuery),
    responses((status = 200, description = "A page of views.", body = Page<SavedView>)),
    security(("account" = []))
)]
#[get("")]
pub async fn list_case_views(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<SavedView>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = saved_views::list(&state, &caller, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |view| view.id)))
}
