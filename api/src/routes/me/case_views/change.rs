//! `PATCH /me/case-views/{id}`

use actix_web::{patch, web};
use domain::ids::SavedViewId;
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

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCaseViewBody {
    /// What to call it, up to 40 characters.
    name: Option<String>,
    /// The query of `GET /cases` as it stands in a URL, without `limit` and `cursor`.
    query: Option<String>,
}

impl ChangeCaseViewBody {
    fn parse(self) -> Result<(Option<ViewName>, Option<CheckedQuery>), ApiError> {
        let mut fields = Fields::default();
        let name = fields.changed_text("/name", self.name.as_deref(), ViewName::parse);
        let query = self.query.as_deref().and_then(|query| read_query(&mut fields, query));
        fields.finish(Some((name, query)))
    }
}

/// Gives one of the caller's views another name, another query, or both.
#[utoipa::path(
    tag = "me", operation_id = "change_case_view", params(("id" = SavedViewId, Path), IdempotencyKeyHeader),
    request_body = ChangeCaseViewBody,
    responses((status = 200, description = "The view.", body = SavedView), KeepProblems),
    security(("account" = []))
)]
#[patch("/{id}")]
pub async fn change_case_view(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<SavedViewId>,
    key: MaybeIdempotencyKey,
    body: Body<ChangeCaseViewBody>,
) -> Result<web::Json<SavedView>, ApiError> {
    guard::account(&state, &caller)?;
    let content = [b"PATCH ", id.to_string().as_bytes(), b"\n", body.bytes.as_ref()].concat();
    let request = key.request("case-views", Some(caller.account_id), &content);
    let change = body.value.parse()?;
    Ok(web::Json(saved_views::change(&state, &caller, *id, change, request.as_ref()).await?))
}
