//! The drivers of pushes as plain calls.

use serde_json::{Value, json};

use super::{Delivery, MediaOutcome, PushOptions};
use crate::handle::{DriverError, SimHandle};

impl SimHandle {
    /// With which oddities pushes arrive from now on.
    pub fn set_push_options(&self, options: PushOptions) {
        self.world().pushes.options = options;
    }

    /// What is found of pictures that are handed in from now on.
    pub fn set_media_outcome(&self, outcome: MediaOutcome) {
        self.world().pushes.outcome = outcome;
    }

    /// Says where a public address is in truth, as a name server would.
    pub fn set_host(&self, public: &str, real: &str) {
        let mut world = self.world();
        world.pushes.hosts.retain(|(known, _)| known != public);
        world.pushes.hosts.push((public.to_owned(), real.to_owned()));
    }

    /// How pushes went so far.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world().pushes.log.clone()
    }

    /// The links of the pictures that wait to be fetched.
    #[must_use]
    pub fn picture_links(&self) -> Vec<String> {
        self.world().pushes.media.iter().map(|job| job.url.clone()).collect()
    }

    /// Lets any event wait to be sent. `from` is the sender's openid.
    pub fn push_event(&self, from: &str, event: &str, members: Value) {
        let now = self.now();
        self.world().pushes.enqueue(from, event, members, now);
    }

    /// Somebody takes consents back, by WeChat's numbers.
    ///
    /// # Errors
    /// [`DriverError::NoSuchUser`].
    pub fn revoke(&self, user: &str, info: &[u32]) -> Result<(), DriverError> {
        let numbers: Vec<String> = info.iter().map(u32::to_string).collect();
        self.authorization(user, "user_authorization_revoke", json!(numbers.join(",")))
    }

    /// Somebody changes the name or the picture.
    ///
    /// # Errors
    /// [`DriverError::NoSuchUser`].
    pub fn modify_info(&self, user: &str) -> Result<(), DriverError> {
        self.authorization(user, "user_info_modified", json!("6"))
    }

    /// Somebody leaves WeChat.
    ///
    /// # Errors
    /// [`DriverError::NoSuchUser`].
    pub fn cancel(&self, user: &str) -> Result<(), DriverError> {
        self.authorization(user, "user_authorization_cancellation", json!(""))
    }

    /// The person stands in `OpenID`; the sender is the platform.
    fn authorization(&self, user: &str, event: &str, info: Value) -> Result<(), DriverError> {
        let openid = self.user(user)?.openid;
        let now = self.now();
        let mut world = self.world();
        let members = json!({
            "OpenID": openid, "AppID": world.app.appid, "RevokeInfo": info, "PluginID": "", "OpenPID": "",
        });
        world.pushes.enqueue("o4_t144jTUSEoxydysUA2E234_tc", event, members, now);
        Ok(())
    }

    /// WeChat punishes the mini-program: 1 warning, 2 functions banned, 3 taken down, 4 account banned, 10 page
    /// banned.
    pub fn punish(&self, kind: u32, reason: &str) {
        let now = self.now();
        let members = json!({
            "event_type": kind, "punish_id": format!("p{}", now.timestamp()), "punish_time": now.timestamp(),
            "illegal_reason": reason, "illegal_content": "首页", "rule_name": "内容规范",
            "rule_url": "https://developers.weixin.qq.com/rule", "adjust_guide_url": "https://developers.weixin.qq.com/guide",
            "detail": "{}",
        });
        self.push_event("o4_t144jTUSEoxydysUA2E234_tc", "wxa_punish_event", members);
    }
}
