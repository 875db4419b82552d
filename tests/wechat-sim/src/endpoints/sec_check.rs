//! What both content checks look at first: version, scene, and whether the user was here in the last two hours.

use chrono::TimeDelta;

use super::Call;
use crate::state::World;
use crate::wire::Refusal;

/// How long a visit counts.
const VISIT: TimeDelta = TimeDelta::hours(2);

/// Checks what both calls have in common.
pub(super) fn check_common(world: &World, call: &Call<'_>) -> Result<(), Refusal> {
    if call.number("version")? != Some(2) {
        return Err(Refusal::new(47001));
    }
    if !matches!(call.number("scene")?, Some(1..=4)) {
        return Err(Refusal::new(40129));
    }
    let openid = call.text("openid")?.ok_or(Refusal::new(40003))?;
    let user = world.users.find_by_openid(openid).ok_or(Refusal::new(40003))?;
    let seen = user.last_visit_at.is_some_and(|at| call.now - at <= VISIT);
    if seen { Ok(()) } else { Err(Refusal::new(61010)) }
}
