//! `GET /cases/export`: a list as a table for other programs.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};

use super::list_query::{ListParams, ListQuery};
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::case_export::{self, ExportError};
use crate::service::case_lists;
use crate::state::AppState;

problems!(ExportCasesProblems: NotAllowed, ValidationFailed);

/// Exactly the cases of a list, all of its pages, as CSV in UTF-8 with times of Shanghai. For `view=station`
/// and `view=committee`; it is kept in the audit log. A list that breaks off in the middle ends the
/// connection without its last chunk: what has arrived is not whole.
#[utoipa::path(
    tag = "cases", operation_id = "export_cases", params(ListParams),
    responses((status = 200, description = "The table.", content_type = "text/csv", body = String), ExportCasesProblems),
    security(("account" = []))
)]
#[get("/cases/export")]
pub async fn export_cases(
    state: web::Data<AppState>,
    caller: Caller,
    pairs: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let query = ListQuery::parse(&pairs)?;
    let view = query.view;
    let scope = case_lists::scope(&state, &caller, view).await?;
    case_export::begin(&state, &caller, view, &pairs).await?;
    let mut filter = query.filter(&state, scope, &caller);
    filter.seen_by = None;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"cases.csv\""))
        .streaming(case_export::rows(state.get_ref().clone(), filter)))
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Unwritable(error) => Self::new(ErrorCode::Internal).source(error),
            ExportError::List(error) => error.into(),
            ExportError::Store(error) => error.into(),
        }
    }
}
