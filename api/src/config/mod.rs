//! Configuration: embedded defaults, then a file, then the environment.
//!
//! `defaults.toml` beside this file is the documentation of every key. An environment variable
//! `MASHANGJIAN__SECTION__KEY` overrides a key. Unknown keys are refused, all problems are
//! reported at once, secrets never print. Nothing here has a default that would open a
//! production system: keys and passwords must be given.

mod messages;
mod mini_programs;
mod push;
mod sections;
mod sms;

use std::path::Path;

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

pub use messages::{Messages, MiniProgramState, Robot, Source, Template, Term};
pub use mini_programs::MiniProgram;
pub use push::{PushMode, WeChatPush};
pub use sections::{
    Auth, Cache, CodeKey, DataKey, Database, Demo, Jobs, Limit, Limits, LogFormat, Media, Secrets, Server,
    SigningKey, Storage, StorageKind, Telemetry, WeChat,
};
pub use sms::SmsGateway;

/// The defaults, with a sentence for every key.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// The prefix of environment variables.
pub const ENV_PREFIX: &str = "MASHANGJIAN__";

/// All settings of one process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The HTTP server.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// The in-process and the shared cache.
    pub cache: Cache,
    /// Tokens and passwords.
    pub auth: Auth,
    /// Keys that protect data and printed codes.
    pub secrets: Secrets,
    /// WeChat.
    pub wechat: WeChat,
    /// Messages outside the app.
    pub messages: Messages,
    /// Where files go.
    pub storage: Storage,
    /// Pictures.
    pub media: Media,
    /// Work after the commit.
    pub jobs: Jobs,
    /// Rate limits.
    pub limits: Limits,
    /// Logs and metrics.
    pub telemetry: Telemetry,
    /// The demo district.
    pub demo: Demo,
}

/// What is wrong with the configuration: one line a problem.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has {} problem(s):\n  - {}", problems.len(), problems.join("\n  - "))]
pub struct ConfigError {
    /// The problems, each naming its key.
    pub problems: Vec<String>,
}

impl Config {
    /// Reads the defaults, then `file` when given, then the environment.
    ///
    /// # Errors
    /// All problems at once: unknown keys, wrong types, missing or weak secrets, bad ranges.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(ConfigError { problems: vec![format!("{} is not a file", file.display())] });
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        Self::from_figment(&figment.merge(Env::prefixed(ENV_PREFIX).split("__")))
    }

    /// The defaults with these TOML texts on top: for tests and tools.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_toml(layers: &[&str]) -> Result<Self, ConfigError> {
        let figment = layers
            .iter()
            .fold(Figment::from(Toml::string(DEFAULTS)), |figment, layer| figment.merge(Toml::string(layer)));
        Self::from_figment(&figment)
    }

    fn from_figment(figment: &Figment) -> Result<Self, ConfigError> {
        let config: Self = figment.extract().map_err(|errors| ConfigError {
            problems: errors.into_iter().map(|error| error.to_string()).collect(),
        })?;
        let problems = config.problems();
        if problems.is_empty() { Ok(config) } else { Err(ConfigError { problems }) }
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        self.server.check(&mut problems);
        self.database.check(&mut problems);
        self.cache.check(&mut problems);
        self.auth.check(&mut problems);
        self.secrets.check(&mut problems);
        self.wechat.check(&mut problems);
        self.messages.check(&mut problems);
        self.storage.check(&mut problems);
        self.media.check(&mut problems);
        self.jobs.check(&mut problems);
        self.limits.check(&mut problems);
        self.demo.check(&mut problems);
        problems
    }
}
