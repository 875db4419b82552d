//! The mini-programs of this deployment: usually one; a committee may have one of its own.
//!
//! An openid means something in its own mini-program only, so whoever calls for somebody takes the client
//! of the mini-program that he came in by: [`MiniPrograms::of`] with the `appid` of his identity.

use std::collections::HashMap;

use domain::ids::CommitteeId;

use super::client::WeChat;
use super::error::WeChatError;
use super::http_client;
use crate::clock::SharedClock;
use crate::config;

/// The clients of all mini-programs.
#[derive(Debug)]
pub struct MiniPrograms {
    apps: Vec<WeChat>,
    /// Positions in `apps`.
    by_committee: HashMap<CommitteeId, usize>,
}

impl MiniPrograms {
    /// The clients that the configuration describes. They share their connections, and nothing else.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(config: &config::WeChat, clock: &SharedClock) -> Result<Self, WeChatError> {
        let http = http_client(config).map_err(WeChatError::from_reqwest)?;
        let mut programs = Self { apps: Vec::new(), by_committee: HashMap::new() };
        for app in config.mini_programs() {
            let position = programs.apps.len();
            programs.by_committee.extend(app.committees.iter().map(|id| (CommitteeId(*id), position)));
            programs.apps.push(WeChat::new(config, app, http.clone(), clock.clone()));
        }
        Ok(programs)
    }

    /// All of them; the first is the one that serves whoever has none of his own.
    #[must_use]
    pub fn all(&self) -> &[WeChat] {
        &self.apps
    }

    /// The mini-program that serves whoever has none of his own.
    ///
    /// # Errors
    /// [`WeChatError::NotConfigured`].
    pub fn main(&self) -> Result<&WeChat, WeChatError> {
        self.apps.first().ok_or(WeChatError::NotConfigured)
    }

    /// The mini-program of this id.
    ///
    /// # Errors
    /// [`WeChatError::UnknownApp`], or [`WeChatError::NotConfigured`] when there is none at all.
    pub fn of(&self, appid: &str) -> Result<&WeChat, WeChatError> {
        self.main()?;
        let found = self.apps.iter().find(|app| app.appid() == appid);
        found.ok_or_else(|| WeChatError::UnknownApp { appid: appid.to_owned() })
    }

    /// The mini-program that a committee's posters open.
    ///
    /// # Errors
    /// [`WeChatError::NotConfigured`].
    pub fn of_committee(&self, id: CommitteeId) -> Result<&WeChat, WeChatError> {
        let own = self.by_committee.get(&id).and_then(|position| self.apps.get(*position));
        own.map_or_else(|| self.main(), Ok)
    }
}
