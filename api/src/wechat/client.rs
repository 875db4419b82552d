//! The client of one mini-program: who it is, its connections and its access token.
//!
//! How a call is made stands in `call.rs`; what is called, in a file for each family of calls.

use std::fmt;
use std::time::Duration;

use chrono::TimeDelta;
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::access_token::{AccessToken, Grant, TokenCache};
use super::error::WeChatError;
use super::login::WeChatUser;
use super::pace::Pace;
use super::policy;
use super::templates::Template;
use crate::clock::SharedClock;
use crate::config::{self, MiniProgram};

/// How long the user behind a login code is remembered. A phone on a bad network repeats its
/// login; WeChat would answer the second time that the code has been used.
const LOGIN_MEMORY: Duration = Duration::from_secs(60);
/// The most logins remembered: some megabytes.
const LOGINS_REMEMBERED: u64 = 20_000;
/// How long the templates of messages are believed; WeChat lets them be asked for a few times a day.
const TEMPLATES_MEMORY: Duration = Duration::from_secs(3600);
/// The pause before asking again, when WeChat gives the very token that it has just refused.
const SAME_TOKEN_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// The client of one mini-program. One for the process: it keeps the access token and the pace.
pub struct WeChat {
    pub(super) http: reqwest::Client,
    pub(super) base: Url,
    pub(super) appid: String,
    pub(super) secret: SecretString,
    pub(super) timeout: Duration,
    pub(super) picture_timeout: Duration,
    pub(super) pace: Pace,
    pub(super) logins: Cache<Vec<u8>, WeChatUser>,
    pub(super) templates: Cache<(), Vec<Template>>,
    tokens: TokenCache,
    pub(super) same_token_pause: TimeDelta,
}

impl fmt::Debug for WeChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeChat")
            .field("host", &self.base.host_str())
            .field("appid", &self.appid)
            .finish_non_exhaustive()
    }
}

impl WeChat {
    /// A client of the configured server for one mini-program; it connects when first used.
    pub(super) fn new(
        config: &config::WeChat,
        app: MiniProgram,
        http: reqwest::Client,
        clock: SharedClock,
    ) -> Self {
        Self {
            http,
            base: app.base_url.unwrap_or_else(|| config.base_url.clone()),
            appid: app.appid,
            secret: app.secret,
            timeout: Duration::from_millis(config.timeout_ms),
            picture_timeout: Duration::from_millis(config.picture_timeout_ms),
            pace: Pace::new(clock.clone()),
            logins: Cache::builder().max_capacity(LOGINS_REMEMBERED).time_to_live(LOGIN_MEMORY).build(),
            templates: Cache::builder().max_capacity(1).time_to_live(TEMPLATES_MEMORY).build(),
            tokens: TokenCache::new(clock),
            same_token_pause: SAME_TOKEN_PAUSE,
        }
    }

    /// The mini-program.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// Whether WeChat gives us an access token: appid and secret are right, and our address is allowed.
    ///
    /// # Errors
    /// Those of WeChat.
    pub async fn check_token(&self) -> Result<(), WeChatError> {
        self.token().await.map(|_| ())
    }

    pub(super) async fn token(&self) -> Result<AccessToken, WeChatError> {
        self.tokens.get(|| self.fetch_token()).await
    }

    /// Another token than the one that was refused. When WeChat gives the same again, waits and
    /// asks a second time, then gives up: somebody must look at it.
    pub(super) async fn token_after(
        &self,
        refused: &AccessToken,
        error: &WeChatError,
    ) -> Result<AccessToken, WeChatError> {
        let errcode = error.refusal().map(|refusal| refusal.code);
        tracing::info!(
            appid = self.appid,
            errcode,
            "WeChat refused the access token; it is asked for another"
        );
        self.tokens.expire(refused).await;
        let token = self.token().await?;
        if !token.is(refused) {
            return Ok(token);
        }
        tokio::time::sleep(self.same_token_pause.to_std().unwrap_or_default()).await;
        self.tokens.expire(refused).await;
        let token = self.token().await?;
        if token.is(refused) { Err(error.clone()) } else { Ok(token) }
    }

    async fn fetch_token(&self) -> Result<Grant, WeChatError> {
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret.expose_secret(),
            "force_refresh": false,
        });
        let api = policy::of("/cgi-bin/stable_token");
        self.call(api, || self.http.post(self.url(api.path)).json(&body)).await
    }

    /// The address of an API, also below a base with a path (a gateway).
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }
}
