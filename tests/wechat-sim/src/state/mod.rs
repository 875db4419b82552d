//! Everything the simulated servers remember, in memory. Knows no HTTP and no clock: time comes in.

pub(crate) mod app;
pub(crate) mod calls;
pub(crate) mod codes;
pub(crate) mod groups;
pub(crate) mod links;
pub(crate) mod quotas;
pub(crate) mod settings;
pub(crate) mod subscriptions;
pub(crate) mod templates;
pub(crate) mod tokens;
pub(crate) mod users;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

use crate::faults::Faults;
use crate::push::Pushes;
use crate::random::Random;
use crate::scan::ScanRule;

/// The world of one mini-program, as WeChat's servers see it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) app: app::App,
    pub(crate) settings: settings::Settings,
    pub(crate) tokens: tokens::Tokens,
    pub(crate) users: users::Users,
    pub(crate) codes: codes::Codes,
    pub(crate) groups: groups::Groups,
    pub(crate) subscriptions: subscriptions::Subscriptions,
    pub(crate) links: links::Links,
    pub(crate) quotas: quotas::Quotas,
    pub(crate) calls: calls::Calls,
    pub(crate) faults: Faults,
    pub(crate) scan_rules: Vec<ScanRule>,
    pub(crate) pushes: Pushes,
    pub(crate) random: Random,
}

impl World {
    /// The file by which the owner of a link shows that it is his: its name and what stands in it, always the
    /// same for a mini-program.
    pub(crate) fn proof_file(&self) -> (String, String) {
        let hex = HEXLOWER.encode(digest(&SHA256, self.app.appid.as_bytes()).as_ref());
        let (name, content) = hex.split_at(10);
        (format!("{name}.txt"), content.chars().take(32).collect())
    }
}
