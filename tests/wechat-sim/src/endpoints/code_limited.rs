//! `POST /wxa/getwxacode`: draws a code of a path; 100,000 in the life of a mini-program.

use serde_json::json;

use super::{Call, Endpoint, Verb, pages};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

/// The path.
pub(super) const PATH: &str = "/wxa/getwxacode";
/// The longest path with its query, in characters.
const MOST_PATH: usize = 1024;

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: PATH,
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let path = call.text("path")?.unwrap_or_default();
    if path.is_empty() || path.chars().count() > MOST_PATH {
        return Err(Refusal::new(40159));
    }
    if path.contains("scancode_time") {
        return Err(Refusal::new(85096));
    }
    let version = pages::version(call.text("env_version")?, Refusal::new(40097))?;
    let side = pages::side(call)?;
    let transparent = call.switch("is_hyaline")?;
    if world.links.codes_made >= world.settings.most_limited_codes {
        return Err(Refusal::new(45029));
    }
    world.links.codes_made += 1;
    let says = format!("{} {version} {path}", world.app.appid);
    let used = world.links.codes_made;
    Ok(json!({ "says": says, "side": side, "transparent": transparent, "used": used }))
}
