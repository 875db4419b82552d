//! `PATCH /categories/{id}`

use actix_web::{patch, web};
use domain::ids::CategoryId;

use super::CategoryBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::administration::categories::{self, CategoryRecord};
use crate::state::AppState;

problems!(Problems: AlreadyExists);

/// Changes a category. For the admins of its committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_category",
    params(("id" = CategoryId, Path, description = "The category.")),
    request_body = CategoryBody,
    responses((status = 200, description = "The category as it is now.", body = CategoryRecord), Problems),
    security(("account" = []))
)]
#[patch("/{id}")]
pub async fn change_category(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CategoryId>,
    body: Body<CategoryBody>,
) -> Result<web::Json<CategoryRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let change = body.value.parse()?;
    Ok(web::Json(categories::change(&state, &caller, *id, change).await?))
}
