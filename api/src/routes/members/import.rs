//! `POST /committees/{id}/members/import`

use actix_web::{HttpResponse, post, web};
use domain::ids::CommitteeId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::workbook_body::WorkbookBody;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::administration::member_import::workbook::{MOST_COLUMNS, MOST_ROWS, WorkbookError};
use crate::service::administration::member_import::{self, ImportError, MemberImport};
use crate::state::AppState;

/// Whether it is only tried.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ImportQuery {
    /// `true`, also when nothing is said: names every faulty cell, and adds nobody.
    dry_run: Option<bool>,
}

problems!(Problems: BodyTooLarge, UnsupportedMediaType, ValidationFailed, IdempotencyKeyReused);

/// Adds the members of a workbook (xlsx), all of them or none; with `dry_run` it only says what would be
/// added and what is wrong. The first sheet counts, its columns are known by their headings in any order; the
/// empty workbook has them all. When it is not only tried, faulty cells are the `errors` of the refusal, with
/// the cell (`C17`) as the pointer. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "import_members",
    params(("id" = CommitteeId, Path, description = "The committee."), ImportQuery, IdempotencyKeyHeader),
    request_body(content = [u8], content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    responses(
        (status = 200, description = "What it would add.", body = MemberImport),
        (status = 201, description = "What it has added.", body = MemberImport),
        Problems
    ),
    security(("account" = []))
)]
#[post("/members/import")]
pub async fn import_members(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    query: web::Query<ImportQuery>,
    key: MaybeIdempotencyKey,
    WorkbookBody(file): WorkbookBody,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    if query.dry_run != Some(false) {
        return Ok(HttpResponse::Ok().json(member_import::look_over(&state, &caller, *id, file).await?));
    }
    let content = [id.0.as_bytes(), &*file].concat();
    let request = key.request("committees/members/import", Some(caller.account_id), &content);
    let done = member_import::import(&state, &caller, *id, file, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(done))
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Workbook(error) => error.into(),
            ImportError::Faulty(report) => {
                let faults = report.faults.into_iter();
                let fields = faults.map(|fault| {
                    let detail = format!("{}：{}", fault.column, fault.detail);
                    FieldError::new(fault.cell, fault.code, detail)
                });
                Self::invalid(fields.collect())
                    .detail("表格中有错误，未导入任何委员。")
                    .with("fault_count", report.fault_count)
            }
            ImportError::Administration(error) => error.into(),
            ImportError::Panicked(error) => Self::new(ErrorCode::Internal).source(error),
        }
    }
}

impl From<WorkbookError> for ApiError {
    fn from(error: WorkbookError) -> Self {
        let (code, detail) = match &error {
            WorkbookError::Unreadable(_) => {
                ("unreadable", "无法读取，请使用 .xlsx 格式的表格文件。".to_owned())
            }
            WorkbookError::NoSheet => ("no_sheet", "文件中没有工作表。".to_owned()),
            WorkbookError::Unpacked => ("too_large", "文件展开后过大，请只保留委员名单。".to_owned()),
            WorkbookError::TooManyRows => ("too_many_rows", format!("最多 {MOST_ROWS} 行，请分次导入。")),
            WorkbookError::TooManyColumns => ("too_many_columns", format!("最多 {MOST_COLUMNS} 列。")),
            WorkbookError::NoHeadings => {
                ("no_headings", "前几行中没有找到表头，表头应有“姓名”一列。".to_owned())
            }
        };
        Self::invalid(vec![FieldError::new("", code, detail)]).source(error)
    }
}
