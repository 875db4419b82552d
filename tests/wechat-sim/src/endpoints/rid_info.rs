//! `POST /cgi-bin/openapi/rid/get`: what became of the refused call with this rid.

use serde_json::json;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/cgi-bin/openapi/rid/get",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let rid = call.text("rid")?.filter(|rid| is_rid(rid)).ok_or(Refusal::new(76002))?;
    let refused = world.calls.find_refused(rid).ok_or(Refusal::new(76001))?;
    if refused.is_too_old(call.now) {
        return Err(Refusal::new(76004));
    }
    let cost = u64::try_from(refused.cost.as_millis()).unwrap_or(u64::MAX);
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "request": {
            "invoke_time": refused.at.timestamp(),
            "cost_in_ms": cost,
            "request_url": refused.url,
            "request_body": refused.request,
            "response_body": refused.response,
            "client_ip": refused.client_ip,
        },
    }))
}

fn is_rid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').collect();
    groups.len() == 3
        && groups.iter().all(|group| group.len() == 8 && group.chars().all(|c| c.is_ascii_hexdigit()))
}
