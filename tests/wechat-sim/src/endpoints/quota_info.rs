//! `POST /cgi-bin/openapi/quota/get`: what is left of the day for an API.

use serde_json::json;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/cgi-bin/openapi/quota/get",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let path = call.text("cgi_path")?.ok_or(Refusal::new(76021))?;
    // The quotas of `/sns/*` cannot be asked about.
    if path.starts_with("/sns/") {
        return Err(Refusal::new(76022));
    }
    let endpoint = super::find(path).ok_or(Refusal::new(76021))?;
    let quota = world.quotas.limit(path, endpoint.quota);
    let used = world.quotas.used_today(path, call.now);
    let daily_limit = quota.per_day.unwrap_or(0);
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "quota": { "daily_limit": daily_limit, "used": used, "remain": daily_limit.saturating_sub(used) },
        "rate_limit": { "call_count": quota.per_minute.unwrap_or(0), "refresh_second": 60 },
    }))
}
