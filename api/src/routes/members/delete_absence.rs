//! `DELETE /absences/{id}`

use actix_web::{HttpResponse, delete, web};
use domain::ids::AbsenceId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::absences;
use crate::state::AppState;

/// Takes an absence back. For the member, and for who runs a station of the member.
#[utoipa::path(
    tag = "roster",
    operation_id = "delete_absence",
    params(("id" = AbsenceId, Path, description = "The absence.")),
    responses((status = 204, description = "The member is there again.")),
    security(("account" = []))
)]
#[delete("/{id}")]
pub async fn delete_absence(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<AbsenceId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    absences::remove(&state, &caller, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
