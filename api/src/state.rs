//! What every request and every job can reach: one value, put together once.

use std::sync::Arc;

use anyhow::Context;

use crate::auth::{Accounts, Passwords, SecondFactor, Tokens};
use crate::cache::{Cache, Redis};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::ids::Ids;
use crate::jobs::Wake;
use crate::limits::Limiter;
use crate::media::{Darkroom, Files};
use crate::presence::Presence;
use crate::printing::Printing;
use crate::seal::Sealer;
use crate::service::board::Boards;
use crate::service::scan_counter::ScanCounter;
use crate::service::terms::Calendars;
use crate::service::unknown_codes::UnknownScans;
use crate::sms::{self, SmsProvider};
use crate::store::Database;
use crate::wechat::{GroupRobots, MiniPrograms, PushKeys};

/// The parts of a running service.
#[derive(Debug)]
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: SharedClock,
    /// Ids and random draws.
    pub ids: Ids,
    /// The database.
    pub db: Database,
    /// What is read often and changes seldom.
    pub cache: Cache,
    /// Who has which case open.
    pub presence: Presence,
    /// Rate limits.
    pub limiter: Limiter,
    /// Seals personal data and kept answers.
    pub sealer: Sealer,
    /// Makes and checks access tokens.
    pub tokens: Tokens,
    /// Who may do what, as every request asks.
    pub accounts: Accounts,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Checks the codes of the second factor.
    pub second_factor: SecondFactor,
    /// WeChat, by mini-program.
    pub wechat: MiniPrograms,
    /// What WeChat's pushes are recognised by, where there is a message push.
    pub push_keys: Option<Arc<PushKeys>>,
    /// Robots that speak in groups of staff.
    pub robots: GroupRobots,
    /// Who sends text messages, where anybody does.
    pub sms: Option<Arc<dyn SmsProvider>>,
    /// Where pictures are developed.
    pub darkroom: Darkroom,
    /// Where posters are drawn.
    pub printing: Printing,
    /// The files of pictures.
    pub files: Files,
    /// The keys that sign printed codes.
    pub code_keys: qr::TokenKeys,
    /// Scans that are not in the database yet.
    pub scans: ScanCounter,
    /// Scans of tokens that nobody issued, not in the database yet.
    pub unknown_scans: UnknownScans,
    /// The working days.
    pub calendars: Calendars,
    /// What cases are routed by.
    pub boards: Boards,
    /// The bell of the job runner.
    pub jobs: Wake,
}

/// The shared handle to all parts.
pub type AppState = Arc<Parts>;

impl Parts {
    /// Puts the parts together around a database that has our schema. Redis need not answer.
    ///
    /// # Errors
    /// A setting can't be used.
    pub fn assemble(config: Config, clock: SharedClock, ids: Ids, db: Database) -> anyhow::Result<AppState> {
        let redis = Redis::from_config(&config.cache).context("reading cache.redis_url")?;
        Ok(Arc::new(Self {
            cache: Cache::new(&config.cache, clock.clone(), redis.clone()),
            presence: Presence::new(clock.clone(), redis.clone()),
            limiter: Limiter::new(&config, clock.clone(), redis)?,
            sealer: Sealer::new(&config.secrets).context("reading secrets.data_keys")?,
            tokens: Tokens::new(&config.auth)?,
            accounts: Accounts::default(),
            passwords: Passwords::new(&config.auth)?,
            second_factor: SecondFactor::default(),
            wechat: MiniPrograms::new(&config.wechat, &clock)?,
            push_keys: PushKeys::new(&config.wechat.push, &config.wechat.appid).map(Arc::new),
            robots: GroupRobots::new(&config.wechat)?,
            sms: sms::provider(&config).context("preparing text messages")?,
            darkroom: Darkroom::new(&config.media).context("preparing threads for pictures")?,
            printing: Printing::new().context("preparing the thread for posters")?,
            files: Files::open(&config.storage).context("opening the file storage")?,
            code_keys: config.secrets.token_keys().context("reading secrets.code_keys")?,
            scans: ScanCounter::default(),
            unknown_scans: UnknownScans::default(),
            calendars: Calendars::shipped()?,
            boards: Boards::default(),
            jobs: Wake::default(),
            config,
            clock,
            ids,
            db,
        }))
    }
}
