//! Switches for what WeChat does differently from account to account, or does not document.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// The switches, with the defaults that were judged most likely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What a superseded token answers; reports show 40001 and 42001.
    pub superseded_errcode: i64,
    /// What `getPhoneNumber` answers when code and `openid` are of two people; not documented.
    pub phone_openid_mismatch_errcode: i64,
    /// What `msgSecCheck` answers to a text of more than 2,500 characters; not documented.
    pub long_text_errcode: i64,
    /// A frozen secret makes the token APIs answer 40243.
    pub secret_frozen: bool,
    /// When set, the token APIs answer 40164 to every other address.
    pub ip_whitelist: Option<Vec<IpAddr>>,
    /// Whether a message that was taken is answered with its `msgid`; not every account gets it.
    pub answers_msgid: bool,
    /// A message that holds one of them is refused with 45168.
    pub sensitive_words: Vec<String>,
    /// Whether a version of the mini-program is published; links and checked codes need one.
    pub published: bool,
    /// The pages of the published version; without a list every page is there.
    pub pages: Option<Vec<String>>,
    /// How many codes `getwxacode` makes in the life of the mini-program.
    pub most_limited_codes: u32,
    /// Whether short links may be made: the guide says that shops only may.
    pub short_links_allowed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            superseded_errcode: 40001,
            phone_openid_mismatch_errcode: 40003,
            long_text_errcode: 47001,
            secret_frozen: false,
            ip_whitelist: None,
            answers_msgid: false,
            sensitive_words: Vec::new(),
            published: true,
            pages: None,
            most_limited_codes: 100_000,
            short_links_allowed: false,
        }
    }
}
