//! Content safety (内容安全): is a text or a picture fit to be shown to others.
//!
//! WeChat checks only what comes from somebody who opened the mini-program in the last two hours.

use serde::Deserialize;
use serde_json::json;

use super::{WeChat, WeChatError};

/// The version of both calls. The first one has been frozen since 2021.
const VERSION: u8 = 2;
/// 1 profile, 2 comment, 3 forum, 4 social log: a report to an office is nearest to a comment.
const SCENE: u8 = 2;
/// The kind of a picture among media.
const IMAGE: u8 = 2;

/// What WeChat thinks of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggestion {
    /// It is fine.
    Pass,
    /// It is not sure.
    Review,
    /// It breaks a rule.
    Risky,
}

/// What WeChat thinks of a text, and of what kind it takes it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it is fine.
    pub suggestion: Suggestion,
    /// 100 is nothing in particular.
    pub label: Option<i64>,
}

impl Suggestion {
    /// The word as WeChat sends it. A new word is no reason to show something.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "pass" => Self::Pass,
            "risky" => Self::Risky,
            _ => Self::Review,
        }
    }
}

/// Only `result` decides: `detail` has parts without a verdict.
#[derive(Deserialize)]
struct TextAnswer {
    result: TextResult,
}

#[derive(Deserialize)]
struct TextResult {
    suggest: String,
    #[serde(default)]
    label: Option<i64>,
}

#[derive(Deserialize)]
struct PictureAnswer {
    trace_id: String,
}

impl WeChat {
    /// What WeChat thinks of a text of at most 2,500 characters that the user `openid` wrote.
    ///
    /// # Errors
    /// WeChat does not check for this user, has no time, or does not answer.
    pub async fn check_text(&self, openid: &str, text: &str) -> Result<Judgement, WeChatError> {
        let body = json!({ "content": text, "version": VERSION, "scene": SCENE, "openid": openid });
        let TextAnswer { result } = self.post("/wxa/msg_sec_check", &body).await?;
        Ok(Judgement { suggestion: Suggestion::of(&result.suggest), label: result.label })
    }

    /// Lets WeChat fetch and check a picture that the user `openid` sent. The result comes as a push, within
    /// half an hour, with the trace that is given here; it may come before this answer.
    ///
    /// # Errors
    /// WeChat does not check for this user, has no time, or does not answer.
    pub async fn check_picture(&self, openid: &str, url: &str) -> Result<String, WeChatError> {
        let body = json!({
            "media_url": url, "media_type": IMAGE, "version": VERSION, "scene": SCENE, "openid": openid,
        });
        let answer: PictureAnswer = self.post("/wxa/media_check_async", &body).await?;
        Ok(answer.trace_id)
    }
}
