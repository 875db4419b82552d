//! `GET /me/handovers`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::handovers::{self, Handover};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The shifts that the caller offered or was asked to take over, newest first.
#[utoipa::path(
    tag = "me",
    operation_id = "list_handovers",
    params(PageQuery),
    responses((status = 200, description = "A page of offers.", body = Page<Handover>), Problems),
    security(("account" = []))
)]
#[get("/handovers")]
pub async fn list_handovers(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<Handover>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = handovers::list(&state, &caller, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |item| item.id)))
}
