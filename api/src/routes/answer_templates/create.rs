//! `POST /answer-templates`

use actix_web::{HttpResponse, post, web};
use domain::ids::{CategoryId, CommitteeId};
use domain::text::{AnswerText, Name};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ChangeProblems;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::service::answer_templates::{self, AnswerTemplate, NewTemplate};
use crate::state::AppState;

/// A template to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemplateBody {
    /// Whose it is: a committee that the caller runs.
    committee_id: CommitteeId,
    /// What it is for; any category when left out.
    category_id: Option<CategoryId>,
    /// What it is called, up to 60 characters; unique in its committee.
    title: String,
    /// The words, up to 4,000 characters, with fields as `{{名称}}`.
    body: String,
}

impl NewTemplateBody {
    fn parse(self) -> Result<NewTemplate, ApiError> {
        let mut fields = Fields::default();
        let title = fields.text("/title", &self.title, Name::parse);
        let body = fields.text("/body", &self.body, AnswerText::parse);
        let (committee_id, category_id) = (self.committee_id, self.category_id);
        fields.finish(title.zip(body).map(|(title, body)| NewTemplate {
            committee_id,
            category_id,
            title,
            body,
        }))
    }
}

/// Makes a template. For the committee's admin.
#[utoipa::path(
    tag = "answer-templates", operation_id = "create_answer_template", params(IdempotencyKeyHeader),
    request_body = NewTemplateBody,
    responses((status = 201, description = "The template.", body = AnswerTemplate), ChangeProblems),
    security(("account" = []))
)]
#[post("")]
pub async fn create_answer_template(
    state: web::Data<AppState>,
    caller: Caller,
    key: MaybeIdempotencyKey,
    body: Body<NewTemplateBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request = key.request("answer-templates", Some(caller.account_id), &body.bytes);
    let new = body.value.parse()?;
    let made = answer_templates::create(&state, &caller, new, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
