//! The limiter within one process, on a clock that stands still.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use domain::ids::AccountId;
use uuid::Uuid;

use super::gcra::Verdict;
use super::local::Local;
use super::{LimitKey, LimitKind, Limiter, RateLimited};
use crate::clock::ManualClock;
use crate::config::{Config, Limit};
use crate::error::{ApiError, ErrorCode};

fn given() -> (Arc<ManualClock>, Limiter) {
    let clock = Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH + TimeDelta::days(20_000)));
    let secret = "0".repeat(32);
    let config = Config::from_toml(&[&format!(
        r#"
        server.public_url = "https://m.example.com"
        database.url = "sqlite::memory:"
        auth.keys = [{{ id = "a", secret = "{secret}" }}]
        secrets.code_keys = [{{ version = "A", secret = "{secret}" }}]
        secrets.data_keys = [{{ id = 1, secret = "{secret}" }}]
        limits.login_by_address = {{ burst = 2, every_ms = 1000 }}
        limits.intake_by_account = {{ burst = 1, every_ms = 90500 }}
        "#
    )]);
    let limiter = Limiter::new(&config.unwrap(), clock.clone(), None).unwrap();
    (clock, limiter)
}

#[tokio::test]
async fn a_flood_is_stopped_and_told_when_to_come_back() {
    let (clock, limiter) = given();
    let address: IpAddr = "203.0.113.9".parse().unwrap();
    let ask = || limiter.check(LimitKind::LoginByAddress, address);
    assert_eq!((ask().await, ask().await), (Ok(()), Ok(())));
    let limited = RateLimited { kind: LimitKind::LoginByAddress, retry_after: Duration::from_secs(1) };
    assert_eq!(ask().await, Err(limited));
    clock.advance(TimeDelta::milliseconds(400));
    assert_eq!(ask().await.unwrap_err().retry_after, Duration::from_millis(600));
    clock.advance(TimeDelta::milliseconds(600));
    assert_eq!(ask().await, Ok(()));
    assert!(ask().await.is_err());
}

#[tokio::test]
async fn callers_and_limits_do_not_count_for_each_other() {
    let (_, limiter) = given();
    let account = |number| AccountId(Uuid::from_u128(number));
    let intake = LimitKind::IntakeByAccount;
    assert!(limiter.check(intake, account(1)).await.is_ok());
    assert!(limiter.check(intake, account(1)).await.is_err());
    assert!(limiter.check(intake, account(2)).await.is_ok());
    assert!(limiter.check(LimitKind::UseByAccount, account(1)).await.is_ok());
    assert!(limiter.check_local(intake, account(1)).is_err());
    // The bytes of the account as a text are still somebody else.
    let text = String::from_utf8(account(1).0.as_bytes().to_vec()).unwrap();
    assert!(limiter.check(intake, text.as_str()).await.is_ok());
}

#[tokio::test]
async fn where_one_limit_is_exhausted_the_others_do_not_count() {
    let (_, limiter) = given();
    let address: IpAddr = "203.0.113.9".parse().unwrap();
    let (login, intake) = (LimitKind::LoginByAddress, LimitKind::IntakeByAccount);
    let both = [(login, address.into()), (intake, AccountId(Uuid::from_u128(1)).into())];
    assert_eq!(limiter.check_all(&both).await, Ok(()));
    for _ in 0..5 {
        assert_eq!(limiter.check_all(&both).await.unwrap_err().kind, intake);
    }
    assert_eq!(limiter.check(login, address).await, Ok(()));
    assert_eq!(limiter.check(login, address).await.unwrap_err().kind, login);
}

#[test]
fn a_refusal_becomes_a_429_with_whole_seconds() {
    let limited = RateLimited { kind: LimitKind::ScanByCode, retry_after: Duration::from_millis(1) };
    let error = ApiError::from(limited);
    assert_eq!(error.code(), ErrorCode::RateLimited);
    let response = actix_web::ResponseError::error_response(&error);
    let retry_after = response.headers().get("retry-after").unwrap();
    assert_eq!((response.status().as_u16(), retry_after.to_str().unwrap()), (429, "1"));
}

#[test]
fn every_limit_of_the_configuration_has_a_kind() {
    let section = crate::config::DEFAULTS.split("[limits]").nth(1).unwrap().split("\n[").next().unwrap();
    let configured: Vec<&str> =
        section.lines().filter_map(|line| line.split_once(" = {")).map(|(k, _)| k).collect();
    let kinds: Vec<&str> = LimitKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(configured, kinds);
}

#[test]
fn invented_addresses_do_not_fill_the_memory_or_free_those_who_are_over_the_limit() {
    let (local, limit) = (Local::default(), Limit { burst: 3, every_ms: 1000 });
    let count = |key, now| local.count(LimitKind::ReadByAddress, key, limit, now);
    let busy = LimitKey::from("203.0.113.9".parse::<IpAddr>().unwrap());
    for _ in 0..3 {
        assert_eq!(count(busy, 0), Verdict::Pass);
    }
    for network in 0..300_000_u128 {
        assert_eq!(count(IpAddr::V6(Ipv6Addr::from_bits(network << 64)).into(), 0), Verdict::Pass);
    }
    assert!(local.len() <= 65_536);
    assert_eq!(count(busy, 0), Verdict::Wait(Duration::from_secs(1)));
    // Those whose time is over make room as soon as it is needed.
    for network in 0..300_000_u128 {
        count(IpAddr::V6(Ipv6Addr::from_bits(network << 64)).into(), 10_000_000);
    }
    assert_eq!(count(busy, 10_000_000), Verdict::Pass);
}
