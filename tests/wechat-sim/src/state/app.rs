//! The mini-program's identity, and who may act in its name.

use std::net::IpAddr;

use crate::state::settings::Settings;
use crate::wire::Refusal;

/// The one mini-program that this simulator serves.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) appid: String,
    pub(crate) secret: String,
}

impl App {
    /// Checks the appid and secret of a call: missing first, then wrong.
    pub(crate) fn check(
        &self,
        appid: Option<&str>,
        secret: Option<&str>,
        settings: &Settings,
    ) -> Result<(), Refusal> {
        let appid = appid.ok_or(Refusal::new(41002))?;
        let secret = secret.ok_or(Refusal::new(41004))?;
        self.check_appid(appid)?;
        if settings.secret_frozen {
            return Err(Refusal::new(40243));
        }
        if secret == self.secret { Ok(()) } else { Err(Refusal::new(40125)) }
    }

    pub(crate) fn check_appid(&self, appid: &str) -> Result<(), Refusal> {
        if appid == self.appid { Ok(()) } else { Err(Refusal::new(40013)) }
    }
}

/// Checks the caller's address, which only the token APIs do.
pub(crate) fn check_address(peer: IpAddr, settings: &Settings) -> Result<(), Refusal> {
    match &settings.ip_whitelist {
        Some(allowed) if !allowed.contains(&peer) => {
            let mapped = match peer {
                IpAddr::V4(v4) => v4.to_ipv6_mapped(),
                IpAddr::V6(v6) => v6,
            };
            Err(Refusal::saying(40164, format!("invalid ip {peer} ipv6 {mapped}, not in whitelist")))
        }
        _ => Ok(()),
    }
}
