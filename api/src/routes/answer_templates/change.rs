//! `PATCH /answer-templates/{id}`

use actix_web::{patch, web};
use domain::ids::{AnswerTemplateId, CategoryId};
use domain::text::{AnswerText, Name};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::ChangeProblems;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::service::answer_templates::{self, AnswerTemplate, TemplateChange};
use crate::state::AppState;

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTemplateBody {
    /// What it is for; `null` for any category.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<CategoryId>)]
    category_id: Option<Option<CategoryId>>,
    /// What it is called, up to 60 characters.
    title: Option<String>,
    /// The words, up to 4,000 characters.
    body: Option<String>,
    /// Whether it is offered.
    active: Option<bool>,
}

/// A field that is there, be it `null`.
fn present<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Option<CategoryId>>, D::Error> {
    Option::deserialize(reader).map(Some)
}

impl ChangeTemplateBody {
    fn parse(self) -> Result<TemplateChange, ApiError> {
        let mut fields = Fields::default();
        let title = self.title.as_deref().and_then(|title| fields.text("/title", title, Name::parse));
        let body = self.body.as_deref().and_then(|body| fields.text("/body", body, AnswerText::parse));
        let (category_id, active) = (self.category_id, self.active);
        fields.finish(Some(TemplateChange { category_id, title, body, active }))
    }
}

/// Changes a template, or ends that it is offered. For the committee's admin. Answers that were made with it
/// stay what they are.
#[utoipa::path(
    tag = "answer-templates", operation_id = "change_answer_template",
    params(("id" = AnswerTemplateId, Path), IdempotencyKeyHeader), request_body = ChangeTemplateBody,
    responses((status = 200, description = "The template.", body = AnswerTemplate), ChangeProblems),
    security(("account" = []))
)]
#[patch("/{id}")]
pub async fn change_answer_template(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<AnswerTemplateId>,
    key: MaybeIdempotencyKey,
    body: Body<ChangeTemplateBody>,
) -> Result<web::Json<AnswerTemplate>, ApiError> {
    guard::account(&state, &caller)?;
    let content = [id.to_string().as_bytes(), b"\n", body.bytes.as_ref()].concat();
    let request = key.request("answer-templates", Some(caller.account_id), &content);
    let change = body.value.parse()?;
    Ok(web::Json(answer_templates::change(&state, &caller, *id, change, request.as_ref()).await?))
}
