//! `POST /stations/{id}/roster`

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use domain::ids::{MemberId, StationId};
use domain::vocabulary::ShiftKind;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::routes::shifts::SlotBody;
use crate::service::roster::{self, NewShift, Shift};
use crate::state::AppState;

/// A shift to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShiftBody {
    /// A member of the station.
    member_id: MemberId,
    /// Duty or reception day.
    kind: ShiftKind,
    /// From, a whole minute.
    starts_at: DateTime<Utc>,
    /// Until, a whole minute, at most 24 hours later.
    ends_at: DateTime<Utc>,
    /// How a reception day is cut for bookings; residents just come when not given.
    slots: Option<SlotBody>,
}

problems!(Problems: ValidationFailed, ShiftOverlaps, IdempotencyKeyReused);

/// Gives a member a shift at the station. For who runs it; the member is told.
#[utoipa::path(
    tag = "roster",
    operation_id = "create_shift",
    params(("id" = StationId, Path, description = "The station."), IdempotencyKeyHeader),
    request_body = NewShiftBody,
    responses((status = 201, description = "The shift.", body = Shift), Problems),
    security(("account" = []))
)]
#[post("/roster")]
pub async fn create_shift(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    key: MaybeIdempotencyKey,
    body: Body<NewShiftBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("stations/roster", Some(caller.account_id), &content);
    let NewShiftBody { member_id, kind, starts_at, ends_at, slots } = body.value;
    let new = NewShift { member_id, kind, hours: (starts_at, ends_at), slots: slots.map(SlotBody::pair) };
    let shift = roster::add_shift(&state, &caller, *id, new, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(shift))
}
