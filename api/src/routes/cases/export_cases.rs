//! `GET /cases/export`: a list as a table for other programs.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use utoipa::IntoParams;

use super::list_query::{ListParams, ListQuery};
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::case_export::{self, ExportError, Format};
use crate::service::case_lists;
use crate::state::AppState;

/// What kind of table is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query, which is read pair by pair because `state` repeats")]
struct FormatParam {
    /// `csv` (default) or `xlsx`.
    format: Option<String>,
}

/// The media type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

problems!(ExportCasesProblems: NotAllowed, ValidationFailed);

/// Exactly the cases of a list, all of its pages, as CSV in UTF-8 or as a workbook (.xlsx), with times of
/// Shanghai. For `view=station` and `view=committee`; it is kept in the audit log. A list that breaks off in
/// the middle ends the connection without its last chunk: what has arrived is not whole.
#[utoipa::path(
    tag = "cases", operation_id = "export_cases", params(ListParams, FormatParam),
    responses(
        (status = 200, description = "The table.", content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        ExportCasesProblems
    ),
    security(("account" = []))
)]
#[get("/export")]
pub async fn export_cases(
    state: web::Data<AppState>,
    caller: Caller,
    pairs: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let (formats, list): (Vec<_>, Vec<_>) = pairs.iter().cloned().partition(|(name, _)| name == "format");
    let format = read_format(&formats)?;
    let query = ListQuery::parse(&list)?;
    let view = query.view;
    let scope = case_lists::scope(&state, &caller, view).await?;
    case_export::begin(&state, &caller, view, &pairs).await?;
    let mut filter = query.filter(&state, scope, &caller).await?;
    filter.seen_by = None;
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "cases.csv"),
        Format::Xlsx => (XLSX, "cases.xlsx"),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(case_export::rows(state.get_ref().clone(), filter, format)))
}

fn read_format(pairs: &[(String, String)]) -> Result<Format, ApiError> {
    match pairs.last().map(|(_, word)| word.as_str()) {
        None | Some("csv") => Ok(Format::Csv),
        Some("xlsx") => Ok(Format::Xlsx),
        Some(_) => {
            let field = FieldError::new("format", "invalid", "只能导出为 csv 或 xlsx。");
            Err(ApiError::invalid(vec![field]))
        }
    }
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Unwritable(error) => Self::new(ErrorCode::Internal).source(error),
            ExportError::Workbook(error) => Self::new(ErrorCode::Internal).source(error),
            ExportError::List(error) => error.into(),
            ExportError::Store(error) => error.into(),
        }
    }
}
