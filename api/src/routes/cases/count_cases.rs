//! `GET /cases/counts`: how many cases stand in each part of a member's list.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::case_lists::{self, Counts};
use crate::state::AppState;

/// Whose list is counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CountQuery {
    /// `assigned`, the only one that is counted; it may be left out.
    view: Option<String>,
}

problems!(CountCasesProblems: NotAllowed, ValidationFailed);

/// The numbers on the three parts of a member's list; of those that are open, also how many are unseen and late.
#[utoipa::path(
    tag = "cases", operation_id = "count_cases", params(CountQuery),
    responses((status = 200, body = Counts), CountCasesProblems),
    security(("account" = []))
)]
#[get("/counts")]
pub async fn count_cases(
    state: web::Data<AppState>,
    caller: Caller,
    query: web::Query<CountQuery>,
) -> Result<web::Json<Counts>, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    if query.view.as_deref().is_some_and(|view| view != "assigned") {
        fields.wrong("view", "invalid", "只统计委员的履职清单。");
    }
    fields.check()?;
    Ok(web::Json(case_lists::count_assigned(&state, &caller).await?))
}
