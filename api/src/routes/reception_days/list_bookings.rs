//! `GET /reception-days/{id}/bookings`

use actix_web::{get, web};
use domain::ids::ShiftId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::bookings::{self, ExpectedVisitor};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// Who has booked a reception day, by number; names and phone numbers are masked. For who runs the station.
#[utoipa::path(
    tag = "reception days",
    operation_id = "list_day_bookings",
    params(("id" = ShiftId, Path, description = "The reception day."), PageQuery),
    responses((status = 200, description = "A page of bookings.", body = Page<ExpectedVisitor>), Problems),
    security(("account" = []))
)]
#[get("/{id}/bookings")]
pub async fn list_day_bookings(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<ShiftId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<ExpectedVisitor>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let visitors = bookings::list_of_day(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(visitors, limit, |visitor| visitor.number)))
}
