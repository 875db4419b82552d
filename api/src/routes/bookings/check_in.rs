//! `POST /bookings/{id}/check-in`

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

/// Sees a resident come, on the day; also one who was given up. For who runs the station.
#[utoipa::path(
    tag = "reception days",
    operation_id = "check_in_booking",
    params(("id" = BookingId, Path, description = "The booking."), IdempotencyKeyHeader),
    responses((status = 200, description = "The booking.", body = ExpectedVisitor), Problems),
    security(("account" = []))
)]
#[post("/{id}/check-in")]
pub async fn check_in_booking(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<BookingId>,
    key: MaybeIdempotencyKey,
) -> Result<HttpResponse, ApiError> {
    receive(&state, &caller, *id, ("bookings/check-in", BookingAction::CheckIn), key).await
}
