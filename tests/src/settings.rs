//! The configuration of an application under test: a production configuration with made-up secrets.

use api::config::Config;

/// The mini-program that the simulator serves.
pub(crate) const APPID: &str = "wx0123456789abcdef";
/// The mini-program's secret.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Where an application under test finds what it needs.
pub(crate) struct Places {
    /// The database.
    pub(crate) database_url: String,
    /// Redis; empty for none.
    pub(crate) redis_url: String,
    /// What keeps this application's keys in Redis apart from others'.
    pub(crate) redis_prefix: String,
    /// WeChat's simulator.
    pub(crate) wechat_url: String,
    /// A folder for files.
    pub(crate) files: String,
}

/// The configuration. Passwords are hashed with the least work that is accepted: stories log in often.
pub(crate) fn config(places: &Places) -> Config {
    let Places { database_url, redis_url, redis_prefix, wechat_url, files } = places;
    let layer = format!(
        r#"
        [server]
        port = 0
        public_url = "https://m.example"
        workers = 1
        shutdown_timeout_s = 5
        [database]
        url = "{database_url}"
        [cache]
        redis_url = "{redis_url}"
        redis_prefix = "{redis_prefix}"
        [auth]
        keys = [{{ id = "test", secret = "a signing key of the tests, 32 bytes" }}]
        argon2_memory_kib = 8192
        argon2_passes = 1
        [secrets]
        code_keys = [{{ version = "A", secret = "a code key of the tests, 32 bytes long" }}]
        data_keys = [{{ id = 1, secret = "a data key of the tests, 32 bytes long" }}]
        [wechat]
        base_url = "{wechat_url}"
        appid = "{APPID}"
        secret = "{SECRET}"
        [storage]
        path = "{files}"
        [telemetry]
        level = "debug"
        "#
    );
    Config::from_toml(&[&layer]).unwrap_or_else(|error| panic!("the harness's own settings: {error}"))
}
