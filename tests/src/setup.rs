//! What an application is started with, where a story needs other than the usual.

use api::limits::LimitKind;

use crate::backend::redis_url;
use crate::database::DatabasePlace;
use crate::pushes::{PUSH_KEY, PUSH_TOKEN};
use crate::{Backend, PostgresServer, RedisServer};

/// The servers of an application, and settings that differ from the harness's own.
///
/// ```ignore
/// let mut redis = RedisServer::start().await;
/// let setup = Setup::on(Backend::Postgres).redis(&redis).set("cache.local_bytes", "0");
/// ```
#[derive(Debug, Clone)]
pub struct Setup {
    pub(crate) database: DatabasePlace,
    /// Empty for none.
    pub(crate) redis_url: String,
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) has_robot: bool,
}

impl Setup {
    /// The usual: SQLite without Redis, or PostgreSQL with Redis, both shared with other stories.
    ///
    /// # Panics
    /// The environment does not say where they are.
    #[must_use]
    pub fn on(backend: Backend) -> Self {
        let redis_url = match backend {
            Backend::Sqlite => String::new(),
            Backend::Postgres => redis_url().into(),
        };
        Self { database: DatabasePlace::usual(backend), redis_url, settings: Vec::new(), has_robot: false }
    }

    /// With a PostgreSQL server of the story's own.
    #[must_use]
    pub fn postgres(self, server: &PostgresServer) -> Self {
        Self { database: DatabasePlace::Postgres(server.url()), ..self }
    }

    /// With a Redis server of the story's own.
    #[must_use]
    pub fn redis(self, server: &RedisServer) -> Self {
        Self { redis_url: server.url(), ..self }
    }

    /// With another value, in TOML, for a key of the configuration such as `server.workers`.
    #[must_use]
    pub fn set(mut self, key: &str, toml: &str) -> Self {
        self.settings.push((key.to_owned(), toml.to_owned()));
        self
    }

    /// With WeChat's message push, as [`App::configure_push`](crate::App::configure_push) enters it.
    #[must_use]
    pub fn pushed_to(self) -> Self {
        self.set("wechat.push.token", &format!("\"{PUSH_TOKEN}\""))
            .set("wechat.push.aes_key", &format!("\"{PUSH_KEY}\""))
    }

    /// With the content check, and the message push by which its results come.
    #[must_use]
    pub fn checking_content(self) -> Self {
        self.pushed_to().set("wechat.content_check", "true")
    }

    /// With a robot in the group of the district's station; its webhook is WeChat's simulator.
    #[must_use]
    pub fn robot(mut self) -> Self {
        self.has_robot = true;
        self
    }

    /// With limits that nobody meets, for stories in which one address does a town's work.
    #[must_use]
    pub fn unlimited(self) -> Self {
        unlimited().fold(self, |setup, (key, value)| setup.set(&key, value))
    }
}

/// The keys of all limits, with a value that nobody meets.
pub(crate) fn unlimited() -> impl Iterator<Item = (String, &'static str)> {
    let any = "{ burst = 1000000, every_ms = 1 }";
    LimitKind::ALL.iter().map(move |kind| (format!("limits.{}", kind.as_str()), any))
}
