//! `GET /committees/{id}/members/import-template`

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use domain::ids::CommitteeId;

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::guard;
use crate::service::administration::member_import::template::{self, TemplateError};
use crate::state::AppState;

/// The empty workbook to fill in with members: one sheet with all headings. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "show_import_template",
    params(("id" = CommitteeId, Path, description = "The committee.")),
    responses((
        status = 200, description = "The workbook.", body = [u8],
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )),
    security(("account" = []))
)]
#[get("/members/import-template")]
pub async fn show_import_template(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let book = template::show(&state, &caller, *id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"members.xlsx\""))
        .body(book))
}

impl From<TemplateError> for ApiError {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Authority(error) => error.into(),
            TemplateError::Unwritable(error) => Self::new(ErrorCode::Internal).source(error),
        }
    }
}
