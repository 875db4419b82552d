//! `GET /departments`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::directory::{self, DepartmentEntry};
use crate::state::AppState;

problems!(Problems: NotAllowed, ValidationFailed);

/// The departments that the caller can have to do with. For staff.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_departments",
    params(PageQuery),
    responses((status = 200, description = "A page of departments.", body = Page<DepartmentEntry>), Problems),
    security(("account" = []))
)]
#[get("")]
pub async fn list_departments(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<DepartmentEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = directory::list_departments(&state, &caller, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |department| department.id)))
}
