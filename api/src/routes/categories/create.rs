//! `POST /committees/{id}/categories`

use actix_web::{HttpResponse, post, web};
use domain::ids::CommitteeId;

use super::CategoryBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::administration::categories::{self, CategoryRecord};
use crate::state::AppState;

problems!(Problems: AlreadyExists, IdempotencyKeyReused);

/// Adds a category. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "create_category",
    params(("id" = CommitteeId, Path, description = "The committee."), IdempotencyKeyHeader),
    request_body = CategoryBody,
    responses((status = 201, description = "The new category.", body = CategoryRecord), Problems),
    security(("account" = []))
)]
#[post("/categories")]
pub async fn create_category(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    key: MaybeIdempotencyKey,
    body: Body<CategoryBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request = key.request(
        "committees/categories",
        Some(caller.account_id),
        &[id.0.as_bytes(), &*body.bytes].concat(),
    );
    let change = body.value.parse_new()?;
    let made = categories::add(&state, &caller, *id, change, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
