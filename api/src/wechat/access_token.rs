//! The access token: one for the whole process, fetched by one task at a time.
//!
//! It is safe to run in many processes: in its normal mode `stable_token` gives all of them the same
//! token. It never asks for a forced refresh, which would kill the token of everybody else.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::error::WeChatError;
use crate::clock::SharedClock;

/// WeChat's own overlap: so long before its end a token is replaced by a new one.
const OVERLAP: TimeDelta = TimeDelta::seconds(300);
/// However short a token is said to live, it is kept this long: no storm of fetches.
const SHORTEST_USE: TimeDelta = TimeDelta::seconds(30);

/// WeChat's answer to a fetch.
#[derive(Debug, Deserialize)]
pub(super) struct Grant {
    access_token: SecretString,
    /// Seconds.
    expires_in: i64,
}

/// A token in use. Two are the same if their text is.
#[derive(Debug, Clone)]
pub(super) struct AccessToken(SecretString);

impl AccessToken {
    /// The text, for the query of a call.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

#[derive(Debug)]
struct Held {
    token: AccessToken,
    valid_until: DateTime<Utc>,
}

/// What the last fetches left.
#[derive(Debug, Default)]
struct Slot {
    held: Option<Held>,
    /// The failure of the last fetch, if it failed.
    failure: Option<WeChatError>,
}

/// Keeps the token.
#[derive(Debug)]
pub(super) struct TokenCache {
    clock: SharedClock,
    /// Held over a fetch: others wait for its result instead of fetching too.
    slot: Mutex<Slot>,
    /// Fetches that have ended.
    fetched: AtomicU64,
}

impl TokenCache {
    pub(super) fn new(clock: SharedClock) -> Self {
        Self { clock, slot: Mutex::default(), fetched: AtomicU64::new(0) }
    }

    /// The token, fetched if there is none or it is old.
    ///
    /// # Errors
    /// Those of the fetch, also when another task made it while this one waited.
    pub(super) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> Result<AccessToken, WeChatError>
    where
        F: Future<Output = Result<Grant, WeChatError>>,
    {
        let fetched_before = self.fetched.load(Ordering::SeqCst);
        let mut slot = self.slot.lock().await;
        if let Some(held) = &slot.held
            && self.clock.now() < held.valid_until
        {
            return Ok(held.token.clone());
        }
        if let Some(failure) = &slot.failure
            && self.fetched.load(Ordering::SeqCst) != fetched_before
        {
            return Err(failure.clone());
        }
        let granted = fetch().await;
        self.fetched.fetch_add(1, Ordering::SeqCst);
        match granted {
            Ok(grant) => {
                let life = TimeDelta::try_seconds(grant.expires_in).unwrap_or(SHORTEST_USE) - OVERLAP;
                let token = AccessToken(grant.access_token);
                let valid_until = self.clock.now() + life.max(SHORTEST_USE);
                *slot = Slot { held: Some(Held { token: token.clone(), valid_until }), failure: None };
                Ok(token)
            }
            Err(error) => {
                *slot = Slot { held: None, failure: Some(error.clone()) };
                Err(error)
            }
        }
    }

    /// Forgets the token that a call was refused with, unless another has come since: a crowd of
    /// refused calls must not throw away the fresh one.
    pub(super) async fn expire(&self, refused: &AccessToken) {
        let mut slot = self.slot.lock().await;
        slot.held.take_if(|held| held.token.is(refused));
    }
}
