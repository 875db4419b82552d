//! Drivers that tell what was called.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use crate::handle::SimHandle;

/// `GET /__sim/calls`: `{"calls": {path: count}}`.
pub(super) async fn list(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "calls": sim.calls_by_path() }))
}

/// `DELETE /__sim/calls`: counts from zero.
pub(super) async fn forget(sim: Data<SimHandle>) -> HttpResponse {
    sim.forget_calls();
    HttpResponse::NoContent().finish()
}
