//! The drivers under `/__sim/`: [`SimHandle`](crate::SimHandle) over HTTP, and a page to look at.
//!
//! A driver reads its body, gives the order and tells the result. Bad input gets status 400 and
//! `{"error": "a sentence"}`.

mod calls;
mod faults;
mod limits;
mod messages;
mod page;
mod people;
mod pushes;
mod scan;
mod time;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, ResponseError, Scope};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::handle::DriverError;

/// All drivers.
pub(crate) fn scope() -> Scope {
    web::scope("/__sim")
        .service(web::redirect("", "/__sim/"))
        .route("/", web::get().to(page::show))
        .route("/user", web::post().to(people::put))
        .route("/users", web::get().to(people::list))
        .route("/login", web::post().to(people::login))
        .route("/phone_code", web::post().to(people::phone_code))
        .route("/risk", web::post().to(people::set_risk))
        .route("/subscribe", web::post().to(messages::subscribe))
        .route("/unsubscribe", web::post().to(messages::unsubscribe))
        .route("/groups", web::get().to(messages::groups))
        .route("/sent", web::get().to(messages::sent))
        .route("/templates", web::get().to(messages::list_templates))
        .route("/templates", web::post().to(messages::set_templates))
        .route("/scan", web::post().to(scan::scan))
        .route("/rules", web::get().to(scan::list_rules))
        .route("/rules", web::post().to(scan::set_rules))
        .route("/advance", web::post().to(time::advance))
        .route("/supersede_token", web::post().to(time::supersede_token))
        .route("/faults", web::get().to(faults::list))
        .route("/faults", web::post().to(faults::order))
        .route("/faults", web::delete().to(faults::clear))
        .route("/calls", web::get().to(calls::list))
        .route("/calls", web::delete().to(calls::forget))
        .route("/quota", web::post().to(limits::set_quota))
        .route("/settings", web::get().to(limits::settings))
        .route("/settings", web::put().to(limits::set_settings))
        .route("/push", web::post().to(pushes::configure))
        .route("/push/options", web::put().to(pushes::set_options))
        .route("/push/media", web::put().to(pushes::set_media))
        .route("/push/deliver", web::post().to(pushes::deliver))
        .route("/push/deliveries", web::get().to(pushes::list))
        .route("/push/event", web::post().to(pushes::event))
        .route("/revoke", web::post().to(pushes::revoke))
        .route("/cancel", web::post().to(pushes::cancel))
        .route("/punish", web::post().to(pushes::punish))
        .default_service(web::to(unknown))
}

impl ResponseError for DriverError {
    fn status_code(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::BadRequest().json(json!({ "error": self.to_string() }))
    }
}

/// Reads a driver's body; none at all is `{}`.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, DriverError> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|error| DriverError::Body(error.to_string()))
}

async fn unknown(request: HttpRequest) -> HttpResponse {
    let error = format!("there is no driver {} {}", request.method(), request.path());
    HttpResponse::NotFound().json(json!({ "error": error }))
}
