//! Drivers for subscription messages: the popup, the settings, and what has arrived.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use serde::Deserialize;
use serde_json::json;

use super::read;
use crate::handle::{DriverError, SimHandle};
use crate::state::templates::SubscribeTemplate;

/// Which templates a user says yes to.
#[derive(Deserialize)]
#[serde(untagged, expecting = "\"all\" or a list of template ids")]
enum Accepted {
    Word(All),
    Some(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum All {
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Popup {
    user: String,
    accept: Accepted,
    /// Asked for in the same popup, and refused.
    #[serde(default)]
    reject: Vec<String>,
}

/// `POST /__sim/subscribe {"user", "accept": "all"|[template ids], "reject"?: [template ids]}`.
///
/// `"all"` answers a popup for each template that there is.
pub(super) async fn subscribe(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let popup: Popup = read(&body)?;
    match popup.accept {
        Accepted::Word(All::All) => {
            let ids: Vec<String> = sim.templates().into_iter().map(|template| template.pri_tmpl_id).collect();
            sim.accept(&popup.user, &ids.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        Accepted::Some(ids) => {
            let yes = ids.into_iter().map(|id| (id, true));
            let answers: Vec<(String, bool)> =
                yes.chain(popup.reject.into_iter().map(|id| (id, false))).collect();
            sim.subscribe(&popup.user, &answers)?;
        }
    }
    credits(&sim, &popup.user)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    user: String,
    template: String,
}

/// `POST /__sim/unsubscribe {"user", "template"}`.
pub(super) async fn unsubscribe(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let withdrawal: Withdrawal = read(&body)?;
    sim.unsubscribe(&withdrawal.user, &withdrawal.template)?;
    credits(&sim, &withdrawal.user)
}

/// What the user still takes, by template.
fn credits(sim: &SimHandle, user: &str) -> Result<HttpResponse, DriverError> {
    let mut credits = BTreeMap::new();
    for template in sim.templates() {
        let left = sim.credit(user, &template.pri_tmpl_id)?;
        credits.insert(template.pri_tmpl_id, left);
    }
    Ok(HttpResponse::Ok().json(json!({ "credits": credits })))
}

/// `GET /__sim/sent`: the messages that have arrived, oldest first.
pub(super) async fn sent(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "messages": sim.arrived() }))
}

/// `GET /__sim/groups`: what robots have said.
pub(super) async fn groups(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "said": sim.said() }))
}

/// `GET /__sim/templates`.
pub(super) async fn list_templates(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "templates": sim.templates() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Templates {
    templates: Vec<SubscribeTemplate>,
}

/// `POST /__sim/templates {"templates": [..]}`: in place of all templates before.
pub(super) async fn set_templates(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let given: Templates = read(&body)?;
    sim.set_templates(given.templates);
    Ok(list_templates(sim).await)
}
