//! `GET /calendar`

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{FIRST_YEAR, LAST_YEAR};
use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::calendar::{self, CalendarYear};
use crate::state::AppState;

/// Which year is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct YearQuery {
    /// 2000 to 2100; the present year when not given.
    year: Option<i32>,
}

problems!(Problems: ValidationFailed);

/// A year of the calendar by which deadlines are counted.
#[utoipa::path(
    tag = "directory",
    operation_id = "show_calendar",
    params(YearQuery),
    responses((status = 200, description = "The year.", body = CalendarYear), Problems)
)]
#[get("")]
pub async fn show_calendar(
    state: web::Data<AppState>,
    address: ClientAddress,
    query: web::Query<YearQuery>,
) -> Result<web::Json<CalendarYear>, ApiError> {
    guard::read(&state, address)?;
    let mut fields = Fields::default();
    fields.in_range("year", query.year, FIRST_YEAR..=LAST_YEAR);
    fields.check()?;
    Ok(web::Json(calendar::show(&state, query.year)))
}
