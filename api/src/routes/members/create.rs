//! `POST /committees/{id}/members`

use actix_web::{HttpResponse, post, web};
use domain::ids::CommitteeId;

use super::record::MemberBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::administration::members::{self, MemberRecord};
use crate::state::AppState;

problems!(Problems: IdempotencyKeyReused);

/// Adds a member. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "create_member",
    params(("id" = CommitteeId, Path, description = "The committee."), IdempotencyKeyHeader),
    request_body = MemberBody,
    responses((status = 201, description = "The new member.", body = MemberRecord), Problems),
    security(("account" = []))
)]
#[post("/members")]
pub async fn create_member(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    key: MaybeIdempotencyKey,
    body: Body<MemberBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request =
        key.request("committees/members", Some(caller.account_id), &[id.0.as_bytes(), &*body.bytes].concat());
    let (sector_id, change) = body.value.parse_new()?;
    let made = members::add(&state, &caller, *id, sector_id, change, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
