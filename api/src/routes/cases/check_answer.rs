//! `POST /cases/{id}/respond/check`: looks an answer over before it is sent.

use actix_web::{post, web};
use domain::ids::CaseId;
use domain::text::AnswerText;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::answers::{self, AnswerCheck};
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// An answer that is not sent yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckAnswerBody {
    /// The answer, up to 4,000 characters.
    text: String,
}

problems!(CheckAnswerProblems: NotAllowed);

/// Whether an answer has unfilled fields, is only a template, and says who does what until when. Nothing is
/// kept, and only unfilled fields keep an answer from being sent: the rest are hints, found by words.
#[utoipa::path(
    tag = "cases", operation_id = "check_answer", params(("id" = CaseId, Path)), request_body = CheckAnswerBody,
    responses((status = 200, body = AnswerCheck), CheckAnswerProblems),
    security(("account" = []))
)]
#[post("/respond/check")]
pub async fn check_answer(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    body: Body<CheckAnswerBody>,
) -> Result<web::Json<AnswerCheck>, ApiError> {
    guard::visit(&state, &visitor)?;
    let mut fields = Fields::default();
    let text = fields.text("/text", &body.value.text, AnswerText::parse);
    let text = fields.finish(text)?;
    Ok(web::Json(answers::check(&state, &visitor, *id, &text).await?))
}
