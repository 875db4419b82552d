//! `POST /held-contents/{id}/refuse`

use actix_web::{HttpResponse, post, web};
use domain::ids::ContentCheckId;
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::content::{self, Decided};
use crate::state::AppState;

/// Why it is not shown.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RefusalOfContent)]
#[serde(deny_unknown_fields)]
pub struct RefuseBody {
    /// At most 500 characters; the resident reads it.
    reason: String,
}

problems!(Problems: NotAllowed, WrongState, IdempotencyKeyReused);

/// Keeps words or a picture from everybody but staff. The case goes on; its resident is told why. For who runs
/// the station.
#[utoipa::path(
    tag = "held contents",
    operation_id = "refuse_held_content",
    params(("id" = ContentCheckId, Path, description = "What is held back."), IdempotencyKeyHeader),
    request_body = RefuseBody,
    responses((status = 200, description = "What became of it.", body = Decided), Problems),
    security(("account" = []))
)]
#[post("/{id}/refuse")]
pub async fn refuse_held_content(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<ContentCheckId>,
    key: MaybeIdempotencyKey,
    body: Body<RefuseBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let reason = fields.text("/reason", &body.value.reason, Reason::parse);
    let reason = fields.finish(reason)?;
    let content = [id.0.as_bytes(), body.bytes.as_ref()].concat();
    let key = key.request("held-contents/refuse", Some(caller.account_id), &content);
    let decided = content::decide(&state, &caller, *id, (false, Some(reason)), key.as_ref()).await?;
    Ok(HttpResponse::Ok().json(decided))
}
