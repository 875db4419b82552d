//! `GET /wxaapi/newtmpl/gettemplate`: the templates that the mini-program has chosen.

use serde_json::json;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Get,
    path: "/wxaapi/newtmpl/gettemplate",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: Some(100) },
    run,
};

fn run(world: &mut World, _: &Call<'_>) -> Outcome {
    Ok(json!({ "errcode": 0, "errmsg": "ok", "data": world.subscriptions.templates() }))
}
