//! What WeChat's message push (消息推送) was set up with in its console.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::wechat::decode_aes_key;

/// How messages come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushMode {
    /// 明文模式: nothing protects what is said. Only for trying out.
    Plain,
    /// 兼容模式: plain and encrypted; only what is encrypted is read.
    Compatible,
    /// 安全模式: encrypted.
    Secure,
}

/// The message push of the mini-program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct WeChatPush {
    pub token: SecretString,
    pub aes_key: SecretString,
    pub mode: PushMode,
}

impl WeChatPush {
    /// Whether there is one.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        !self.token.expose_secret().is_empty()
    }

    pub(super) fn check(&self, appid: &str, problems: &mut Vec<String>) {
        let (token, key) = (self.token.expose_secret(), self.aes_key.expose_secret());
        if token.is_empty() {
            if !key.is_empty() {
                problems.push("wechat.push.aes_key needs wechat.push.token".to_owned());
            }
            return;
        }
        if appid.is_empty() {
            problems.push("wechat.push needs wechat.appid: messages name the mini-program".to_owned());
        }
        let plain = token.bytes().all(|b| b.is_ascii_alphanumeric());
        if !plain || !(3..=32).contains(&token.len()) {
            problems
                .push("wechat.push.token must be 3 to 32 letters and digits, as in the console".to_owned());
        }
        if self.mode != PushMode::Plain && decode_aes_key(key).is_none() {
            problems
                .push("wechat.push.aes_key must be the 43 letters and digits of EncodingAESKey".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(token: &str, aes_key: &str, mode: PushMode, appid: &str) -> usize {
        let push = WeChatPush { token: token.into(), aes_key: aes_key.into(), mode };
        let mut problems = Vec::new();
        push.check(appid, &mut problems);
        assert!(
            problems.iter().all(|it| aes_key.is_empty() || !it.contains(aes_key)),
            "a secret was printed"
        );
        problems.len()
    }

    #[test]
    fn token_key_and_appid_belong_together() {
        let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        assert_eq!(problems("", "", PushMode::Secure, ""), 0);
        assert_eq!(problems("AAAAA", key, PushMode::Secure, "wx1"), 0);
        assert_eq!(problems("AAAAA", "", PushMode::Plain, "wx1"), 0);
        for (token, aes_key, mode, appid) in [
            ("", key, PushMode::Secure, "wx1"),
            ("AAAAA", key, PushMode::Secure, ""),
            ("AAAAA", "", PushMode::Secure, "wx1"),
            ("AAAAA", &key[1..], PushMode::Compatible, "wx1"),
            ("AA", key, PushMode::Secure, "wx1"),
            ("token with blanks", key, PushMode::Secure, "wx1"),
        ] {
            assert_eq!(problems(token, aes_key, mode, appid), 1, "{token} {mode:?} {appid}");
        }
    }
}
