//! Drivers that stand for people with a phone in their hand.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use serde::Deserialize;
use serde_json::json;

use super::read;
use crate::handle::{DriverError, SimHandle};

/// `POST /__sim/user {"user", "phone"?, "openid"?, "unionid"?}`: the user as it is then.
pub(super) async fn put(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let user = sim.put_user(read(&body)?)?;
    Ok(HttpResponse::Created().json(user))
}

/// `GET /__sim/users`.
pub(super) async fn list(sim: Data<SimHandle>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "users": sim.users() }))
}

/// Who, by name or by openid; and in which mini-program, if not in this one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Who {
    user: Option<String>,
    openid: Option<String>,
    appid: Option<String>,
}

impl Who {
    fn name(&self) -> Result<&str, DriverError> {
        match (&self.user, &self.openid) {
            (Some(name), None) | (None, Some(name)) => Ok(name),
            _ => Err(DriverError::Body("give either `user` or `openid`".to_owned())),
        }
    }
}

/// `POST /__sim/login {"user"} | {"openid"}, "appid"?`: `{"js_code"}`.
pub(super) async fn login(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let who: Who = read(&body)?;
    let js_code = match &who.appid {
        Some(appid) => sim.login_elsewhere(who.name()?, appid)?,
        None => sim.login(who.name()?)?,
    };
    Ok(HttpResponse::Ok().json(json!({ "js_code": js_code })))
}

/// `POST /__sim/phone_code {"user"} | {"openid"}, "appid"?`: `{"phone_code"}`.
pub(super) async fn phone_code(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let who: Who = read(&body)?;
    let code = match &who.appid {
        Some(appid) => sim.phone_code_elsewhere(who.name()?, appid)?,
        None => sim.phone_code(who.name()?)?,
    };
    Ok(HttpResponse::Ok().json(json!({ "phone_code": code })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Risk {
    user: String,
    rank: u8,
}

/// `POST /__sim/risk {"user", "rank"}`: the user as it is then.
pub(super) async fn set_risk(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let risk: Risk = read(&body)?;
    sim.set_risk(&risk.user, risk.rank)?;
    Ok(HttpResponse::Ok().json(sim.user(&risk.user)?))
}
