//! `POST /me/case-views`

use actix_web::{HttpResponse, post, web};
use domain::text::ViewName;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{KeepProblems, read_query};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::service::saved_views::{self, CheckedQuery, SavedView};
use crate::state::AppState;

/// A list to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCaseViewBody {
    /// What to call it, up to 40 characters; different from the caller's other ones.
    name: String,
    /// The query of `GET /cases` as it stands in a URL, without `limit` and `cursor`.
    query: String,
}

impl NewCaseViewBody {
    fn parse(self) -> Result<(ViewName, CheckedQuery), ApiError> {
        let mut fields = Fields::default();
        let name = fields.text("/name", &self.name, ViewName::parse);
        let query = read_query(&mut fields, &self.query);
        fields.finish(name.zip(query))
    }
}

/// Keeps a list under a name; for whoever may see the list. At most 30 an account.
#[utoipa::path(
    tag = "me", operation_id = "create_case_view", params(IdempotencyKeyHeader),
    request_body = NewCaseViewBody,
    responses((status = 201, description = "The view.", body = SavedView), KeepProblems),
    security(("account" = []))
)]
#[post("")]
pub async fn create_case_view(
    state: web::Data<AppState>,
    caller: Caller,
    key: MaybeIdempotencyKey,
    body: Body<NewCaseViewBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let request = key.request("case-views", Some(caller.account_id), &body.bytes);
    let (name, query) = body.value.parse()?;
    let made = saved_views::create(&state, &caller, name, query, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
