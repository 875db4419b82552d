//! `GET /committees/{id}/staff`

use actix_web::{get, web};
use domain::ids::CommitteeId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::staff::{self, StaffEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The roles in a committee, its stations, departments and members, oldest first. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "list_staff",
    params(("id" = CommitteeId, Path, description = "The committee."), PageQuery),
    responses((status = 200, description = "A page of roles.", body = Page<StaffEntry>), Problems),
    security(("account" = []))
)]
#[get("/staff")]
pub async fn list_staff(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<StaffEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let entries = staff::list(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(entries, limit, |entry| entry.id)))
}
