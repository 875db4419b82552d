//! `POST /stations/{id}/cases`: takes a case in at the counter.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, post, web};
use domain::ids::{BookingId, StationId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::cases::{CounterReport, ReportBody};
use crate::routes::guard;
use crate::routes::idempotency_key::IdempotencyKey;
use crate::routes::problems::problems;
use crate::service::idempotency;
use crate::service::intake;
use crate::service::receipt::Receipt;
use crate::state::AppState;

/// What somebody tells at the counter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterBody {
    /// The matter, as in `POST /cases`, without `code` and `station_id`.
    report: CounterReport,
    /// The booking of a reception day with which the person has come: who was expected is checked in, and
    /// the case belongs to the account that booked.
    booking_id: Option<BookingId>,
}

problems!(Problems: IdempotencyKeyRequired, IdempotencyKeyReused, ValidationFailed, NoStation, UploadUnknown,
    WrongState, TooLate);

/// Takes a case in for somebody without a phone. For who runs the station. The answer's ticket is the key
/// to the case: print it with `GET /cases/{id}/slip`.
#[utoipa::path(
    tag = "cases", operation_id = "create_station_case", request_body = CounterBody,
    params(("id" = StationId, Path, description = "The station."),
        ("Idempotency-Key" = String, Header, description = "Unique to this report; repeat it with the same body.")),
    responses((status = 201, body = Receipt), Problems),
    security(("account" = []))
)]
#[post("/cases")]
pub async fn create_station_case(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    key: IdempotencyKey,
    body: Body<CounterBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let request = idempotency::Request::new("stations/cases", Some(caller.account_id), key.0, &content);
    let report = ReportBody::at_counter(*id, body.value.report).parse()?;
    let booking_id = body.value.booking_id;
    let answer = intake::take_in_at_counter(&state, &caller, booking_id, &report, &request).await?;
    let mut response = HttpResponse::from(answer);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, actix_web::http::header::HeaderValue::from_static("no-store"));
    Ok(response)
}
