//! The sections of the configuration. Each checks itself; `defaults.toml` says what a key means.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::mini_programs::MiniProgram;

/// The shortest secret that is accepted, in bytes.
const MIN_SECRET: usize = 32;

/// The HTTP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub public_url: String,
    pub workers: usize,
    pub trusted_proxies: Vec<IpNet>,
    pub metrics_address: String,
    pub request_timeout_s: u64,
    pub shutdown_timeout_s: u64,
    pub verification_dir: String,
    pub pages_dir: String,
}

impl Server {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        match self.public_url.parse::<url::Url>() {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/" => {}
            _ => problems.push("server.public_url must be like https://m.example.gov.cn".to_owned()),
        }
        if !self.metrics_address.is_empty() && self.metrics_address.parse::<SocketAddr>().is_err() {
            problems.push("server.metrics_address must be like 127.0.0.1:9100, or empty".to_owned());
        }
        range("server.request_timeout_s", self.request_timeout_s, 1..=600, problems);
        range("server.shutdown_timeout_s", self.shutdown_timeout_s, 1..=600, problems);
        range("server.workers", self.workers, 0..=1024, problems);
    }

    /// The public address without a slash at its end.
    #[must_use]
    pub fn public_base(&self) -> &str {
        self.public_url.trim_end_matches('/')
    }
}

/// The database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Database {
    pub url: SecretString,
    pub max_connections: u32,
    pub acquire_timeout_ms: u64,
    pub statement_timeout_ms: u64,
}

impl Database {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        let url = self.url.expose_secret();
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            problems.push("database.url must begin with sqlite: or postgres:".to_owned());
        }
        range("database.max_connections", self.max_connections, 1..=1000, problems);
        range("database.acquire_timeout_ms", self.acquire_timeout_ms, 10..=60_000, problems);
        range("database.statement_timeout_ms", self.statement_timeout_ms, 100..=600_000, problems);
    }
}

/// The two levels of the cache.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Cache {
    pub redis_url: SecretString,
    pub redis_prefix: String,
    pub redis_timeout_ms: u64,
    pub local_bytes: u64,
    pub ttl_s: u64,
}

impl Cache {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        let url = self.redis_url.expose_secret();
        if !url.is_empty() && !url.starts_with("redis://") {
            problems.push("cache.redis_url must begin with redis://, or be empty".to_owned());
        }
        if self.redis_prefix.is_empty()
            || !self.redis_prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            problems.push("cache.redis_prefix must be letters, digits and hyphens".to_owned());
        }
        range("cache.redis_timeout_ms", self.redis_timeout_ms, 1..=10_000, problems);
        range("cache.ttl_s", self.ttl_s, 1..=3600, problems);
    }
}

/// A key that signs access tokens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct SigningKey {
    pub id: String,
    pub secret: SecretString,
}

/// Tokens and passwords.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Auth {
    pub issuer: String,
    pub audience: String,
    pub keys: Vec<SigningKey>,
    pub access_ttl_s: u64,
    pub refresh_ttl_days: u32,
    pub argon2_memory_kib: u32,
    pub argon2_passes: u32,
    pub argon2_lanes: u32,
}

impl Auth {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        secrets("auth.keys", self.keys.iter().map(|key| (key.id.clone(), &key.secret)), problems);
        range("auth.access_ttl_s", self.access_ttl_s, 60..=86_400, problems);
        range("auth.refresh_ttl_days", self.refresh_ttl_days, 1..=365, problems);
        range("auth.argon2_memory_kib", self.argon2_memory_kib, 8192..=1_048_576, problems);
        range("auth.argon2_passes", self.argon2_passes, 1..=20, problems);
        range("auth.argon2_lanes", self.argon2_lanes, 1..=16, problems);
    }
}

/// A key that signs printed codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct CodeKey {
    pub version: char,
    pub secret: SecretString,
}

/// A key that seals personal data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct DataKey {
    pub id: u8,
    pub secret: SecretString,
}

/// Keys that protect data and printed codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Secrets {
    pub code_keys: Vec<CodeKey>,
    pub data_keys: Vec<DataKey>,
}

impl Secrets {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        let codes = self.code_keys.iter().map(|key| (key.version.to_string(), &key.secret));
        secrets("secrets.code_keys", codes, problems);
        if let Err(error @ qr::TokenKeyError::BadVersion { .. }) = self.token_keys() {
            problems.push(format!("secrets.code_keys: {error}"));
        }
        let data = self.data_keys.iter().map(|key| (key.id.to_string(), &key.secret));
        secrets("secrets.data_keys", data, problems);
    }

    /// The ring of keys that signs printed codes: the first signs, all verify.
    ///
    /// # Errors
    /// A version is no character of the token alphabet or stands twice, or a secret is too short.
    pub fn token_keys(&self) -> Result<qr::TokenKeys, qr::TokenKeyError> {
        let key = |key: &CodeKey| qr::TokenKey::new(key.version, key.secret.expose_secret().as_bytes());
        let mut keys = self.code_keys.iter().map(key).collect::<Result<Vec<_>, _>>()?.into_iter();
        let current = keys.next().ok_or(qr::TokenKeyError::ShortSecret { version: '?', bytes: 0 })?;
        qr::TokenKeys::new(current, keys)
    }
}

