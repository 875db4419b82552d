//! Drivers of the message push.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use serde::Deserialize;
use serde_json::{Value, json};

use super::read;
use crate::handle::{DriverError, SimHandle};

/// `POST /__sim/push {"url", "token", "aes_key", "mode", "format"}`: enters a receiver, which is asked at once.
pub(super) async fn configure(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    sim.configure_push(read(&body)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `PUT /__sim/push/options`: the oddities; see `PushOptions`.
pub(super) async fn set_options(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    sim.set_push_options(read(&body)?);
    Ok(HttpResponse::NoContent().finish())
}

/// `PUT /__sim/push/media {"suggest", "label"}`: what is found of pictures from now on.
pub(super) async fn set_media(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    sim.set_media_outcome(read(&body)?);
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /__sim/push/deliver`: sends all that is due; `{"deliveries"}`.
pub(super) async fn deliver(sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let deliveries = sim.deliver().await?;
    Ok(HttpResponse::Ok().json(json!({ "deliveries": deliveries })))
}

/// `GET /__sim/push/deliveries`: how pushes went.
pub(super) async fn list(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "deliveries": sim.deliveries() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    from: String,
    event: String,
    members: Value,
}

/// `POST /__sim/push/event {"from", "event", "members"}`: any event.
pub(super) async fn event(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let Event { from, event, members } = read(&body)?;
    sim.push_event(&from, &event, members);
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    user: String,
    #[serde(default)]
    info: Vec<u32>,
}

/// `POST /__sim/revoke {"user", "info"}`: takes consents back, by WeChat's numbers.
pub(super) async fn revoke(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let Revocation { user, info } = read(&body)?;
    sim.revoke(&user, &info)?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /__sim/cancel {"user"}`: leaves WeChat.
pub(super) async fn cancel(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let Revocation { user, .. } = read(&body)?;
    sim.cancel(&user)?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Penalty {
    kind: u32,
    reason: String,
}

/// `POST /__sim/punish {"kind", "reason"}`: punishes the mini-program.
pub(super) async fn punish(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let Penalty { kind, reason } = read(&body)?;
    sim.punish(kind, &reason);
    Ok(HttpResponse::NoContent().finish())
}
