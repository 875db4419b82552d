//! `POST /committees/{id}/sectors`

use actix_web::{HttpResponse, post, web};
use domain::ids::CommitteeId;

use super::SectorBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::administration::sectors::{self, SectorRecord};
use crate::state::AppState;

problems!(Problems: AlreadyExists, IdempotencyKeyReused);

/// Adds a sector. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "create_sector",
    params(("id" = CommitteeId, Path, description = "The committee."), IdempotencyKeyHeader),
    request_body = SectorBody,
    responses((status = 201, description = "The new sector.", body = SectorRecord), Problems),
    security(("account" = []))
)]
#[post("/sectors")]
pub async fn create_sector(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    key: MaybeIdempotencyKey,
    body: Body<SectorBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request =
        key.request("committees/sectors", Some(caller.account_id), &[id.0.as_bytes(), &*body.bytes].concat());
    let change = body.value.parse_new()?;
    let made = sectors::add(&state, &caller, *id, change, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
