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
use crate::service::handovers::{self, Handover};
use crate::state::AppState;

/// Whom a member asks to take a shift over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHandover {
    /// A member of the same station.
    member_id: MemberId,
    /// A few words, at most 500 characters.
    note: Option<String>,
}

problems!(Problems: ValidationFailed, ShiftOverlaps, TooLate, AlreadyOffered, IdempotencyKeyReused);

/// Asks a colleague to take the caller's own shift over. The shift stays the caller's until the colleague
/// agrees.
#[utoipa::path(
    tag = "roster",
    operation_id = "offer_shift",
    params(("id" = ShiftId, Path, description = "The shift."), IdempotencyKeyHeader),
    request_body = NewHandover,
    responses((status = 201, description = "The offer.", body = Handover), Problems),
    security(("account" = []))
)]
#[post("/shifts/{id}/handovers")]
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
    let to = body.value.member_id;
    let handover = handovers::offer(&state, &caller, *id, to, note, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(handover))
}
