//! `GET /sectors`

use actix_web::{get, web};

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::directory::CommitteeQuery;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::directory::{self, SectorEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The fields that members stand for, by place in lists.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_sectors",
    params(CommitteeQuery, PageQuery),
    responses((status = 200, description = "A page of sectors.", body = Page<SectorEntry>), Problems)
)]
#[get("")]
pub async fn list_sectors(
    state: web::Data<AppState>,
    address: ClientAddress,
    query: web::Query<CommitteeQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<SectorEntry>>, ApiError> {
    guard::read(&state, address)?;
    let limit = page.limit()?;
    let items = directory::list_sectors(&state, query.committee, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |entry| (entry.sort, entry.id))))
}
