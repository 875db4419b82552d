//! `POST /wxa/msg_sec_check`, version 2. Words in the text decide: `SIM_RISKY_20006`, `SIM_REVIEW_20001`,
//! `SIM_FAIL_-1`; without one the text passes.

use serde_json::{Value, json};

use super::{Call, Endpoint, Verb, sec_check};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/wxa/msg_sec_check",
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: Some(4_000), per_day: Some(2_000_000) },
    run,
};

/// The most characters of a text.
const MOST: usize = 2_500;

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let content = call.text("content")?.ok_or(Refusal::new(44002))?;
    if content.chars().count() > MOST {
        return Err(Refusal::new(world.settings.long_text_errcode));
    }
    sec_check::check_common(world, call)?;
    if let Some(errcode) = marked(content, "SIM_FAIL_") {
        return Err(Refusal::new(errcode));
    }
    let (suggest, label) = match (marked(content, "SIM_RISKY_"), marked(content, "SIM_REVIEW_")) {
        (Some(label), _) => ("risky", label),
        (None, Some(label)) => ("review", label),
        (None, None) => ("pass", 100),
    };
    let trace_id = world.random.rid(call.now);
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "detail": detail(suggest, label),
        "trace_id": trace_id,
        "result": { "suggest": suggest, "label": label },
    }))
}

/// One part with a verdict, and one that has none, as it really comes.
fn detail(suggest: &str, label: i64) -> Value {
    json!([
        { "strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90 },
        { "strategy": "keyword", "errcode": 0 },
    ])
}

/// The number behind a word.
fn marked(content: &str, word: &str) -> Option<i64> {
    let (_, rest) = content.split_once(word)?;
    let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
    digits.parse().ok()
}
