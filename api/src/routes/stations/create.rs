//! `POST /committees/{id}/stations`

use actix_web::{HttpResponse, post, web};
use domain::ids::CommitteeId;

use super::record::StationBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::administration::stations::{self, StationRecord};
use crate::state::AppState;

problems!(Problems: IdempotencyKeyReused);

/// Adds a station. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "create_station",
    params(("id" = CommitteeId, Path, description = "The committee."), IdempotencyKeyHeader),
    request_body = StationBody,
    responses((status = 201, description = "The new station.", body = StationRecord), Problems),
    security(("account" = []))
)]
#[post("/stations")]
pub async fn create_station(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    key: MaybeIdempotencyKey,
    body: Body<StationBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request = key.request(
        "committees/stations",
        Some(caller.account_id),
        &[id.0.as_bytes(), &*body.bytes].concat(),
    );
    let (kind, change) = body.value.parse_new()?;
    let made = stations::add(&state, &caller, *id, kind, change, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
