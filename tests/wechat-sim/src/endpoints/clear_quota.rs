//! `POST /cgi-bin/clear_quota`: sets the daily counters to zero, ten times a month.

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal, ok};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/cgi-bin/clear_quota",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    world.app.check_appid(call.text("appid")?.ok_or(Refusal::new(41002))?)?;
    world.quotas.clear(call.now)?;
    Ok(ok())
}
