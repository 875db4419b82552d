//! `POST /wxa/business/getuserphonenumber`: trades the code of the phone button for a number, once.

use serde_json::json;

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/wxa/business/getuserphonenumber",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: None },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let text = call.text("code")?.unwrap_or_default();
    let Some(code) = world.codes.phone.find(text, call.now).filter(|code| !code.used) else {
        return Err(Refusal::hinted(40029, &world.random.hint()));
    };
    world.app.check_appid(&code.appid)?;
    if call.text("openid")?.is_some_and(|openid| openid != code.openid) {
        return Err(Refusal::new(world.settings.phone_openid_mismatch_errcode));
    }
    let phone = world.users.find_by_openid(&code.openid).and_then(|user| user.phone.as_ref());
    let phone = phone.ok_or(Refusal::new(40029))?;
    world.codes.phone.mark_used(text);
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": phone,
            "purePhoneNumber": phone,
            "countryCode": "86",
            "watermark": { "timestamp": call.now.timestamp(), "appid": world.app.appid },
        },
    }))
}
