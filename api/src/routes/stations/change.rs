//! `PATCH /stations/{id}`

use actix_web::{patch, web};
use domain::ids::StationId;

use super::record::StationBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::administration::stations::{self, StationRecord};
use crate::state::AppState;

problems!(Problems: HasOpenCases);

/// Changes a station; one with open cases can't be closed. For the admins of its committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_station",
    params(("id" = StationId, Path, description = "The station.")),
    request_body = StationBody,
    responses((status = 200, description = "The station as it is now.", body = StationRecord), Problems),
    security(("account" = []))
)]
#[patch("")]
pub async fn change_station(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    body: Body<StationBody>,
) -> Result<web::Json<StationRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let change = body.value.parse()?;
    Ok(web::Json(stations::change(&state, &caller, *id, change).await?))
}
