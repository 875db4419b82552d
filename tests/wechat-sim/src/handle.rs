//! The hand on the simulator: everything the drivers under `/__sim/` can do, as plain calls.
//!
//! A test that runs in the same process uses this directly; the HTTP drivers are a thin skin over it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::clock::Clock;
use crate::endpoints;
use crate::faults::{Fault, FaultKind, Moment, Times};
use crate::options::SimOptions;
use crate::random::Random;
use crate::scan::{self, Opening, ScanRule};
use crate::state::World;
use crate::state::app::App;
use crate::state::quotas::Quota;
use crate::state::settings::Settings;
use crate::state::subscriptions::Subscriptions;
use crate::state::users::{User, UserSpec};

/// The highest risk rank.
const HIGHEST_RANK: u8 = 4;

/// An order that the simulator cannot carry out, with a sentence for the person who gave it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DriverError {
    /// The body is not what the driver takes.
    #[error("the body is not what this driver takes: {0}")]
    Body(String),
    /// Neither a name nor an openid is known.
    #[error("there is no user `{0}`; create one with POST /__sim/user")]
    NoSuchUser(String),
    /// A name of no letters.
    #[error("a user needs a name")]
    NamelessUser,
    /// Two people would share an openid.
    #[error("the openid `{0}` belongs to another user")]
    OpenidTaken(String),
    /// The phone button of somebody without a phone.
    #[error("the user `{0}` has no phone number; give one with POST /__sim/user")]
    NoPhone(String),
    /// A risk rank outside WeChat's scale.
    #[error("the risk rank is 0 to 4, not {0}")]
    RiskRank(u8),
    /// The path of no API.
    #[error("there is no API `{0}`; there are {known}", known = endpoints::paths().collect::<Vec<_>>().join(", "))]
    NoSuchApi(String),
    /// A fault that would never strike.
    #[error("`times` is at least 1, or \"forever\"")]
    NoTimes,
    /// A refusal that is no refusal.
    #[error("`errcode` is not 0: that is how WeChat says yes")]
    SuccessIsNoFault,
    /// A fault at a moment that it does not know.
    #[error("this fault cannot strike {0}")]
    Moment(&'static str),
    /// Something that a camera would not read as a link.
    #[error("`{0}` is not a whole http or https link")]
    NotALink(String),
    /// A receiver of pushes that does not answer as it should.
    #[error("the receiver of pushes is not taken: {0}")]
    Push(String),
    /// No template has this id.
    #[error("there is no template `{0}`; GET /__sim/templates lists them")]
    NoSuchTemplate(String),
    /// A popup that WeChat does not show.
    #[error("the popup fails with {0}")]
    Popup(String),
    /// Time does not go back.
    #[error("time moves forward only, by at most ten years at once: {0} seconds will not do")]
    Advance(i64),
}

/// A shared, cheap-to-clone handle on one simulator.
#[derive(Clone, Debug)]
pub struct SimHandle(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    world: Mutex<World>,
}

impl SimHandle {
    pub(crate) fn new(options: SimOptions) -> Self {
        let mut world = World {
            app: App { appid: options.appid, secret: options.secret },
            settings: Settings::default(),
            tokens: Default::default(),
            users: Default::default(),
            codes: Default::default(),
            subscriptions: Subscriptions::with(options.templates),
            groups: Default::default(),
            links: Default::default(),
            quotas: Default::default(),
            calls: Default::default(),
            faults: Default::default(),
            scan_rules: options.scan_rules,
            pushes: Default::default(),
            random: Random::seeded(options.seed),
        };
        for spec in options.users {
            world.users.put(spec);
        }
        Self(Arc::new(Shared { clock: Clock::new(options.clock), world: Mutex::new(world) }))
    }

    /// The world, locked; a panic elsewhere does not make it unreadable.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The simulator's present.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Moves the simulator's time forward.
    ///
    /// # Errors
    /// [`DriverError::Advance`] for a step back, or one of more than ten years.
    pub fn advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, DriverError> {
        if by < TimeDelta::zero() || by > TimeDelta::days(3653) {
            return Err(DriverError::Advance(by.num_seconds()));
        }
        self.0.clock.advance(by);
        Ok(self.now())
    }

    /// Creates a user, or changes those of its fields that are named.
    ///
    /// # Errors
    /// No name, or an openid that somebody else has.
    pub fn put_user(&self, spec: UserSpec) -> Result<User, DriverError> {
        let mut world = self.world();
        if spec.user.is_empty() {
            return Err(DriverError::NamelessUser);
        }
        if let Some(openid) = &spec.openid
            && world.users.find_by_openid(openid).is_some_and(|other| other.user != spec.user)
        {
            return Err(DriverError::OpenidTaken(openid.clone()));
        }
        Ok(world.users.put(spec))
    }

