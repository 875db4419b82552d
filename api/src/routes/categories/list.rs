//! `GET /categories`

use actix_web::{get, web};

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::directory::CommitteeQuery;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::directory::{self, CategoryEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// What a case can be about, by place in lists.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_categories",
    params(CommitteeQuery, PageQuery),
    responses((status = 200, description = "A page of categories.", body = Page<CategoryEntry>), Problems)
)]
#[get("")]
pub async fn list_categories(
    state: web::Data<AppState>,
    address: ClientAddress,
    query: web::Query<CommitteeQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<CategoryEntry>>, ApiError> {
    guard::read(&state, address)?;
    let limit = page.limit()?;
    let items = directory::list_categories(&state, query.committee, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |entry| (entry.sort, entry.id))))
}
