//! `GET /sns/jscode2session`: trades the code of `wx.login` for an openid, once.

use serde_json::json;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Get,
    path: "/sns/jscode2session",
    dialect: Dialect::Sns,
    takes_token: false,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

/// Calls that one user's codes may make in a minute.
const PER_USER_AND_MINUTE: u32 = 100;
/// The risk rank whose login is refused.
const BLOCKED_RANK: u8 = 4;

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    world.app.check(call.query("appid"), call.query("secret"), &world.settings)?;
    let js_code = call.query("js_code").ok_or(Refusal::new(41008))?;
    if call.query("grant_type") != Some("authorization_code") {
        return Err(Refusal::new(40002));
    }
    let code = world.codes.login.find(js_code, call.now);
    let code = code.filter(|code| code.appid == world.app.appid).ok_or(Refusal::new(40029))?;
    world.quotas.admit_user(call.path, &code.openid, PER_USER_AND_MINUTE, call.now)?;
    if code.used {
        return Err(Refusal::new(40163));
    }
    let user = world.users.find_by_openid(&code.openid).ok_or(Refusal::new(40029))?;
    world.codes.login.mark_used(js_code);
    if user.risk_rank >= BLOCKED_RANK {
        return Err(Refusal::new(40226));
    }
    let mut answer = json!({ "session_key": user.session_key, "openid": user.openid });
    if let (Some(unionid), Some(members)) = (&user.unionid, answer.as_object_mut()) {
        members.insert("unionid".to_owned(), json!(unionid));
    }
    Ok(answer)
}