/// WeChat.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct WeChat {
    pub base_url: url::Url,
    pub appid: String,
    pub secret: SecretString,
    pub content_check: bool,
    pub push: super::WeChatPush,
    pub apps: Vec<MiniProgram>,
    pub connect_timeout_ms: u64,
    pub timeout_ms: u64,
    pub picture_timeout_ms: u64,
}

impl WeChat {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        self.check_mini_programs(problems);
        self.push.check(&self.appid, problems);
        range("wechat.connect_timeout_ms", self.connect_timeout_ms, 10..=60_000, problems);
        range("wechat.timeout_ms", self.timeout_ms, 10..=60_000, problems);
        range("wechat.picture_timeout_ms", self.picture_timeout_ms, 10..=60_000, problems);
    }
}

/// Where files go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// A folder.
    Local,
    /// An S3 bucket or what speaks the same.
    S3,
}

/// File storage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Storage {
    pub kind: StorageKind,
    pub path: PathBuf,
    pub bucket: String,
    pub region: String,
    pub endpoint: String,
    pub access_key: SecretString,
    pub secret_key: SecretString,
    pub batch_days: u32,
}

impl Storage {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        if self.kind == StorageKind::S3 && (self.bucket.is_empty() || self.region.is_empty()) {
            problems.push("storage.bucket and storage.region are needed for s3".to_owned());
        }
        range("storage.batch_days", self.batch_days, 1..=3650, problems);
    }
}

/// Pictures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Media {
    pub max_bytes: usize,
    pub max_pixels: u64,
    pub parallel: usize,
    pub unclaimed_hours: u32,
}

impl Media {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        range("media.max_bytes", self.max_bytes, 1024..=104_857_600, problems);
        range("media.max_pixels", self.max_pixels, 1024..=400_000_000, problems);
        range("media.parallel", self.parallel, 0..=64, problems);
        range("media.unclaimed_hours", self.unclaimed_hours, 1..=720, problems);
    }
}

/// One rate limit: a burst, then one more at an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many at once.
    pub burst: u32,
    /// Then one more every so many milliseconds.
    pub every_ms: u32,
}

impl Limit {
    /// The interval between two that pass in the long run.
    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_millis(u64::from(self.every_ms))
    }
}

/// Work after the commit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Jobs {
    pub parallel: usize,
}

impl Jobs {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        range("jobs.parallel", self.parallel, 0..=64, problems);
    }
}

/// All rate limits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Limits {
    pub read_by_address: Limit,
    pub scan_by_code: Limit,
    pub draw_by_address: Limit,
    pub intake_by_account: Limit,
    pub intake_by_code: Limit,
    pub intake_by_address: Limit,
    pub upload_by_address: Limit,
    pub use_by_ticket: Limit,
    pub tracking_by_address: Limit,
    pub login_by_address: Limit,
    pub use_by_account: Limit,
}

impl Limits {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        let all = [
            ("read_by_address", self.read_by_address),
            ("scan_by_code", self.scan_by_code),
            ("draw_by_address", self.draw_by_address),
            ("intake_by_account", self.intake_by_account),
            ("intake_by_code", self.intake_by_code),
            ("intake_by_address", self.intake_by_address),
            ("upload_by_address", self.upload_by_address),
            ("use_by_ticket", self.use_by_ticket),
            ("tracking_by_address", self.tracking_by_address),
            ("login_by_address", self.login_by_address),
            ("use_by_account", self.use_by_account),
        ];
        for (name, limit) in all {
            if limit.burst == 0 || limit.every_ms == 0 {
                problems.push(format!("limits.{name}: burst and every_ms must be above 0"));
            }
        }
    }
}

/// Logs and metrics.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Telemetry {
    pub level: String,
    pub format: LogFormat,
    pub log_reads: bool,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people at a terminal.
    Text,
}

/// The demo district.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Demo {
    pub enabled: bool,
    pub password: SecretString,
}

impl Demo {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        if self.enabled && self.password.expose_secret().chars().count() < 12 {
            problems.push("demo.password must have at least 12 characters".to_owned());
        }
    }
}

pub(super) fn range<T: PartialOrd + std::fmt::Display>(
    key: &str,
    value: T,
    range: std::ops::RangeInclusive<T>,
    problems: &mut Vec<String>,
) {
    if !range.contains(&value) {
        problems.push(format!("{key} is {value}; it must be between {} and {}", range.start(), range.end()));
    }
}

/// At least one secret, each long enough, no name twice. Never prints one.
fn secrets<'a>(
    key: &str,
    entries: impl Iterator<Item = (String, &'a SecretString)>,
    problems: &mut Vec<String>,
) {
    let mut names = Vec::new();
    for (name, secret) in entries {
        if secret.expose_secret().len() < MIN_SECRET {
            problems.push(format!("{key}: the secret of `{name}` has less than {MIN_SECRET} bytes"));
        }
        if names.contains(&name) {
            problems.push(format!("{key}: `{name}` stands twice"));
        }
        names.push(name);
    }
    if names.is_empty() {
        problems.push(format!("{key} needs at least one key"));
    }
}
