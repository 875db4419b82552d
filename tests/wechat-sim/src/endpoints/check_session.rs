//! `GET /wxa/checksession`: tells whether a session key is still the user's present one.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal, ok};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Get,
    path: "/wxa/checksession",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let openid = call.query("openid").ok_or(Refusal::new(40003))?;
    let user = world.users.find_by_openid(openid).ok_or(Refusal::new(40003))?;
    if call.query("sig_method") != Some("hmac_sha256") {
        return Err(Refusal::new(87008));
    }
    let session_key = user.session_key.as_ref().ok_or(Refusal::new(87007))?;
    if call.query("signature") == Some(signature(session_key).as_str()) {
        Ok(ok())
    } else {
        Err(Refusal::new(87009))
    }
}

/// The signature of nothing, keyed with the Base64 text of the session key (not with the decoded bytes).
fn signature(session_key: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, session_key.as_bytes());
    HEXLOWER.encode(hmac::sign(&key, b"").as_ref())
}
