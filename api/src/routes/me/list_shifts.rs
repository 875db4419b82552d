//! `GET /me/shifts`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::roster::{self, Shift};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The caller's own shifts and reception days that run or come, by their beginning; none for who is no member.
#[utoipa::path(
    tag = "me",
    operation_id = "list_own_shifts",
    params(PageQuery),
    responses((status = 200, description = "A page of shifts.", body = Page<Shift>), Problems),
    security(("account" = []))
)]
#[get("/shifts")]
pub async fn list_own_shifts(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<Shift>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = roster::list_own_shifts(&state, &caller, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |item| (item.starts_at, item.id))))
}
