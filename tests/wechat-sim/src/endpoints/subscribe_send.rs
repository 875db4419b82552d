//! `POST /cgi-bin/message/subscribe/send`: delivers a message to a user who has agreed to its template.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Call, Endpoint, Verb};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::state::subscriptions::ArrivedMessage;
use crate::state::templates::SubscribeTemplate;
use crate::values::takes_value;
use crate::wire::{Dialect, Outcome, Refusal, ok};

pub(crate) const PATH: &str = "/cgi-bin/message/subscribe/send";

pub(super) const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Post,
    path: PATH,
    dialect: Dialect::Api,
    takes_token: true,
    quota: Quota { per_minute: None, per_day: Some(10_000_000) },
    run,
};

fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = call.text("template_id")?.unwrap_or_default();
    let template = world.subscriptions.template(id).ok_or(Refusal::new(40037))?;
    if template.banned {
        return Err(Refusal::saying(43107, "the ability of subscribe message is banned"));
    }
    let openid = call.text("touser")?.unwrap_or_default();
    world.users.find_by_openid(openid).ok_or(Refusal::new(40003))?;
    let data = values(template, call.body.get("data"))?;
    let page = call.text("page")?;
    let pages = world.settings.pages.as_ref();
    if pages.is_some_and(|pages| page.is_some_and(|page| !pages.iter().any(|known| is_of(page, known)))) {
        return Err(Refusal::new(41030));
    }
    let state = call.text("miniprogram_state")?.unwrap_or("formal");
    if !["developer", "trial", "formal"].contains(&state) {
        return Err(Refusal::new(40097));
    }
    if data.values().any(|value| world.settings.sensitive_words.iter().any(|word| value.contains(word))) {
        return Err(Refusal::saying(45168, "hit sensitive word"));
    }
    let message = ArrivedMessage {
        at: call.now,
        openid: openid.to_owned(),
        template_id: id.to_owned(),
        title: template.title.clone(),
        page: page.map(str::to_owned),
        data,
        msg_id: 0,
    };
    let msg_id = world.subscriptions.deliver(message)?;
    let mut answer = ok();
    if let (true, Some(members)) = (world.settings.answers_msgid, answer.as_object_mut()) {
        members.insert("msgid".to_owned(), json!(msg_id));
    }
    Ok(answer)
}

/// Whether a page with its query is one of this path.
fn is_of(page: &str, known: &str) -> bool {
    page.split('?').next() == Some(known)
}

/// The values, every key of the template and no other; the first bad one is named.
fn values(template: &SubscribeTemplate, data: Option<&Value>) -> Result<BTreeMap<String, String>, Refusal> {
    let nothing = Map::new();
    let data = match data {
        None | Some(Value::Null) => &nothing,
        Some(Value::Object(data)) => data,
        // A text of JSON is what some send.
        Some(_) => return Err(Refusal::saying(47003, "argument invalid! data is not an object")),
    };
    let keys = template.keys();
    let mut values = BTreeMap::new();
    for key in &keys {
        let value = data.get(*key).and_then(|field| field.get("value"));
        let text = match value {
            None | Some(Value::Null) => return Err(empty(key)),
            Some(Value::String(text)) if text.is_empty() => return Err(empty(key)),
            Some(Value::String(text)) => text,
            Some(_) => return Err(invalid(key)),
        };
        if !takes_value(key, text, template.words_of(key)) {
            return Err(invalid(key));
        }
        values.insert((*key).to_owned(), text.clone());
    }
    match data.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(unknown) => Err(invalid(unknown)),
        None => Ok(values),
    }
}

fn invalid(key: &str) -> Refusal {
    Refusal::saying(47003, format!("argument invalid! data.{key}.value invalid"))
}

/// Misspelt as the real one.
fn empty(key: &str) -> Refusal {
    Refusal::saying(47003, format!("argument invalid! data.{key}.value is emtpy"))
}
