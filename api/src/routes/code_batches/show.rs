//! `GET /code-batches/{id}`

use actix_web::{get, web};
use domain::ids::CodeBatchId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::code_batches::{self, CodeBatch};
use crate::state::AppState;

problems!(Problems: NotFound);

/// A batch of posters, and how far it is. For the committee's admins.
#[utoipa::path(
    tag = "codes",
    operation_id = "show_code_batch",
    params(("id" = CodeBatchId, Path, description = "The batch.")),
    responses((status = 200, description = "The batch.", body = CodeBatch), Problems),
    security(("account" = []))
)]
#[get("/{id}")]
pub async fn show_code_batch(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CodeBatchId>,
) -> Result<web::Json<CodeBatch>, ApiError> {
    guard::account(&state, &caller)?;
    Ok(web::Json(code_batches::show(&state, &caller, *id).await?))
}
