//! `GET /stations/{id}/reception-patterns`

use actix_web::{get, web};
use domain::ids::StationId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::reception_patterns::{self, PatternEntry};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// The station's patterns of reception days that have not ended. For who runs the station.
#[utoipa::path(
    tag = "roster",
    operation_id = "list_reception_patterns",
    params(("id" = StationId, Path, description = "The station."), PageQuery),
    responses((status = 200, description = "A page of patterns.", body = Page<PatternEntry>), Problems),
    security(("account" = []))
)]
#[get("/reception-patterns")]
pub async fn list_reception_patterns(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<PatternEntry>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let patterns = reception_patterns::list(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(patterns, limit, |pattern| pattern.id)))
}
