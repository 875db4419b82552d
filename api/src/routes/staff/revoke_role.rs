//! `DELETE /role-bindings/{id}`

use actix_web::{HttpResponse, delete, web};
use domain::ids::BindingId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::staff;
use crate::state::AppState;

problems!(Problems: NotAllowed);

/// Takes a role back; again changes nothing. For the admins of the committee that it is in.
#[utoipa::path(
    tag = "administration",
    operation_id = "revoke_role",
    params(("id" = BindingId, Path, description = "The role, by its key in the list of staff.")),
    responses((status = 204, description = "It is taken back."), Problems),
    security(("account" = []))
)]
#[delete("/{id}")]
pub async fn revoke_role(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<BindingId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    staff::revoke_role(&state, &caller, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
