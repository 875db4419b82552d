//! `GET /me/bookings`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::bookings::{self, Booking};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The caller's bookings of reception days, newest first.
#[utoipa::path(
    tag = "me",
    operation_id = "list_own_bookings",
    params(PageQuery),
    responses((status = 200, description = "A page of bookings.", body = Page<Booking>), Problems),
    security(("account" = []))
)]
#[get("/bookings")]
pub async fn list_own_bookings(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<Booking>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = bookings::list_own(&state, &caller, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |item| item.id)))
}
