//! `DELETE /bookings/{id}`

use actix_web::{HttpResponse, delete, web};
use domain::ids::BookingId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::bookings;
use crate::state::AppState;

problems!(Problems: WrongState, TooLate);

/// Gives the caller's own place back, until the slot begins; again changes nothing.
#[utoipa::path(
    tag = "reception days",
    operation_id = "cancel_booking",
    params(("id" = BookingId, Path, description = "The booking.")),
    responses((status = 204, description = "The place is free again."), Problems),
    security(("account" = []))
)]
#[delete("/{id}")]
pub async fn cancel_booking(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<BookingId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    bookings::cancel(&state, &caller, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
