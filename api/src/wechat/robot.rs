//! Robots of groups in 企业微信: a webhook whose address is its key, and which speaks WeChat's dialect.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::error::WeChatError;
use super::http::http_client;
use super::subscribe::{SendError, fate};
use super::wire;
use crate::config;

/// Speaks in groups. One for the process: it keeps connections.
#[derive(Debug, Clone)]
pub struct GroupRobots {
    http: reqwest::Client,
}

#[derive(Deserialize)]
struct Said {}

impl GroupRobots {
    /// With the time-outs of the client.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(config: &config::WeChat) -> Result<Self, WeChatError> {
        Ok(Self { http: http_client(config).map_err(WeChatError::from_reqwest)? })
    }

    /// Says a text in the group of this webhook.
    ///
    /// # Errors
    /// [`SendError`], which says whether it may be tried again.
    pub async fn say(&self, webhook: &SecretString, text: &str) -> Result<(), SendError> {
        let body = json!({ "msgtype": "text", "text": { "content": text } });
        let request = self.http.post(webhook.expose_secret()).json(&body);
        let said: Result<Said, WeChatError> =
            wire::exchange(request).await.and_then(|answer| wire::read(&answer));
        said.map(|Said {}| ()).map_err(fate)
    }
}
