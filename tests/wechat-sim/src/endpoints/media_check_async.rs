//! `POST /wxa/media_check_async`, version 2: takes the link, answers with a trace; the picture is really fetched,
//! and what is found comes as a push.

use serde_json::json;

use super::{Call, Endpoint, Verb, sec_check};
use crate::push::MediaJob;
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/wxa/media_check_async",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: Some(2_000), per_day: Some(200_000) },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let url = call.text("media_url")?.ok_or(Refusal::new(47001))?.to_owned();
    if !matches!(call.number("media_type")?, Some(1 | 2)) {
        return Err(Refusal::new(40004));
    }
    sec_check::check_common(world, call)?;
    let trace_id = world.random.rid(call.now);
    let verdict = world.pushes.outcome.clone();
    world.pushes.media.push_back(MediaJob { trace_id: trace_id.clone(), url, verdict });
    Ok(json!({ "errcode": 0, "errmsg": "ok", "trace_id": trace_id }))
}
