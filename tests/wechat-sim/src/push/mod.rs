//! Pushes: what WeChat's servers tell a mini-program's server by themselves.
//!
//! [`PushTarget`] is what an operator enters in the console; [`PushOptions`] are the oddities with which pushes
//! arrive. Nothing is sent by itself: [`SimHandle::deliver`](crate::SimHandle::deliver) sends all that is due,
//! which a test calls when it wants, and the program every moment.

mod deliver;
mod handle;
mod seal;
mod xml;

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

/// How long the receiver has to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a push is tried.
pub const ATTEMPTS: u32 = 3;

/// How a push is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushMode {
    /// Not at all.
    Plain,
    /// Plain and encrypted.
    Compatible,
    /// Encrypted.
    Secure,
}

/// How a push is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushFormat {
    /// As JSON.
    Json,
    /// As XML.
    Xml,
}

/// Where pushes go, as the console keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushTarget {
    /// The receiver.
    pub url: Url,
    /// What signatures are made with.
    pub token: String,
    /// EncodingAESKey: 43 characters.
    pub aes_key: String,
    /// How pushes are protected.
    pub mode: PushMode,
    /// How they are written.
    pub format: PushFormat,
}

/// The oddities with which pushes arrive; without any they arrive once, in order, at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PushOptions {
    /// Each is sent this many times more, also after `success`.
    pub duplicates: u32,
    /// What waits is sent the newest first.
    pub reorder: bool,
    /// Each waits this long, in seconds.
    pub delay_s: u32,
    /// None is sent at all.
    pub drop: bool,
    /// The signature is of another token.
    pub wrong_signature: bool,
    /// The message is encrypted for another mini-program.
    pub wrong_appid: bool,
    /// `CreateTime` and other numbers are texts.
    pub numbers_as_text: bool,
    /// A `List` of one is a list all the same.
    pub list_always_array: bool,
}

/// How one push went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its event.
    pub event: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Whether the receiver has taken it.
    pub taken: bool,
    /// The status of the last answer, if one came in time.
    pub status: Option<u16>,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) message: Map<String, Value>,
    pub(crate) due_at: DateTime<Utc>,
}

/// A picture to be fetched and looked at.
#[derive(Clone, Debug)]
pub(crate) struct MediaJob {
    pub(crate) trace_id: String,
    pub(crate) url: String,
    pub(crate) verdict: MediaOutcome,
}

/// What will be found of pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaOutcome {
    /// `pass`, `review` or `risky`.
    pub suggest: String,
    /// 100 for nothing.
    pub label: i64,
}

impl Default for MediaOutcome {
    fn default() -> Self {
        Self { suggest: "pass".to_owned(), label: 100 }
    }
}

/// All that is on its way.
#[derive(Debug, Default)]
pub(crate) struct Pushes {
    pub(crate) target: Option<PushTarget>,
    pub(crate) options: PushOptions,
    pub(crate) waiting: VecDeque<Waiting>,
    pub(crate) media: VecDeque<MediaJob>,
    pub(crate) outcome: MediaOutcome,
    /// Public addresses, and where they are in truth: what a name server would know.
    pub(crate) hosts: Vec<(String, String)>,
    pub(crate) log: Vec<Delivery>,
}

impl Pushes {
    /// Lets an event wait to be sent. `List` is one object where it holds one, as WeChat writes it.
    pub(crate) fn enqueue(&mut self, from: &str, event: &str, members: Value, now: DateTime<Utc>) {
        let mut message = Map::new();
        message.insert("ToUserName".to_owned(), json!("gh_0123456789ab"));
        message.insert("FromUserName".to_owned(), json!(from));
        message.insert("CreateTime".to_owned(), json!(now.timestamp()));
        message.insert("MsgType".to_owned(), json!("event"));
        message.insert("Event".to_owned(), json!(event));
        if let Value::Object(members) = members {
            message.extend(members);
        }
        if !self.options.list_always_array
            && let Some(Value::Array(list)) = message.get("List")
            && let [only] = list.as_slice()
        {
            let only = only.clone();
            message.insert("List".to_owned(), only);
        }
        if self.options.numbers_as_text {
            message.values_mut().for_each(number_as_text);
        }
        let due_at = now + TimeDelta::seconds(self.options.delay_s.into());
        self.waiting.push_back(Waiting { message, due_at });
    }

    /// Where a link leads in truth.
    pub(crate) fn resolve(&self, url: &str) -> String {
        let known = self.hosts.iter().find_map(|(public, real)| Some((url.strip_prefix(public)?, real)));
        known.map_or_else(|| url.to_owned(), |(path, real)| format!("{real}{path}"))
    }
}

fn number_as_text(value: &mut Value) {
    if let Value::Number(number) = value {
        *value = Value::String(number.to_string());
    }
}
