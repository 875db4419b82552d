//! `POST /codes/{token}/revoke`

use actix_web::{HttpResponse, post, web};
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::codes::{self, RevokedCode};
use crate::state::AppState;

problems!(Problems: CodeNotFound);

/// Why a code ends, and what takes its place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCode {
    /// Why, for the registry; at most 500 characters.
    reason: String,
    /// The token of the code to which residents are led from now on.
    replacement: Option<String>,
}

/// Revokes a code. Repeated on a revoked code, it changes the reason and the replacement.
#[utoipa::path(
    tag = "codes",
    operation_id = "revoke_code",
    params(("token" = String, Path, description = "What stands in the printed link.")),
    request_body = RevokeCode,
    responses((status = 200, description = "The revoked code.", body = RevokedCode), Problems),
    security(("account" = []))
)]
#[post("/{token}/revoke")]
pub async fn revoke_code(
    state: web::Data<AppState>,
    caller: Caller,
    token: web::Path<String>,
    body: Body<RevokeCode>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let reason = fields.text("/reason", &body.value.reason, Reason::parse);
    let reason = fields.finish(reason)?;
    let replacement = body.value.replacement.as_deref();
    let revoked = codes::revoke(&state, &caller, &token, &reason, replacement).await?;
    Ok(HttpResponse::Ok().json(revoked))
}
