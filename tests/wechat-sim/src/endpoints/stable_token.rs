//! `POST /cgi-bin/stable_token`: the same token for everybody until five minutes before its end.

use serde_json::json;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::app::check_address;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/cgi-bin/stable_token",
    dialect: Dialect::Api,
    takes_token: false,
    quota: Quota { per_minute: Some(10_000), per_day: Some(500_000) },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    if call.text("grant_type")? != Some("client_credential") {
        return Err(Refusal::new(40002));
    }
    let forced = call.switch("force_refresh")?;
    world.app.check(call.text("appid")?, call.text("secret")?, &world.settings)?;
    check_address(call.peer, &world.settings)?;
    let grant = if forced {
        world.tokens.forced(call.now, &mut world.random)
    } else {
        world.tokens.stable(call.now, &mut world.random)
    };
    Ok(json!({ "access_token": grant.access_token, "expires_in": grant.expires_in }))
}
