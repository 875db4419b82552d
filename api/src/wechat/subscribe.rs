//! `subscribe/send`: a subscription message to one user. WeChat does not notice repetitions, so that a call
//! whose answer was lost must never be made again; here it is told apart from one that surely did nothing.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::WeChat;
use super::error::{Refusal, WeChatError};

/// A message, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribeMessage {
    /// To whom.
    pub openid: String,
    /// Which template.
    pub template_id: String,
    /// The page that opens, if any.
    pub page: Option<String>,
    /// The values by the names of the fields.
    pub data: BTreeMap<String, String>,
    /// Which version of the mini-program opens.
    pub miniprogram_state: &'static str,
}

/// Why a message was not sent, or may not have been.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SendError {
    /// The call was not made: WeChat has done nothing.
    #[error("the message was not sent")]
    NotSent(#[source] WeChatError),
    /// WeChat refused: it has done nothing.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The answer was lost: WeChat may have delivered it.
    #[error("whether the message was sent is not known")]
    Unknown(#[source] WeChatError),
}

#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    msgid: Option<Value>,
}

impl WeChat {
    /// Sends one message. Answers with WeChat's name for it, which not every mini-program gets.
    ///
    /// # Errors
    /// [`SendError`], which says whether it may be tried again.
    pub async fn send_subscribed(&self, message: &SubscribeMessage) -> Result<Option<String>, SendError> {
        // First of all: without a token there is no call, and nothing to be unsure of.
        self.token().await.map_err(SendError::NotSent)?;
        let data: BTreeMap<&str, Value> =
            message.data.iter().map(|(name, value)| (name.as_str(), json!({ "value": value }))).collect();
        let mut body = json!({
            "touser": message.openid,
            "template_id": message.template_id,
            "data": data,
            "miniprogram_state": message.miniprogram_state,
            "lang": "zh_CN",
        });
        if let (Some(page), Some(body)) = (&message.page, body.as_object_mut()) {
            body.insert("page".to_owned(), json!(page));
        }
        let sent: Sent = self.post("/cgi-bin/message/subscribe/send", &body).await.map_err(fate)?;
        Ok(sent.msgid.and_then(|name| match name {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text.chars().take(64).collect()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }))
    }
}

/// What a failure says of the message.
pub(super) fn fate(error: WeChatError) -> SendError {
    match error {
        WeChatError::Refused(refusal) => SendError::Refused(refusal),
        lost if lost.may_have_worked() => SendError::Unknown(lost),
        not_made => SendError::NotSent(not_made),
    }
}
