//! `POST /reception-patterns/{id}/plan`

use actix_web::{HttpResponse, post, web};
use domain::ids::PatternId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::reception_patterns;
use crate::service::reception_planner::PlanReport;
use crate::state::AppState;

/// Makes the pattern's reception days of the next two months, and moves those whose day has become a day
/// off. The service does so every hour by itself; again changes nothing. For who runs the station.
#[utoipa::path(
    tag = "roster",
    operation_id = "plan_reception_pattern",
    params(("id" = PatternId, Path, description = "The pattern.")),
    responses((status = 200, description = "What was made and moved.", body = PlanReport)),
    security(("account" = []))
)]
#[post("/{id}/plan")]
pub async fn plan_reception_pattern(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<PatternId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    Ok(HttpResponse::Ok().json(reception_patterns::plan_now(&state, &caller, *id).await?))
}
