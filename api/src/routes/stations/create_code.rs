//! `POST /stations/{id}/codes`

use actix_web::{HttpResponse, post, web};
use domain::ids::StationId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::read_placement;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::codes::{IssuedCode, issue_station_code};
use crate::state::AppState;

/// A new code of a station.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStationCode {
    /// Where it will hang; at most 200 characters.
    placed_at: Option<String>,
    /// The print run; at most 60 characters.
    batch: Option<String>,
}

problems!(KeyProblems: IdempotencyKeyReused);

/// Issues a code that points to a station. For who runs the station.
#[utoipa::path(
    tag = "codes",
    operation_id = "create_station_code",
    params(("id" = StationId, Path, description = "The station."), IdempotencyKeyHeader),
    request_body = NewStationCode,
    responses((status = 201, description = "The new code.", body = IssuedCode), KeyProblems),
    security(("account" = []))
)]
#[post("/codes")]
pub async fn create_station_code(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    key: MaybeIdempotencyKey,
    body: Body<NewStationCode>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let placement = read_placement(body.value.placed_at.as_deref(), body.value.batch.as_deref())?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("stations/codes", Some(caller.account_id), &content);
    let code = issue_station_code(&state, &caller, *id, placement, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(code))
}
