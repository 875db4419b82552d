//! The calls to WeChat that the service makes.

use std::fmt;
use std::time::Duration;

use chrono::TimeDelta;
use domain::text::Phone;
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use url::Url;

use super::access_token::{AccessToken, Grant, TokenCache};
use super::codes::{LoginCode, PhoneCode};
use super::error::WeChatError;
use super::{http_client, wire};
use crate::clock::SharedClock;
use crate::config;
use crate::seal::sha256;

/// How long the user behind a login code is remembered. A phone on a bad network repeats its
/// login; WeChat would answer the second time that the code has been used.
const LOGIN_MEMORY: Duration = Duration::from_secs(60);
/// The most logins remembered: some megabytes.
const LOGINS_REMEMBERED: u64 = 20_000;
/// The pause before asking again, when WeChat gives the very token that it has just refused.
const SAME_TOKEN_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// Who has logged in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WeChatUser {
    /// The user within our mini-program.
    pub openid: String,
    /// The user across mini-programs of one owner, if there is more than one.
    #[serde(default)]
    pub unionid: Option<String>,
    // WeChat's `session_key` is dropped here: nothing needs it, so nothing can lose it.
}

/// The client. One for the process: it keeps connections and the access token.
pub struct WeChat {
    http: reqwest::Client,
    base: Url,
    appid: String,
    secret: SecretString,
    tokens: TokenCache,
    logins: Cache<Vec<u8>, WeChatUser>,
    pub(super) same_token_pause: TimeDelta,
}

impl fmt::Debug for WeChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeChat").field("base", &self.base.as_str()).field("appid", &self.appid).finish()
    }
}

impl WeChat {
    /// A client of the configured server; it connects when first used.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(config: &config::WeChat, clock: SharedClock) -> Result<Self, WeChatError> {
        Ok(Self {
            http: http_client(config).map_err(WeChatError::from_reqwest)?,
            base: config.base_url.clone(),
            appid: config.appid.clone(),
            secret: config.secret.clone(),
            tokens: TokenCache::new(clock),
            logins: Cache::builder().max_capacity(LOGINS_REMEMBERED).time_to_live(LOGIN_MEMORY).build(),
            same_token_pause: SAME_TOKEN_PAUSE,
        })
    }

    /// The mini-program, if one is configured.
    ///
    /// # Errors
    /// [`WeChatError::NotConfigured`].
    pub fn appid(&self) -> Result<&str, WeChatError> {
        if self.appid.is_empty() { Err(WeChatError::NotConfigured) } else { Ok(&self.appid) }
    }

    /// Who `wx.login` gave this code to.
    ///
    /// WeChat is asked once: after a failure on the way the code may be used up, and only a new
    /// one helps. The same code within a minute gets the same user without asking.
    ///
    /// # Errors
    /// WeChat does not take the code, blocks the user, or does not answer.
    pub async fn login(&self, code: &LoginCode) -> Result<WeChatUser, WeChatError> {
        let appid = self.appid()?;
        let ask = async {
            let query = [
                ("appid", appid),
                ("secret", self.secret.expose_secret()),
                ("js_code", code.as_str()),
                ("grant_type", "authorization_code"),
            ];
            wire::send(self.http.get(self.url("/sns/jscode2session")).query(&query)).await
        };
        let key = sha256(code.as_str().as_bytes());
        self.logins.try_get_with(key, ask).await.map_err(|error| WeChatError::clone(&error))
    }

    /// The phone number that the user `openid` has shared by this code. WeChat checks that code
    /// and user belong together, so nobody binds somebody else's number. A mainland number comes
    /// without its country code.
    ///
    /// # Errors
    /// WeChat does not take the code for this user, or does not answer.
    pub async fn phone_number(&self, code: &PhoneCode, openid: &str) -> Result<Phone, WeChatError> {
        let body = json!({ "code": code.as_str(), "openid": openid });
        let answer: PhoneAnswer = self.post("/wxa/business/getuserphonenumber", &body).await?;
        let PhoneInfo { pure_phone_number, country_code, watermark } = answer.phone_info;
        let number = match country_code.as_str() {
            "86" => pure_phone_number,
            abroad => format!("{abroad}{pure_phone_number}"),
        };
        let ours = watermark.appid == self.appid;
        Phone::parse(&number).filter(|_| ours).ok_or(WeChatError::UnusablePhone)
    }

    /// Calls an API that takes the access token. A token that is refused is replaced, and the call
    /// made again, once.
    ///
    /// # Errors
    /// Those of WeChat.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, WeChatError> {
        let token = self.token().await?;
        match self.post_with(&token, path, body).await {
            Err(error) if error.is_stale_token() => {
                let token = self.token_after(&token, &error).await?;
                self.post_with(&token, path, body).await
            }
            result => result,
        }
    }

    async fn post_with<T: DeserializeOwned>(
        &self,
        token: &AccessToken,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, WeChatError> {
        let query = [("access_token", token.expose())];
        wire::send(self.http.post(self.url(path)).query(&query).json(body)).await
    }

    pub(super) async fn token(&self) -> Result<AccessToken, WeChatError> {
        self.tokens.get(|| self.fetch_token()).await
    }

    /// Another token than the one that was refused. When WeChat gives the same again, waits and
    /// asks a second time, then gives up: somebody must look at it.
    async fn token_after(
        &self,
        refused: &AccessToken,
        error: &WeChatError,
    ) -> Result<AccessToken, WeChatError> {
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
            "appid": self.appid()?,
            "secret": self.secret.expose_secret(),
            "force_refresh": false,
        });
        wire::send(self.http.post(self.url("/cgi-bin/stable_token")).json(&body)).await
    }

    /// The address of an API, also below a base with a path (a gateway).
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }
}

#[derive(Deserialize)]
struct PhoneAnswer {
    phone_info: PhoneInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhoneInfo {
    pure_phone_number: String,
    country_code: String,
    watermark: Watermark,
}

#[derive(Deserialize)]
struct Watermark {
    appid: String,
}
