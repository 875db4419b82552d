//! `POST /cgi-bin/webhook/send?key=`: a robot says something in its group of 企业微信, at most 20 times a minute.

use serde_json::Value;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal, ok};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/cgi-bin/webhook/send",
    dialect: Dialect::Api,
    takes_token: false,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = call.query("key").ok_or(Refusal::saying(93000, "invalid webhook url"))?;
    if call.text("msgtype")? != Some("text") {
        return Err(Refusal::saying(40008, "invalid message type"));
    }
    let content = call.body.get("text").and_then(|text| text.get("content")).and_then(Value::as_str);
    let content = content.filter(|content| !content.is_empty() && content.len() <= 2048);
    let content = content.ok_or(Refusal::saying(44004, "text content is empty or too long"))?;
    world.groups.say(key, content, call.now)?;
    Ok(ok())
}
