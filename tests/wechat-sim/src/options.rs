//! How a simulator is to be started.

use std::net::{Ipv4Addr, SocketAddr};

use url::Url;

use crate::clock::ClockMode;
use crate::scan::ScanRule;
use crate::state::templates::SubscribeTemplate;
use crate::state::users::UserSpec;

/// Where the simulator listens, which mini-program it serves, and who uses that.
#[derive(Clone, Debug)]
pub struct SimOptions {
    /// Port 0 takes a free one.
    pub address: SocketAddr,
    /// The mini-program's id.
    pub appid: String,
    /// The mini-program's secret.
    pub secret: String,
    /// Where time comes from.
    pub clock: ClockMode,
    /// The same seed gives the same codes and tokens.
    pub seed: u64,
    /// Who exists from the start.
    pub users: Vec<UserSpec>,
    /// Which subscription templates the mini-program has chosen.
    pub templates: Vec<SubscribeTemplate>,
    /// Which links open the mini-program.
    pub scan_rules: Vec<ScanRule>,
}

impl SimOptions {
    /// Options for a free port of this machine, with the demo users, the machine's time and no scan rules.
    #[must_use]
    pub fn new(appid: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            appid: appid.into(),
            secret: secret.into(),
            clock: ClockMode::System,
            seed: 0,
            users: UserSpec::demo(),
            templates: SubscribeTemplate::demo(),
            scan_rules: Vec::new(),
        }
    }

    /// Opens the mini-program for the links of a service: everything in `c/` under its public address.
    ///
    /// # Errors
    /// A base that cannot carry a path, such as `mailto:`.
    pub fn with_public_url(mut self, public_url: &Url) -> Result<Self, url::ParseError> {
        let mut folder = public_url.clone();
        folder
            .path_segments_mut()
            .map_err(|()| url::ParseError::RelativeUrlWithCannotBeABaseBase)?
            .pop_if_empty()
            .extend(["c", ""]);
        self.scan_rules = vec![ScanRule::published(folder)];
        Ok(self)
    }
}
