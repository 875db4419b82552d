//! Drivers for what WeChat allows the account: quotas and switches.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use serde::Deserialize;

use super::read;
use crate::handle::{DriverError, SimHandle};
use crate::state::quotas::Quota;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuotaBody {
    path: String,
    per_minute: Option<u32>,
    per_day: Option<u32>,
}

/// `POST /__sim/quota {"path", "per_minute"?, "per_day"?}`: in place of the documented limit.
pub(super) async fn set_quota(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let QuotaBody { path, per_minute, per_day } = read(&body)?;
    sim.set_quota(&path, Quota { per_minute, per_day })?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /__sim/settings`.
pub(super) async fn settings(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(sim.settings())
}

/// `PUT /__sim/settings`: what is left out goes back to its default.
pub(super) async fn set_settings(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    sim.set_settings(read(&body)?);
    Ok(settings(sim).await)
}
