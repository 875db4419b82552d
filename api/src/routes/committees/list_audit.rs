//! `GET /committees/{id}/audit-entries`

use actix_web::{get, web};
use domain::ids::CommitteeId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::audit::{self, AuditEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// What administrators did in a committee and in those below it, the newest first. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "list_audit_entries",
    params(("id" = CommitteeId, Path, description = "The committee."), PageQuery),
    responses((status = 200, description = "A page of the log.", body = Page<AuditEntry>), Problems),
    security(("account" = []))
)]
#[get("/audit-entries")]
pub async fn list_audit_entries(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<AuditEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let entries = audit::list(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(entries, limit, |entry| entry.seq)))
}
