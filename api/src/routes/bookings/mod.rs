//! `/bookings`: one place on a reception day, given back, taken or given up.

mod cancel;
mod check_in;
mod give_up;
mod problem;

use actix_web::HttpResponse;
use domain::ids::BookingId;
use domain::reception::BookingAction;

use super::idempotency_key::MaybeIdempotencyKey;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::map::RouteMap;
use crate::service::bookings;
use crate::state::AppState;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(cancel::cancel_booking)
        .service(check_in::check_in_booking)
        .service(give_up::give_up_booking);
}

/// Receives a resident one way or another.
async fn receive(
    state: &AppState,
    caller: &Caller,
    id: BookingId,
    (call, action): (&'static str, BookingAction),
    key: MaybeIdempotencyKey,
) -> Result<HttpResponse, ApiError> {
    guard::account(state, caller)?;
    let key = key.request(call, Some(caller.account_id), id.0.as_bytes());
    let visitor = bookings::receive(state, caller, id, action, key.as_ref()).await?;
    Ok(HttpResponse::Ok().json(visitor))
}
