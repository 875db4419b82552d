//! `GET /me/codes`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::own_codes::{self, OwnCode};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The codes that lead to the caller and work, newest first; none for who is no member.
#[utoipa::path(
    tag = "me",
    operation_id = "list_own_codes",
    params(PageQuery),
    responses((status = 200, description = "A page of codes.", body = Page<OwnCode>), Problems),
    security(("account" = []))
)]
#[get("/codes")]
pub async fn list_own_codes(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<OwnCode>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = own_codes::list(&state, &caller, (page.cursor()?, limit + 1)).await?;
    Ok(web::Json(Page::from_rows(items, limit, |code| code.id)))
}
