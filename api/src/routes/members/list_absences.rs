//! `GET /members/{id}/absences`

use actix_web::{get, web};
use domain::ids::MemberId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::absences::{self, AbsenceEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The member's absences that are not over. For the member, and for who runs a station of the member.
#[utoipa::path(
    tag = "roster",
    operation_id = "list_absences",
    params(("id" = MemberId, Path, description = "The member."), PageQuery),
    responses((status = 200, description = "A page of absences.", body = Page<AbsenceEntry>), Problems),
    security(("account" = []))
)]
#[get("/absences")]
pub async fn list_absences(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MemberId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<AbsenceEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let entries = absences::list(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(entries, limit, |absence| absence.id)))
}
