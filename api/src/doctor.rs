//! Looks at everything that the service rests on, and says what an operator should mend.
//!
//! Writes one file into the storage and removes it again; an embedded database and a folder that do
//! not exist yet are made empty. Nothing else changes.

mod callback;
mod templates;
mod wechat;

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use url::{Host, Url};

use crate::clock::{Clock, SharedClock};
use crate::config::{Config, Storage, StorageKind};
use crate::store::{Database, durability, health};

/// The longest wait for a server.
const REACH: Duration = Duration::from_secs(3);
/// The largest difference to the database's clock: leases and deadlines are compared across processes.
const SKEW_MS: u64 = 2_000;

/// How one check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// All is well.
    Ok,
    /// It works; better not in production.
    Warn,
    /// It has to be mended.
    Fail,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: &'static str,
    /// How it came out.
    pub verdict: Verdict,
    /// What was seen; never a secret.
    pub detail: String,
}

impl Finding {
    fn new(subject: &'static str, verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { subject, verdict, detail: detail.into() }
    }

    fn ok(subject: &'static str, detail: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Ok, detail)
    }

    fn warn(subject: &'static str, detail: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Warn, detail)
    }

    fn fail(subject: &'static str, detail: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Fail, detail)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.verdict {
            Verdict::Ok => "ok  ",
            Verdict::Warn => "warn",
            Verdict::Fail => "FAIL",
        };
        write!(f, "{word}  {}: {}", self.subject, self.detail)
    }
}

/// Looks at everything; the configuration has been read already.
pub async fn examine(config: &Config, clock: &SharedClock) -> Vec<Finding> {
    let mut findings = vec![public_url(&config.server.public_url)];
    findings.extend(database(config, clock.as_ref()).await);
    findings.push(redis(config.cache.redis_url.expose_secret()).await);
    findings.extend(wechat::examine(config, clock).await);
    findings.extend(callback::examine(config, clock).await);
    findings.push(storage(&config.storage).await);
    findings.push(fonts());
    findings
}

/// Posters need a Chinese font. Without one all else works.
fn fonts() -> Finding {
    match qr::poster::Posters::load() {
        Ok(_) => Finding::ok("fonts", "posters can be drawn"),
        Err(error) => Finding::warn("fonts", error.to_string()),
    }
}

fn public_url(url: &str) -> Finding {
    const SUBJECT: &str = "public address";
    let Ok(url) = url.parse::<Url>() else { return Finding::fail(SUBJECT, "it can't be read") };
    if url.scheme() == "https" {
        return Finding::ok(SUBJECT, url.as_str());
    }
    if is_loopback(&url) {
        return Finding::warn(SUBJECT, format!("{url} is this machine only"));
    }
    Finding::fail(SUBJECT, format!("{url} is not https: WeChat refuses it, and tokens would be readable"))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

async fn database(config: &Config, clock: &dyn Clock) -> Vec<Finding> {
    let db = match Database::connect(&config.database).await {
        Ok(db) => db,
        Err(error) => return vec![Finding::fail("database", error.to_string())],
    };
    let mut findings = vec![Finding::ok("database", "it answers")];
    findings.push(match health::check(db.reader()).await {
        Ok(()) => Finding::ok("schema", "it is the one that this version knows"),
        // `serve` brings an embedded database up to date by itself.
        Err(health::SchemaError::Behind { missing }) if db.is_embedded() => {
            Finding::warn("schema", format!("{missing} migration(s) will be applied at the next start"))
        }
        Err(error) => Finding::fail("schema", error.to_string()),
    });
    match durability::settings(&db).await {
        Ok(settings) => findings.extend(settings.into_iter().map(|setting| {
            let verdict = if setting.safe { Verdict::Ok } else { Verdict::Fail };
            Finding::new("durability", verdict, format!("{} is {}", setting.name, setting.value))
        })),
        Err(error) => findings.push(Finding::fail("durability", error.to_string())),
    }
    findings.push(skew(&db, clock).await);
    findings
}

async fn skew(db: &Database, clock: &dyn Clock) -> Finding {
    const SUBJECT: &str = "clock";
    match durability::now(db).await {
        Ok(Some(theirs)) => {
            let skew = (clock.now() - theirs).num_milliseconds();
            let verdict = if skew.unsigned_abs() < SKEW_MS { Verdict::Ok } else { Verdict::Fail };
            Finding::new(SUBJECT, verdict, format!("{skew} ms from the database's"))
        }
        Ok(None) => Finding::ok(SUBJECT, "the embedded database has none of its own"),
        Err(error) => Finding::fail(SUBJECT, error.to_string()),
    }
}

async fn redis(url: &str) -> Finding {
    const SUBJECT: &str = "redis";
    if url.is_empty() {
        return Finding::ok(SUBJECT, "not configured: the in-process cache serves alone");
    }
    match url.parse::<Url>() {
        Ok(url) => reach(SUBJECT, &url, 6379, Verdict::Warn).await,
        Err(_) => Finding::fail(SUBJECT, "its address can't be read"),
    }
}

/// Whether somebody listens there. Names host and port only: a URL may hold a password.
async fn reach(subject: &'static str, url: &Url, default_port: u16, otherwise: Verdict) -> Finding {
    let port = url.port_or_known_default().unwrap_or(default_port);
    let Some(host) = url.host_str() else { return Finding::fail(subject, "its address has no host") };
    let name = host.trim_start_matches('[').trim_end_matches(']');
    match tokio::time::timeout(REACH, TcpStream::connect((name, port))).await {
        Ok(Ok(_)) => Finding::ok(subject, format!("{host}:{port} answers")),
        Ok(Err(error)) => Finding::new(subject, otherwise, format!("{host}:{port}: {error}")),
        Err(_) => Finding::new(subject, otherwise, format!("{host}:{port} does not answer")),
    }
}

async fn storage(storage: &Storage) -> Finding {
    const SUBJECT: &str = "storage";
    match storage.kind {
        StorageKind::Local => {
            let probe = storage.path.join(".doctor");
            let written = async {
                tokio::fs::create_dir_all(&storage.path).await?;
                tokio::fs::write(&probe, b"ok").await?;
                tokio::fs::remove_file(&probe).await
            };
            match written.await {
                Ok(()) => Finding::ok(SUBJECT, format!("{} can be written", storage.path.display())),
                Err(error) => Finding::fail(SUBJECT, format!("{}: {error}", storage.path.display())),
            }
        }
        StorageKind::S3 => match storage.endpoint.parse::<Url>() {
            Ok(endpoint) => reach(SUBJECT, &endpoint, 443, Verdict::Fail).await,
            Err(_) => Finding::warn(SUBJECT, "s3 without an endpoint of its own was not looked at"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_https_unless_it_is_this_machine() {
        assert_eq!(public_url("https://m.example.gov.cn/").verdict, Verdict::Ok);
        assert_eq!(public_url("http://127.0.0.1:8080/").verdict, Verdict::Warn);
        assert_eq!(public_url("http://[::1]/").verdict, Verdict::Warn);
        assert_eq!(public_url("http://m.example.gov.cn/").verdict, Verdict::Fail);
    }

    #[tokio::test]
    async fn an_address_with_a_password_is_reported_without_it() {
        let finding = redis("redis://:secret@127.0.0.1:1/0").await;
        assert_eq!(finding.verdict, Verdict::Warn);
        assert!(!finding.to_string().contains("secret"));
    }
}
