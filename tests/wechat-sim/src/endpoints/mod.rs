//! The APIs that the simulated servers offer, one file each, and the order in which a call is checked.
//!
//! To add an API: a file here with an [`Endpoint`] constant, and its line in [`ENDPOINTS`].
//! An endpoint is a plain function from a checked call and the world to an answer; it knows no HTTP server.

mod check_session;
mod clear_quota;
mod code_limited;
mod code_to_session;
mod code_unlimited;
mod group_robot;
pub(crate) mod jump_rules;
mod legacy_token;
mod links;
mod media_check_async;
mod msg_sec_check;
mod pages;
mod phone_number;
mod quota_info;
mod rid_info;
mod sec_check;
mod stable_token;
pub(crate) mod subscribe_send;
mod template_list;

use std::collections::HashMap;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal, Reply};

/// How an API is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
}

/// One API: what its calls must look like, and what it does.
pub(crate) struct Endpoint {
    pub(crate) verb: Verb,
    pub(crate) path: &'static str,
    pub(crate) dialect: Dialect,
    /// Whether a call carries `access_token`.
    pub(crate) takes_token: bool,
    /// The documented limit, if any.
    pub(crate) quota: Quota,
    pub(crate) run: fn(&mut World, &Call<'_>) -> Outcome,
}

static ENDPOINTS: [Endpoint; 25] = [
    legacy_token::ENDPOINT,
    stable_token::ENDPOINT,
    code_to_session::ENDPOINT,
    phone_number::ENDPOINT,
    check_session::ENDPOINT,
    rid_info::ENDPOINT,
    clear_quota::ENDPOINT,
    msg_sec_check::ENDPOINT,
    media_check_async::ENDPOINT,
    subscribe_send::ENDPOINT,
    template_list::ENDPOINT,
    group_robot::ENDPOINT,
    code_unlimited::ENDPOINT,
    code_limited::ENDPOINT,
    links::URL_LINK,
    links::SCHEME,
    links::QUERY_URL_LINK,
    links::QUERY_SCHEME,
    links::SHORT_LINK,
    quota_info::ENDPOINT,
    jump_rules::DOWNLOAD,
    jump_rules::ADD,
    jump_rules::GET,
    jump_rules::PUBLISH,
    jump_rules::DELETE,
];

/// The API at this path.
pub(crate) fn find(path: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().find(|endpoint| endpoint.path == path)
}

/// The paths of all APIs.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    ENDPOINTS.iter().map(|endpoint| endpoint.path)
}

/// How an answer goes over the wire: as JSON, but for the codes, which are pictures.
pub(crate) fn dress(endpoint: &Endpoint, decided: &Value) -> Reply {
    match endpoint.path {
        code_unlimited::PATH | code_limited::PATH => code_unlimited::reply(decided),
        _ => Reply::json(endpoint.dialect, decided),
    }
}

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Vec<u8>,
    pub(crate) peer: IpAddr,
    /// Whether the file was found that proves whose a link is; looked for with calls that need it.
    pub(crate) is_proven: bool,
}

/// A call that passed the checks which all APIs share.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    query: HashMap<String, String>,
    body: Map<String, Value>,
    pub(crate) path: &'a str,
    pub(crate) peer: IpAddr,
    pub(crate) is_proven: bool,
    pub(crate) now: DateTime<Utc>,
}

impl Call<'_> {
    /// A parameter of the query; an empty one counts as missing.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A member of the body, whatever it is.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }

    /// The whole body.
    pub(crate) const fn members(&self) -> &Map<String, Value> {
        &self.body
    }

    /// A text of the body; an empty one counts as missing.
    ///
    /// # Errors
    /// 47001 when it is there and not a text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(Refusal::new(47001)),
        }
    }

    /// A whole number of the body.
    ///
    /// # Errors
    /// 47001 when it is there and not a whole number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(Refusal::new(47001)),
        }
    }

    /// A switch of the body, off when missing.
    ///
    /// # Errors
    /// 47001 when it is there and not a boolean.
    pub(crate) fn switch(&self, name: &str) -> Result<bool, Refusal> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(on)) => Ok(*on),
            Some(_) => Err(Refusal::new(47001)),
        }
    }
}

impl Endpoint {
    /// Checks a request and answers it. The order of checks is fixed, so that what is refused first is
    /// stable: method, access token, minute limit, day limit, empty body, bad JSON, then the API's own.
    pub(crate) fn answer(&self, world: &mut World, request: &Request, now: DateTime<Utc>) -> Outcome {
        self.check_method(&request.method)?;
        let mut call = Call {
            query: form_urlencoded::parse(request.query.as_bytes()).into_owned().collect(),
            body: Map::new(),
            path: self.path,
            peer: request.peer,
            is_proven: request.is_proven,
            now,
        };
        if self.takes_token {
            world.tokens.check(call.query("access_token"), now, world.settings.superseded_errcode)?;
        }
        world.quotas.admit(self.path, self.quota, now)?;
        if self.verb == Verb::Post {
            call.body = object(&request.body)?;
        }
        (self.run)(world, &call)
    }

    fn check_method(&self, method: &str) -> Result<(), Refusal> {
        match (self.verb, method) {
            (Verb::Get, "GET") | (Verb::Post, "POST") => Ok(()),
            (Verb::Get, _) => Err(Refusal::new(43001)),
            (Verb::Post, _) => Err(Refusal::new(43002)),
        }
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if body.is_empty() {
        return Err(Refusal::new(44002));
    }
    serde_json::from_slice(body).map_err(|_| Refusal::new(47001))
}
