//! `GET /members/{id}/figures`

use actix_web::{get, web};
use domain::ids::MemberId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::period::PeriodQuery;
use crate::routes::problems::problems;
use crate::service::figures::{self, MemberFigures};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// What a member did in a period, and how the cases stand now that are with him. For the member himself and the
/// admins of his committee; for who runs a station that he serves, what happened there.
#[utoipa::path(
    tag = "figures",
    operation_id = "show_member_figures",
    params(("id" = MemberId, Path, description = "The member."), PeriodQuery),
    responses((status = 200, description = "The figures.", body = MemberFigures), Problems),
    security(("account" = []))
)]
#[get("/figures")]
pub async fn show_member_figures(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MemberId>,
    query: web::Query<PeriodQuery>,
) -> Result<web::Json<MemberFigures>, ApiError> {
    guard::account(&state, &caller)?;
    let period = query.period(&state)?;
    Ok(web::Json(figures::of_member(&state, &caller, *id, period).await?))
}
