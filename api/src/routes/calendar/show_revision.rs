//! `GET /calendar/revisions/{id}`

use actix_web::{get, web};
use domain::ids::RevisionId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::calendar::{self, RevisionReport};
use crate::state::AppState;

/// An import, and what it has moved so far. For the admins of a committee that has none above it.
#[utoipa::path(
    tag = "administration",
    operation_id = "show_calendar_revision",
    params(("id" = RevisionId, Path, description = "The import.")),
    responses((status = 200, description = "The import and its report.", body = RevisionReport)),
    security(("account" = []))
)]
#[get("/revisions/{id}")]
pub async fn show_calendar_revision(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<RevisionId>,
) -> Result<web::Json<RevisionReport>, ApiError> {
    guard::account(&state, &caller)?;
    Ok(web::Json(calendar::show_revision(&state, &caller, *id).await?))
}
