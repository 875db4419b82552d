//! `POST /me/subscriptions`

use actix_web::{HttpResponse, post, web};
use domain::vocabulary::SubscriptionHint;
use serde::Deserialize;
use utoipa::ToSchema;

use super::TellProblems;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::service::subscription_offers;
use crate::state::{AppState, Parts};

/// The most templates of one popup.
const MOST: usize = 5;

/// What the popup was answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionAnswersBody {
    /// One for each template that was asked for, 1 to 5.
    answers: Vec<SubscriptionAnswer>,
}

/// The answer for one template.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionAnswer {
    /// The template.
    template_id: String,
    /// `accept`, `reject`, `ban` or `filter`, as WeChat's callback has it.
    answer: String,
}

impl SubscriptionAnswersBody {
    fn parse(self, state: &Parts) -> Result<Vec<(String, SubscriptionHint)>, ApiError> {
        let mut fields = Fields::default();
        if self.answers.is_empty() {
            fields.wrong("/answers", "required", "缺少必填字段。");
        }
        fields.at_most("/answers", Some(&self.answers), MOST);
        let mut answers = Vec::new();
        for (at, SubscriptionAnswer { template_id, answer }) in
            self.answers.into_iter().take(MOST).enumerate()
        {
            if state.config.messages.template_by_id(&template_id).is_none() {
                fields.wrong(&format!("/answers/{at}/template_id"), "unknown", "没有这个消息模板。");
            }
            match answer.parse() {
                Ok(answer) => answers.push((template_id, answer)),
                Err(_) => {
                    let detail = "应为 accept、reject、ban 或 filter。";
                    fields.wrong(&format!("/answers/{at}/answer"), "invalid", detail);
                }
            }
        }
        fields.finish(Some(answers))
    }
}

/// Tells what the popup was answered. A hint for the next popup only: what may be sent is counted by WeChat's
/// own word.
#[utoipa::path(
    tag = "me", operation_id = "tell_subscriptions", params(IdempotencyKeyHeader),
    request_body = SubscriptionAnswersBody,
    responses((status = 204, description = "It is noted."), TellProblems),
    security(("account" = []))
)]
#[post("")]
pub async fn tell_subscriptions(
    state: web::Data<AppState>,
    caller: Caller,
    key: MaybeIdempotencyKey,
    body: Body<SubscriptionAnswersBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request = key.request("subscriptions", Some(caller.account_id), &body.bytes);
    let answers = body.value.parse(&state)?;
    subscription_offers::tell(&state, &caller, &answers, request.as_ref()).await?;
    Ok(HttpResponse::NoContent().finish())
}
