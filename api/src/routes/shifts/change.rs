//! `PATCH /shifts/{id}`

use actix_web::{HttpResponse, patch, web};
use chrono::{DateTime, Utc};
use domain::ids::{MemberId, ShiftId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::SlotBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::roster::{self, Shift, ShiftChange};
use crate::state::AppState;

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftChangeBody {
    /// Who has it from now on: a substitute.
    member_id: Option<MemberId>,
    /// From, a whole minute; bookings move along.
    starts_at: Option<DateTime<Utc>>,
    /// Until, a whole minute.
    ends_at: Option<DateTime<Utc>>,
    /// How a reception day is cut for bookings.
    slots: Option<SlotBody>,
}

problems!(Problems: ValidationFailed, ShiftOverlaps, TooLate, HasBookings, IdempotencyKeyReused);

/// Changes a shift. For who runs the station; the members and whoever has booked are told.
#[utoipa::path(
    tag = "roster",
    operation_id = "change_shift",
    params(("id" = ShiftId, Path, description = "The shift."), IdempotencyKeyHeader),
    request_body = ShiftChangeBody,
    responses((status = 200, description = "The shift.", body = Shift), Problems),
    security(("account" = []))
)]
#[patch("/{id}")]
pub async fn change_shift(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<ShiftId>,
    key: MaybeIdempotencyKey,
    body: Body<ShiftChangeBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("shifts", Some(caller.account_id), &content);
    let ShiftChangeBody { member_id, starts_at, ends_at, slots } = body.value;
    let change = ShiftChange { member_id, starts_at, ends_at, slots: slots.map(SlotBody::pair) };
    let shift = roster::change_shift(&state, &caller, *id, change, key.as_ref()).await?;
    Ok(HttpResponse::Ok().json(shift))
}
