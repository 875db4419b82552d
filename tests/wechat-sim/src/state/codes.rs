//! One-time codes from the client: those of `wx.login` and those of the phone button, kept apart.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

/// Minutes that a code lives.
const LIFE: TimeDelta = TimeDelta::minutes(5);

/// A code, for whom and for which mini-program it was made.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) openid: String,
    pub(crate) appid: String,
    pub(crate) used: bool,
    issued_at: DateTime<Utc>,
}

/// The codes of one kind.
#[derive(Debug, Default)]
pub(crate) struct CodeBook(HashMap<String, Code>);

impl CodeBook {
    /// Writes a code down, and forgets those that are too old to be told from unknown ones.
    pub(crate) fn issue(&mut self, code: String, openid: &str, appid: &str, now: DateTime<Utc>) {
        self.0.retain(|_, code| is_alive(code, now));
        let entry = Code { openid: openid.to_owned(), appid: appid.to_owned(), used: false, issued_at: now };
        self.0.insert(code, entry);
    }

    /// The code, used or not, unless it is unknown or older than five minutes.
    pub(crate) fn find(&self, code: &str, now: DateTime<Utc>) -> Option<&Code> {
        self.0.get(code).filter(|code| is_alive(code, now))
    }

    pub(crate) fn mark_used(&mut self, code: &str) {
        if let Some(code) = self.0.get_mut(code) {
            code.used = true;
        }
    }
}

fn is_alive(code: &Code, now: DateTime<Utc>) -> bool {
    now - code.issued_at < LIFE
}

/// Both kinds.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    pub(crate) login: CodeBook,
    pub(crate) phone: CodeBook,
}
