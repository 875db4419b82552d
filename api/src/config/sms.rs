//! `messages.sms`: the gateway for text messages to staff.

use std::collections::BTreeSet;

use domain::message::MessageKind;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::messages::check_url;

/// A shorter secret could be guessed.
const SHORTEST_SECRET: usize = 16;

/// The gateway for text messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsGateway {
    /// Where it takes messages.
    pub url: Url,
    /// What it recognises us by.
    pub secret: SecretString,
    /// What it is used for; text messages cost money.
    pub kinds: BTreeSet<MessageKind>,
}

impl SmsGateway {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        check_url("messages.sms.url", self.url.as_str(), problems);
        if self.secret.expose_secret().len() < SHORTEST_SECRET {
            problems.push(format!("messages.sms.secret must have at least {SHORTEST_SECRET} bytes"));
        }
        if let Some(kind) = self.kinds.iter().find(|kind| !kind.is_for_staff()) {
            problems.push(format!("messages.sms.kinds: `{}` goes to residents", kind.as_str()));
        }
        if self.kinds.is_empty() {
            problems.push("messages.sms.kinds must name what is sent".to_owned());
        }
    }
}