    /// All users.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.world().users.list()
    }

    /// One user, by name or openid.
    ///
    /// # Errors
    /// [`DriverError::NoSuchUser`].
    pub fn user(&self, user: &str) -> Result<User, DriverError> {
        self.world().users.find_mut(user).cloned().ok_or_else(|| DriverError::NoSuchUser(user.to_owned()))
    }

    /// `wx.login`: the user opens the mini-program and gets a code, good once and for five minutes.
    ///
    /// # Errors
    /// [`DriverError::NoSuchUser`].
    pub fn login(&self, user: &str) -> Result<String, DriverError> {
        self.issue_login(user, None)
    }

    /// As [`Self::login`], but in another mini-program, whose codes this one must refuse.
    ///
    /// # Errors
    /// [`DriverError::NoSuchUser`].
    pub fn login_elsewhere(&self, user: &str, appid: &str) -> Result<String, DriverError> {
        self.issue_login(user, Some(appid))
    }

    fn issue_login(&self, user: &str, elsewhere: Option<&str>) -> Result<String, DriverError> {
        let now = self.now();
        let mut guard = self.world();
        let world = &mut *guard;
        let found = world.users.find_mut(user).ok_or_else(|| DriverError::NoSuchUser(user.to_owned()))?;
        if elsewhere.is_none() {
            found.last_visit_at = Some(now);
            found.session_key = Some(world.random.session_key());
        }
        let code = world.random.login_code();
        let appid = elsewhere.unwrap_or(&world.app.appid);
        world.codes.login.issue(code.clone(), &found.openid, appid, now);
        Ok(code)
    }

    /// The phone button: a code for the user's number, good once and for five minutes.
    ///
    /// # Errors
    /// No such user, or one without a number.
    pub fn phone_code(&self, user: &str) -> Result<String, DriverError> {
        self.issue_phone_code(user, None)
    }

    /// As [`Self::phone_code`], but in another mini-program, whose codes this one must refuse.
    ///
    /// # Errors
    /// No such user, or one without a number.
    pub fn phone_code_elsewhere(&self, user: &str, appid: &str) -> Result<String, DriverError> {
        self.issue_phone_code(user, Some(appid))
    }

    fn issue_phone_code(&self, user: &str, elsewhere: Option<&str>) -> Result<String, DriverError> {
        let now = self.now();
        let mut guard = self.world();
        let world = &mut *guard;
        let found = world.users.find_mut(user).ok_or_else(|| DriverError::NoSuchUser(user.to_owned()))?;
        if found.phone.is_none() {
            return Err(DriverError::NoPhone(found.user.clone()));
        }
        let code = world.random.phone_code();
        let appid = elsewhere.unwrap_or(&world.app.appid);
        world.codes.phone.issue(code.clone(), &found.openid, appid, now);
        Ok(code)
    }

    /// Sets how risky WeChat thinks the user is: 0 to 4, and 4 cannot log in.
    ///
    /// # Errors
    /// No such user, or a rank off the scale.
    pub fn set_risk(&self, user: &str, rank: u8) -> Result<(), DriverError> {
        if rank > HIGHEST_RANK {
            return Err(DriverError::RiskRank(rank));
        }
        let mut world = self.world();
        let found = world.users.find_mut(user).ok_or_else(|| DriverError::NoSuchUser(user.to_owned()))?;
        found.risk_rank = rank;
        Ok(())
    }

    /// What a phone opens when it scans this link.
    ///
    /// # Errors
    /// [`DriverError::NotALink`].
    pub fn scan(&self, link: &str) -> Result<Opening, DriverError> {
        let url = Url::parse(link)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| DriverError::NotALink(link.to_owned()))?;
        Ok(scan::open(&url, link, &self.world().scan_rules, self.now()))
    }

    /// The rules by which links open the mini-program.
    #[must_use]
    pub fn scan_rules(&self) -> Vec<ScanRule> {
        self.world().scan_rules.clone()
    }

    /// Puts these rules in place of all others.
    pub fn set_scan_rules(&self, rules: Vec<ScanRule>) {
        self.world().scan_rules = rules;
    }

    /// Orders a fault.
    ///
    /// # Errors
    /// An unknown path, no times at all, an errcode of 0, or a moment that the fault does not know.
    pub fn order(&self, fault: Fault) -> Result<(), DriverError> {
        check_api(&fault.path)?;
        if fault.times == Times::Count(0) {
            return Err(DriverError::NoTimes);
        }
        if fault.kind == FaultKind::Errcode(0) {
            return Err(DriverError::SuccessIsNoFault);
        }
        if !fault.kind.takes(fault.moment) {
            return Err(DriverError::Moment(match fault.moment {
                Moment::Before => "before the work",
                Moment::After => "after the work",
            }));
        }
        self.world().faults.order(fault);
        Ok(())
    }

    /// The faults still to come.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.world().faults.list()
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// How often a path was called, with whatever result, faults included.
    #[must_use]
    pub fn calls(&self, path: &str) -> u64 {
        self.world().calls.of(path)
    }

    /// How often every path was called.
    #[must_use]
    pub fn calls_by_path(&self) -> BTreeMap<String, u64> {
        self.world().calls.by_path()
    }

    /// Starts counting from zero.
    pub fn forget_calls(&self) {
        self.world().calls.forget_counts();
    }

    /// Another deployment forces a new stable token: the present one is dead at once.
    pub fn supersede_token(&self) {
        let now = self.now();
        let world = &mut *self.world();
        world.tokens.supersede_stable(now, &mut world.random);
    }

    /// The present stable token, if there is one: to look for it where it must not be.
    #[must_use]
    pub fn present_token(&self) -> Option<String> {
        self.world().tokens.present_stable()
    }

    /// Limits the calls of one API, in place of the documented limit.
    ///
    /// # Errors
    /// [`DriverError::NoSuchApi`].
    pub fn set_quota(&self, path: &str, quota: Quota) -> Result<(), DriverError> {
        check_api(path)?;
        self.world().quotas.set(path, quota);
        Ok(())
    }

    /// The switches.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.world().settings.clone()
    }

    /// Puts these switches in place of the present ones.
    pub fn set_settings(&self, settings: Settings) {
        self.world().settings = settings;
    }
}

fn check_api(path: &str) -> Result<(), DriverError> {
    endpoints::find(path).map(|_| ()).ok_or_else(|| DriverError::NoSuchApi(path.to_owned()))
}
