//! Drivers for scanning printed links.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use serde::Deserialize;
use serde_json::json;

use super::read;
use crate::handle::{DriverError, SimHandle};
use crate::scan::ScanRule;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    link: String,
}

/// `POST /__sim/scan {"link"}`: `{"path", "query": {"q", "scancode_time"}, "scene": 1011}` when the
/// mini-program opens, else `{"open_web": link}`.
pub(super) async fn scan(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let scan: Scan = read(&body)?;
    Ok(HttpResponse::Ok().json(sim.scan(&scan.link)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    rules: Vec<ScanRule>,
}

/// `GET /__sim/rules`.
pub(super) async fn list_rules(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "rules": sim.scan_rules() }))
}

/// `POST /__sim/rules {"rules": [{"prefix", "path"?, "published"?}]}`: in place of all rules before.
pub(super) async fn set_rules(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let rules: Rules = read(&body)?;
    sim.set_scan_rules(rules.rules);
    Ok(list_rules(sim).await)
}
