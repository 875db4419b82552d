//! `POST /held-contents/{id}/allow`

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

/// Why it may be shown.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Allowance)]
#[serde(deny_unknown_fields)]
pub struct AllowBody {
    /// At most 500 characters; for the history that staff read.
    #[serde(default)]
    reason: Option<String>,
}

problems!(Problems: NotAllowed, WrongState, IdempotencyKeyReused);

/// Lets words or a picture be shown that were held back. For who runs the station; it stands in the case's
/// history.
#[utoipa::path(
    tag = "held contents",
    operation_id = "allow_held_content",
    params(("id" = ContentCheckId, Path, description = "What is held back."), IdempotencyKeyHeader),
    request_body = AllowBody,
    responses((status = 200, description = "What became of it.", body = Decided), Problems),
    security(("account" = []))
)]
#[post("/{id}/allow")]
pub async fn allow_held_content(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<ContentCheckId>,
    key: MaybeIdempotencyKey,
    body: Body<AllowBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let reason = fields.optional_text("/reason", body.value.reason.as_deref(), Reason::parse);
    fields.check()?;
    let content = [id.0.as_bytes(), body.bytes.as_ref()].concat();
    let key = key.request("held-contents/allow", Some(caller.account_id), &content);
    let decided = content::decide(&state, &caller, *id, (true, reason), key.as_ref()).await?;
    Ok(HttpResponse::Ok().json(decided))
}
