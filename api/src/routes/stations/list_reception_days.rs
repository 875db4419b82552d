//! `GET /stations/{id}/reception-days`

use actix_web::{get, web};
use domain::ids::StationId;

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::reception_days::{self, ReceptionDayEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The station's reception days that run or come, by their beginning, with the places that are free.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_reception_days",
    params(("id" = StationId, Path, description = "The station."), PageQuery),
    responses((status = 200, description = "A page of reception days.", body = Page<ReceptionDayEntry>), Problems)
)]
#[get("/reception-days")]
pub async fn list_reception_days(
    state: web::Data<AppState>,
    address: ClientAddress,
    id: web::Path<StationId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<ReceptionDayEntry>>, ApiError> {
    guard::read(&state, address)?;
    let limit = page.limit()?;
    let days = reception_days::list(&state, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(days, limit, |day| (day.starts_at, day.id))))
}
