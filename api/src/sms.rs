//! Text messages, by whatever gateway a committee has: one trait, and one provider of it.
//!
//! A gateway is the committee's own, or a few lines in front of a carrier's: what it must understand is in
//! `docs/WECHAT-messages.md`. Who is told what, and when, is the business of [`crate::service::messaging`].

use std::sync::Arc;
use std::time::Duration;

use domain::text::Phone;
use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use secrecy::ExposeSecret;
use serde::Serialize;
use uuid::Uuid;

use crate::config;
use crate::wechat::http_client;

/// How long a gateway is left alone that says it is busy and not for how long.
const BUSY: Duration = Duration::from_secs(60);

/// A text message.
#[derive(Debug)]
pub struct Sms<'a> {
    /// Tells this message from all others: a gateway takes it once.
    pub id: Uuid,
    /// To whom.
    pub phone: &'a Phone,
    /// What it says, without the sender's signature; that is the gateway's.
    pub text: &'a str,
}

/// What became of a text message that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// It was surely not taken, and may be later.
    #[error("{reason}")]
    NotTaken {
        /// How long to wait at least.
        after: Duration,
        /// Why, without number and text.
        reason: String,
    },
    /// It was not taken, and won't be.
    #[error("{0}")]
    Refused(String),
    /// It may have been taken.
    #[error("{0}")]
    Unknown(String),
}

/// Whoever sends text messages.
pub trait SmsProvider: std::fmt::Debug + Send + Sync {
    /// Sends one.
    ///
    /// # Errors
    /// [`SmsError`], which says whether it may be tried again.
    fn send<'a>(&'a self, sms: &'a Sms<'a>) -> BoxFuture<'a, Result<(), SmsError>>;
}

/// The configured provider; none where text messages are not wanted.
///
/// # Errors
/// TLS can't be set up.
pub fn provider(config: &config::Config) -> reqwest::Result<Option<Arc<dyn SmsProvider>>> {
    let Some(sms) = &config.messages.sms else { return Ok(None) };
    // The time-outs are those of calls to WeChat: both are waited for by the same job.
    let http = http_client(&config.wechat)?;
    Ok(Some(Arc::new(HttpGateway { http, config: sms.clone() })))
}

/// A gateway that takes JSON by HTTP.
#[derive(Debug)]
struct HttpGateway {
    http: reqwest::Client,
    config: config::SmsGateway,
}

#[derive(Serialize)]
struct Body<'a> {
    id: Uuid,
    phone: &'a str,
    text: &'a str,
}

impl SmsProvider for HttpGateway {
    fn send<'a>(&'a self, sms: &'a Sms<'a>) -> BoxFuture<'a, Result<(), SmsError>> {
        let body = Body { id: sms.id, phone: sms.phone.as_str(), text: sms.text };
        let request = self.http.post(self.config.url.clone()).bearer_auth(self.config.secret.expose_secret());
        async move {
            let answer = request.json(&body).send().await.map_err(|error| fate_of(&error))?;
            read(answer.status(), answer.headers())
        }
        .boxed()
    }
}

/// A request that never left was not taken; any other that got no answer may have been.
fn fate_of(error: &reqwest::Error) -> SmsError {
    if error.is_connect() || error.is_builder() {
        let reason = "the gateway can't be reached".to_owned();
        return SmsError::NotTaken { after: Duration::ZERO, reason };
    }
    SmsError::Unknown(if error.is_timeout() { "no answer in time" } else { "no answer" }.to_owned())
}

/// The status says it all: the body may hold the number.
fn read(status: StatusCode, headers: &HeaderMap) -> Result<(), SmsError> {
    let reason = format!("the gateway answered {}", status.as_u16());
    let wait = || headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs);
    match status {
        // 409: it has this id already.
        status if status.is_success() || status == StatusCode::CONFLICT => Ok(()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Err(SmsError::NotTaken { after: wait().unwrap_or(BUSY), reason })
        }
        status if status.is_server_error() => Err(SmsError::Unknown(reason)),
        _ => Err(SmsError::Refused(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_a_gateway_says_what_became_of_a_message() {
        let told = |status: u16, wait: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(wait) = wait {
                headers.insert(RETRY_AFTER, wait.parse().unwrap());
            }
            read(StatusCode::from_u16(status).unwrap(), &headers)
        };
        let later = |status: u16, after: u64| {
            let reason = format!("the gateway answered {status}");
            Err(SmsError::NotTaken { after: Duration::from_secs(after), reason })
        };
        for status in [200, 202, 204, 409] {
            assert_eq!(told(status, None), Ok(()), "{status}");
        }
        for status in [301, 400, 401, 403, 404, 422] {
            assert!(matches!(told(status, None), Err(SmsError::Refused(_))), "{status}");
        }
        assert_eq!(told(429, Some("7")), later(429, 7));
        assert_eq!(told(503, None), later(503, 60));
        assert_eq!(told(503, Some("soon")), later(503, 60));
        for status in [500, 502, 504] {
            assert!(matches!(told(status, Some("1")), Err(SmsError::Unknown(_))), "{status}");
        }
    }
}
