//! `POST /wxa/getwxacodeunlimit`: draws a code with a scene; as many as one likes, and they never end.

use serde_json::{Value, json};

use super::{Call, Endpoint, Verb, pages};
use crate::picture;
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal, Reply};

/// The path.
pub(super) const PATH: &str = "/wxa/getwxacodeunlimit";
/// The longest scene, in characters.
const MOST_SCENE: usize = 32;
/// Pages that codes may name before they are published.
const MOST_UNPUBLISHED: usize = 60_000;

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: PATH,
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: Some(5_000), per_day: None },
    run,
};

/// Decides; what is drawn is told as JSON, and drawn by [`reply`].
fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let scene = call.text("scene")?.unwrap_or_default();
    if scene.is_empty() || scene.chars().count() > MOST_SCENE {
        return Err(Refusal::new(40169));
    }
    if !pages::is_carried(scene, false) {
        return Err(Refusal::new(40129));
    }
    let page = call.text("page")?.unwrap_or_default();
    if scene.contains("scancode_time") || page.contains("scancode_time") {
        return Err(Refusal::new(85096));
    }
    let version = pages::version(call.text("env_version")?, Refusal::new(40097))?;
    let checked = call.value("check_path").is_none() || call.switch("check_path")?;
    if !pages::is_path(page) || (checked && !pages::is_published(page, &world.settings)) {
        return Err(Refusal::new(41030));
    }
    let side = pages::side(call)?;
    let transparent = call.switch("is_hyaline")?;
    if !checked {
        world.links.unpublished_pages.insert(page.to_owned());
        if world.links.unpublished_pages.len() > MOST_UNPUBLISHED {
            return Err(Refusal::new(45029));
        }
    }
    let says = format!("{} {version} {page} {scene}", world.app.appid);
    Ok(json!({ "says": says, "side": side, "transparent": transparent }))
}

/// The picture that was decided on.
pub(super) fn reply(decided: &Value) -> Reply {
    let side = decided["side"].as_u64().and_then(|side| u32::try_from(side).ok()).unwrap_or(430);
    let says = decided["says"].as_str().unwrap_or_default();
    let drawn = picture::draw(says, side, decided["transparent"] == true);
    let used = decided["used"].as_u64().map(|used| ("Num-Used", used.to_string()));
    Reply {
        status: 200,
        content_type: drawn.content_type,
        headers: used.into_iter().collect(),
        body: drawn.bytes,
    }
}
