//! `GET /committees`

use actix_web::{get, web};

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::directory::{self, CommitteeEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// All committees, in the order in which they were made.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_committees",
    params(PageQuery),
    responses((status = 200, description = "A page of committees.", body = Page<CommitteeEntry>), Problems)
)]
#[get("")]
pub async fn list_committees(
    state: web::Data<AppState>,
    address: ClientAddress,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<CommitteeEntry>>, ApiError> {
    guard::read(&state, address)?;
    let limit = page.limit()?;
    let items = directory::list_committees(&state, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |committee| committee.id)))
}
