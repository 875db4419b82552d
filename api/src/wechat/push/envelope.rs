//! The envelope of a push: its query, its body in JSON or XML, plain or encrypted.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::keys::PushKeys;
use super::xml;
use crate::config::PushMode;

/// How far the time of a verification may be from ours.
const SKEW: TimeDelta = TimeDelta::minutes(10);
/// The longest word that a verification is answered with.
const MOST_ECHO: usize = 256;

/// The query of a call by WeChat. Whatever else stands there is not looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PushQuery {
    /// Over token, time and nonce; covers no body.
    pub signature: String,
    /// Over token, time, nonce and the encrypted message.
    pub msg_signature: String,
    /// Seconds since 1970.
    pub timestamp: String,
    /// A draw of WeChat's.
    pub nonce: String,
    /// `aes` when the message is encrypted.
    pub encrypt_type: String,
    /// The word to answer a verification with.
    pub echostr: String,
}

/// Why a call is not taken as WeChat's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PushFault {
    /// Nobody with our token has signed it.
    #[error("the signature is wrong")]
    NotSigned,
    /// It was signed too long ago.
    #[error("the time of the call is too far from ours")]
    TooOld,
    /// It is not encrypted as the configuration wants, or for another mini-program, or broken.
    #[error("the message is not encrypted for this mini-program")]
    NotForUs,
    /// What was signed is no message.
    #[error("the message can't be read")]
    Unreadable,
}

impl PushKeys {
    /// The word to answer with, when WeChat asks whether we are we.
    ///
    /// # Errors
    /// It does not come from WeChat, or not just now.
    pub fn verify<'q>(&self, query: &'q PushQuery, now: DateTime<Utc>) -> Result<&'q str, PushFault> {
        if !self.has_signed(&[&query.timestamp, &query.nonce], &query.signature) {
            return Err(PushFault::NotSigned);
        }
        let sent_at = query.timestamp.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        if sent_at.is_none_or(|at| (now - at).abs() > SKEW) {
            return Err(PushFault::TooOld);
        }
        let echo = &query.echostr;
        let plain = !echo.is_empty() && echo.len() <= MOST_ECHO && echo.bytes().all(|b| b.is_ascii_graphic());
        if plain { Ok(echo) } else { Err(PushFault::Unreadable) }
    }

    /// The query by which WeChat asks whether we are we, when the callback's address is entered in its console.
    #[must_use]
    pub fn question(&self, now: DateTime<Utc>, nonce: &str, echo: &str) -> [(&'static str, String); 4] {
        let timestamp = now.timestamp().to_string();
        let signature = self.sign(&[&timestamp, nonce]);
        [
            ("signature", signature),
            ("timestamp", timestamp),
            ("nonce", nonce.to_owned()),
            ("echostr", echo.to_owned()),
        ]
    }

    /// The message of a push, once it is sure that WeChat has sent it to us.
    ///
    /// There is no guard against an old time: WeChat tries again late, and a repetition is known by its
    /// content.
    ///
    /// # Errors
    /// [`PushFault`]
    pub fn open(&self, query: &PushQuery, body: &[u8]) -> Result<Value, PushFault> {
        match self.mode {
            PushMode::Plain => {
                if !self.has_signed(&[&query.timestamp, &query.nonce], &query.signature) {
                    return Err(PushFault::NotSigned);
                }
                let message = read(body)?;
                // Somebody has changed the mode in the console, and not here.
                if message.get("Encrypt").is_some() { Err(PushFault::NotForUs) } else { Ok(message) }
            }
            // The compatible mode sends both: only what is encrypted is covered by a signature.
            PushMode::Compatible | PushMode::Secure => {
                let envelope = read(body)?;
                let encrypted = envelope.get("Encrypt").and_then(Value::as_str).ok_or(PushFault::NotForUs)?;
                let parts = [query.timestamp.as_str(), &query.nonce, encrypted];
                if !self.has_signed(&parts, &query.msg_signature) {
                    return Err(PushFault::NotSigned);
                }
                read(&self.decrypt(encrypted)?)
            }
        }
    }
}

/// JSON or XML, whichever it is: an object at the top.
fn read(body: &[u8]) -> Result<Value, PushFault> {
    let value = match body.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(body).map_err(|_| PushFault::Unreadable)?,
        Some(b'<') => xml::read(body).ok_or(PushFault::Unreadable)?,
        _ => return Err(PushFault::Unreadable),
    };
    if Value::is_object(&value) { Ok(value) } else { Err(PushFault::Unreadable) }
}
