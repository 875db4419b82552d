//! `POST /reception-days/{id}/bookings`

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use domain::ids::ShiftId;
use domain::text::{Comment, Name, Phone};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::bookings::{self, Booking, NewBooking};
use crate::state::AppState;

/// A place on a reception day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBookingBody {
    /// The beginning of a slot.
    starts_at: DateTime<Utc>,
    /// Who comes, at most 60 characters.
    name: Option<String>,
    /// The phone number.
    phone: Option<String>,
    /// What it is about, at most 500 characters.
    topic: Option<String>,
}

problems!(Problems: ValidationFailed, BookingClosed, SlotFull, AlreadyBooked, TooLate, IdempotencyKeyReused);

/// Books a slot of a reception day, and gives a number. One open booking a day and account.
#[utoipa::path(
    tag = "reception days",
    operation_id = "create_booking",
    params(("id" = ShiftId, Path, description = "The reception day."), IdempotencyKeyHeader),
    request_body = NewBookingBody,
    responses((status = 201, description = "The booking.", body = Booking), Problems),
    security(("account" = []))
)]
#[post("/{id}/bookings")]
pub async fn create_booking(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<ShiftId>,
    key: MaybeIdempotencyKey,
    body: Body<NewBookingBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("reception-days/bookings", Some(caller.account_id), &content);
    let new = body.value.parse()?;
    let booking = bookings::book(&state, &caller, *id, new, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(booking))
}

impl NewBookingBody {
    fn parse(self) -> Result<NewBooking, ApiError> {
        let mut fields = Fields::default();
        let name = fields.optional_text("/name", self.name.as_deref(), Name::parse);
        let topic = fields.optional_text("/topic", self.topic.as_deref(), Comment::parse);
        let phone = self.phone.filter(|phone| !phone.trim().is_empty()).and_then(|phone| {
            let parsed = Phone::parse(&phone);
            if parsed.is_none() {
                fields.wrong("/phone", "invalid", "电话号码不正确。");
            }
            parsed
        });
        fields.finish(Some(NewBooking { starts_at: self.starts_at, name, phone, topic }))
    }
}
