//! Drivers for what happens elsewhere: time passes, another deployment takes the token.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use chrono::{SecondsFormat, TimeDelta};
use serde::Deserialize;
use serde_json::json;

use super::read;
use crate::handle::{DriverError, SimHandle};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: i64,
}

/// `POST /__sim/advance {"seconds"}`: `{"now"}`.
pub(super) async fn advance(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let Advance { seconds } = read(&body)?;
    let by = TimeDelta::try_seconds(seconds).ok_or(DriverError::Advance(seconds))?;
    let now = sim.advance(by)?;
    Ok(HttpResponse::Ok().json(json!({ "now": now.to_rfc3339_opts(SecondsFormat::Secs, true) })))
}

/// `POST /__sim/supersede_token`: the present stable token is dead.
pub(super) async fn supersede_token(sim: Data<SimHandle>) -> HttpResponse {
    sim.supersede_token();
    HttpResponse::NoContent().finish()
}
