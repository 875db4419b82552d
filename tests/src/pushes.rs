//! WeChat's message push in a story: entered in the console, and sent when the story says so.

use wechat_sim::{Delivery, PushFormat, PushMode, PushTarget};

use crate::App;

/// The token in the console.
pub(crate) const PUSH_TOKEN: &str = "T0kenOfStories";
/// EncodingAESKey in the console; its last character carries bits that mean nothing, as most real ones do.
pub(crate) const PUSH_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

impl App {
    /// What an operator enters in WeChat's console.
    ///
    /// # Panics
    /// The address is none.
    #[must_use]
    pub fn push_target(&self, mode: PushMode, format: PushFormat) -> PushTarget {
        PushTarget {
            url: format!("{}/wechat/callback", self.base()).parse().expect("a URL"),
            token: PUSH_TOKEN.to_owned(),
            aes_key: PUSH_KEY.to_owned(),
            mode,
            format,
        }
    }

    /// Enters the service as the receiver of pushes, encrypted, as JSON; and lets WeChat find the service
    /// behind its public address.
    ///
    /// # Panics
    /// The service does not answer WeChat's question rightly.
    pub async fn configure_push(&self) {
        let target = self.push_target(PushMode::Secure, PushFormat::Json);
        self.wechat().configure_push(target).await.unwrap_or_else(|error| panic!("{error}"));
        self.wechat().set_host("https://m.example", self.base());
    }

    /// Lets WeChat fetch what it was given and send what is due; how that went.
    ///
    /// # Panics
    /// The simulator can't call.
    pub async fn deliver_pushes(&self) -> Vec<Delivery> {
        self.wechat().deliver().await.unwrap_or_else(|error| panic!("{error}"))
    }
}
