//! `POST /reception-patterns/{id}/end`

use actix_web::{HttpResponse, post, web};
use domain::ids::PatternId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::reception_patterns::{self, PatternEntry};
use crate::state::AppState;

/// Ends a pattern: it gives no further reception days, those that it has given stay. Again changes nothing.
/// For who runs the station.
#[utoipa::path(
    tag = "roster",
    operation_id = "end_reception_pattern",
    params(("id" = PatternId, Path, description = "The pattern.")),
    responses((status = 200, description = "The pattern.", body = PatternEntry)),
    security(("account" = []))
)]
#[post("/{id}/end")]
pub async fn end_reception_pattern(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<PatternId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    Ok(HttpResponse::Ok().json(reception_patterns::end(&state, &caller, *id).await?))
}
