//! `POST /bookings/{id}/no-show`

use actix_web::{HttpResponse, post, web};
use domain::ids::BookingId;
use domain::reception::BookingAction;

use super::receive;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::bookings::ExpectedVisitor;
use crate::state::AppState;

problems!(Problems: WrongState, TooLate, IdempotencyKeyReused);

/// Notes that a resident has not come, once the slot has begun. For who runs the station.
#[utoipa::path(
    tag = "reception days",
    operation_id = "give_up_booking",
    params(("id" = BookingId, Path, description = "The booking."), IdempotencyKeyHeader),
    responses((status = 200, description = "The booking.", body = ExpectedVisitor), Problems),
    security(("account" = []))
)]
#[post("/{id}/no-show")]
pub async fn give_up_booking(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<BookingId>,
    key: MaybeIdempotencyKey,
) -> Result<HttpResponse, ApiError> {
    receive(&state, &caller, *id, ("bookings/no-show", BookingAction::GiveUp), key).await
}
