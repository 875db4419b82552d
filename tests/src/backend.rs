//! Which databases a story runs on, and what the environment says about them.

use std::path::PathBuf;

/// A database, and the cache that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default: SQLite, without Redis.
    Sqlite,
    /// What a city runs: PostgreSQL, with Redis.
    Postgres,
}

impl Backend {
    /// What `MASHANGJIAN_TEST_BACKEND` asks for, else SQLite: for benchmarks and single tests. A story
    /// runs on both.
    ///
    /// # Panics
    /// The variable holds another word.
    #[must_use]
    pub fn chosen() -> Self {
        match variable("MASHANGJIAN_TEST_BACKEND").as_deref() {
            None | Some("sqlite") => Self::Sqlite,
            Some("postgres") => Self::Postgres,
            Some(other) => panic!("MASHANGJIAN_TEST_BACKEND is `{other}`; it must be sqlite or postgres"),
        }
    }
}

/// The URL of the PostgreSQL server that `./test` has started: its maintenance database, as superuser.
pub(crate) fn postgres_url() -> url::Url {
    server_url("MASHANGJIAN_TEST_POSTGRES")
}

/// The URL of the Redis server that `./test` has started.
pub(crate) fn redis_url() -> url::Url {
    server_url("MASHANGJIAN_TEST_REDIS")
}

/// PostgreSQL's programs, for servers of a story's own.
pub(crate) struct PostgresPrograms {
    /// The folder they are in.
    pub(crate) bin: PathBuf,
    /// User and group to run them as, where that is somebody else: PostgreSQL refuses root.
    pub(crate) owner: Option<(u32, u32)>,
}

/// What `./test` has found out about PostgreSQL's programs.
pub(crate) fn postgres_programs() -> PostgresPrograms {
    let bin = required("MASHANGJIAN_TEST_POSTGRES_BIN").into();
    let owner = variable("MASHANGJIAN_TEST_POSTGRES_OWNER").map(|owner| {
        let ids = owner.split_once(':').and_then(|(uid, gid)| Some((uid.parse().ok()?, gid.parse().ok()?)));
        ids.unwrap_or_else(|| panic!("MASHANGJIAN_TEST_POSTGRES_OWNER is `{owner}`; it must be like 101:103"))
    });
    PostgresPrograms { bin, owner }
}

fn server_url(name: &str) -> url::Url {
    required(name).parse().unwrap_or_else(|error| panic!("{name} is no URL: {error}"))
}

fn required(name: &str) -> String {
    variable(name)
        .unwrap_or_else(|| panic!("{name} is not set: run `./test`, which starts the servers of the tests"))
}

#[expect(clippy::disallowed_methods, reason = "this is the harness's one look at the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
