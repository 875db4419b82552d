//! `POST /shifts/{id}/handovers`

use actix_web::{HttpResponse, post, web};
use domain::ids::{MemberId, ShiftId};
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
use crate::service::handovers::{self, Handover, Offer};
use crate::state::AppState;

/// Whom a member asks to take a shift over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHandover {
    /// A member of the same station.
    member_id: MemberId,
    /// A shift of that member, which the caller would take instead: a swap. Two shifts at the same time can't
    /// be swapped.
    in_return_shift_id: Option<ShiftId>,
    /// A few words, at most 500 characters.
    note: Option<String>,
}

problems!(Problems: ValidationFailed, ShiftOverlaps, TooLate, AlreadyOffered, IdempotencyKeyReused);

/// Asks a colleague to take the caller's own shift over, or to swap it for one of his. Both keep theirs until
/// the colleague agrees. An offer ends with the shift, a swap when one of the two begins.
#[utoipa::path(
    tag = "roster",
    operation_id = "offer_shift",
    params(("id" = ShiftId, Path, description = "The shift."), IdempotencyKeyHeader),
    request_body = NewHandover,
    responses((status = 201, description = "The offer.", body = Handover), Problems),
    security(("account" = []))
)]
#[post("/{id}/handovers")]
pub async fn offer_shift(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<ShiftId>,
    key: MaybeIdempotencyKey,
    body: Body<NewHandover>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let note = fields.optional_text("/note", body.value.note.as_deref(), Reason::parse);
    fields.check()?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("shifts/handovers", Some(caller.account_id), &content);
    let NewHandover { member_id: to_member_id, in_return_shift_id, .. } = body.value;
    let offer = Offer { shift_id: *id, to_member_id, in_return_shift_id, note };
    let handover = handovers::offer(&state, &caller, offer, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(handover))
}
