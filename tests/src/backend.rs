//! Which databases a story runs on, and what the environment says about them.

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

fn server_url(name: &str) -> url::Url {
    let url = variable(name)
        .unwrap_or_else(|| panic!("{name} is not set: run `./test`, which starts the servers of the tests"));
    url.parse().unwrap_or_else(|error| panic!("{name} is no URL: {error}"))
}

#[expect(clippy::disallowed_methods, reason = "this is the harness's one look at the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
