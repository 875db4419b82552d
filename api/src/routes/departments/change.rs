//! `PATCH /departments/{id}`

use actix_web::{patch, web};
use domain::ids::DepartmentId;

use super::DepartmentBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::administration::departments::{self, DepartmentRecord};
use crate::state::AppState;

problems!(Problems: AlreadyExists, HasOpenCases);

/// Changes a department; one that owes a reply can't be closed. For the admins of its committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_department",
    params(("id" = DepartmentId, Path, description = "The department.")),
    request_body = DepartmentBody,
    responses((status = 200, description = "The department as it is now.", body = DepartmentRecord), Problems),
    security(("account" = []))
)]
#[patch("/{id}")]
pub async fn change_department(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<DepartmentId>,
    body: Body<DepartmentBody>,
) -> Result<web::Json<DepartmentRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let change = body.value.parse()?;
    Ok(web::Json(departments::change(&state, &caller, *id, change).await?))
}
