//! The configuration of an application under test: a production configuration with made-up secrets.

use std::collections::BTreeMap;

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

/// Keys of the configuration, each with its value as TOML writes it.
#[derive(Debug, Clone)]
pub(crate) struct Settings(BTreeMap<String, String>);

impl Settings {
    /// The harness's own. Passwords are hashed with the least work that is accepted: stories log in often.
    pub(crate) fn at(places: &Places) -> Self {
        let mut settings = Self(BTreeMap::new());
        let text = |value: &str| format!("\"{value}\"");
        let lines = [
            ("server.port", "0".to_owned()),
            ("server.public_url", text("https://m.example")),
            ("server.workers", "1".to_owned()),
            ("server.shutdown_timeout_s", "5".to_owned()),
            ("database.url", text(&places.database_url)),
            ("cache.redis_url", text(&places.redis_url)),
            ("cache.redis_prefix", text(&places.redis_prefix)),
            ("auth.keys", r#"[{ id = "test", secret = "a signing key of the tests, 32 bytes" }]"#.to_owned()),
            ("auth.argon2_memory_kib", "8192".to_owned()),
            ("auth.argon2_passes", "1".to_owned()),
            (
                "secrets.code_keys",
                r#"[{ version = "A", secret = "a code key of the tests, 32 bytes long" }]"#.to_owned(),
            ),
            (
                "secrets.data_keys",
                r#"[{ id = 1, secret = "a data key of the tests, 32 bytes long" }]"#.to_owned(),
            ),
            ("wechat.base_url", text(&places.wechat_url)),
            ("wechat.appid", text(APPID)),
            ("wechat.secret", text(SECRET)),
            // Stories about something else let days pass before their jobs run; whoever has not opened the
            // mini-program for two hours would go to a person. `Setup::checking_content` switches it on.
            ("wechat.content_check", "false".to_owned()),
            ("storage.path", text(&places.files)),
            ("telemetry.level", text("debug")),
        ];
        for (key, value) in lines {
            settings.set(key, &value);
        }
        settings
    }

    /// Puts a value in the place of another, or of the default.
    pub(crate) fn set(&mut self, key: &str, toml: &str) {
        self.0.insert(key.to_owned(), toml.to_owned());
    }

    /// As a configuration file.
    pub(crate) fn to_toml(&self) -> String {
        self.0.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
    }

    /// As the service reads it.
    pub(crate) fn to_config(&self) -> Config {
        Config::from_toml(&[&self.to_toml()])
            .unwrap_or_else(|error| panic!("the settings of the story: {error}"))
    }
}
