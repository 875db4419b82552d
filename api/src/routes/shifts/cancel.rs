//! `POST /shifts/{id}/cancel`

use actix_web::{HttpResponse, post, web};
use domain::ids::ShiftId;
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
use crate::service::roster::{self, Shift};
use crate::state::AppState;

/// Why a shift is cancelled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelShift {
    /// Why, shown to whoever has booked; at most 500 characters.
    reason: String,
}

problems!(Problems: ValidationFailed, TooLate, IdempotencyKeyReused);

/// Cancels a shift. For who runs the station; the member and whoever has booked are told.
#[utoipa::path(
    tag = "roster",
    operation_id = "cancel_shift",
    params(("id" = ShiftId, Path, description = "The shift."), IdempotencyKeyHeader),
    request_body = CancelShift,
    responses((status = 200, description = "The shift.", body = Shift), Problems),
    security(("account" = []))
)]
#[post("/{id}/cancel")]
pub async fn cancel_shift(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<ShiftId>,
    key: MaybeIdempotencyKey,
    body: Body<CancelShift>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let reason = fields.text("/reason", &body.value.reason, Reason::parse);
    let reason = fields.finish(reason)?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("shifts/cancel", Some(caller.account_id), &content);
    let shift = roster::cancel_shift(&state, &caller, *id, &reason, key.as_ref()).await?;
    Ok(HttpResponse::Ok().json(shift))
}
