//! Who somebody is: the login by `wx.login`'s code, and the phone number by the phone button's.

use std::fmt;

use domain::text::Phone;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;

use super::client::WeChat;
use super::codes::{LoginCode, PhoneCode};
use super::error::WeChatError;
use super::policy;
use crate::seal::sha256;

/// Who has logged in.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct WeChatUser {
    /// The user within our mini-program.
    pub openid: String,
    /// The user across mini-programs of one owner, if there is more than one.
    #[serde(default)]
    pub unionid: Option<String>,
    // WeChat's `session_key` is dropped here: nothing needs it, so nothing can lose it.
}

impl fmt::Debug for WeChatUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeChatUser(****)")
    }
}

impl WeChat {
    /// Who `wx.login` gave this code to.
    ///
    /// WeChat is asked once: after a failure on the way the code may be used up, and only a new
    /// one helps. The same code within a minute gets the same user without asking.
    ///
    /// # Errors
    /// WeChat does not take the code, blocks the user, or does not answer.
    pub async fn login(&self, code: &LoginCode) -> Result<WeChatUser, WeChatError> {
        let query = [
            ("appid", self.appid.as_str()),
            ("secret", self.secret.expose_secret()),
            ("js_code", code.as_str()),
            ("grant_type", "authorization_code"),
        ];
        let api = policy::of("/sns/jscode2session");
        let ask = self.call(api, || self.http.get(self.url(api.path)).query(&query));
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
