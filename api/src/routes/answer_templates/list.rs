//! `GET /answer-templates`

use actix_web::{get, web};
use domain::ids::CategoryId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::answer_templates::{self, AnswerTemplate};
use crate::state::AppState;

/// Which templates are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TemplateQuery {
    /// Those for this category, and those for any.
    category: Option<CategoryId>,
    /// `true`: also those that are not offered any more, of committees that the caller runs.
    #[serde(default)]
    inactive: bool,
}

problems!(Problems: NotAllowed, ValidationFailed);

/// The templates of the caller's committees and those above. For staff.
#[utoipa::path(
    tag = "answer-templates", operation_id = "list_answer_templates", params(TemplateQuery, PageQuery),
    responses((status = 200, description = "A page of templates.", body = Page<AnswerTemplate>), Problems),
    security(("account" = []))
)]
#[get("")]
pub async fn list_answer_templates(
    state: web::Data<AppState>,
    caller: Caller,
    query: web::Query<TemplateQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<AnswerTemplate>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let TemplateQuery { category, inactive } = query.into_inner();
    let items =
        answer_templates::list(&state, &caller, category, inactive, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |template| template.id)))
}
