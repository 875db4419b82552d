//! `POST /committees/{id}/departments`

use actix_web::{HttpResponse, post, web};
use domain::ids::CommitteeId;

use super::DepartmentBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::administration::departments::{self, DepartmentRecord};
use crate::state::AppState;

problems!(Problems: AlreadyExists, IdempotencyKeyReused);

/// Adds a department. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "create_department",
    params(("id" = CommitteeId, Path, description = "The committee."), IdempotencyKeyHeader),
    request_body = DepartmentBody,
    responses((status = 201, description = "The new department.", body = DepartmentRecord), Problems),
    security(("account" = []))
)]
#[post("/departments")]
pub async fn create_department(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    key: MaybeIdempotencyKey,
    body: Body<DepartmentBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request = key.request(
        "committees/departments",
        Some(caller.account_id),
        &[id.0.as_bytes(), &*body.bytes].concat(),
    );
    let change = body.value.parse_new()?;
    let made = departments::add(&state, &caller, *id, change, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
