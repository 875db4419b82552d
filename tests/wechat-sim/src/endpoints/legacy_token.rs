//! `GET /cgi-bin/token`: a new token at each call. Here to prove that it does not disturb the stable one.

use serde_json::json;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::app::check_address;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Get,
    path: "/cgi-bin/token",
    dialect: Dialect::Api,
    takes_token: false,
    quota: Quota { per_minute: None, per_day: Some(2_000) },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    if call.query("grant_type") != Some("client_credential") {
        return Err(Refusal::new(40002));
    }
    world.app.check(call.query("appid"), call.query("secret"), &world.settings)?;
    check_address(call.peer, &world.settings)?;
    let grant = world.tokens.legacy(call.now, &mut world.random);
    Ok(json!({ "access_token": grant.access_token, "expires_in": grant.expires_in }))
}
