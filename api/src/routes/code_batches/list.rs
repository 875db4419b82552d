//! `GET /committees/{id}/code-batches`

use actix_web::{get, web};
use domain::ids::CommitteeId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::code_batches::{self, CodeBatch};
use crate::state::AppState;

problems!(Problems: NotFound, ValidationFailed);

/// The batches of posters of a committee, newest first. For its admins.
#[utoipa::path(
    tag = "codes",
    operation_id = "list_code_batches",
    params(("id" = CommitteeId, Path, description = "The committee."), PageQuery),
    responses((status = 200, description = "A page of batches.", body = Page<CodeBatch>), Problems),
    security(("account" = []))
)]
#[get("/code-batches")]
pub async fn list_code_batches(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<CodeBatch>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let batches = code_batches::list(&state, &caller, *id, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(batches, limit, |batch| batch.id)))
}
