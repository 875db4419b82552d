//! Requests to the application, and answers that say what was wrong with them.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde_json::Value;

/// No answer takes this long unless something hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// The caller of a story.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        // Sooner than the service closes it: a request on a connection that is being closed gets no answer.
        .pool_idle_timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("an HTTP client")
}

/// A request that is being put together; awaiting it sends it.
#[must_use = "a request is sent when it is awaited"]
pub struct Request {
    line: String,
    builder: RequestBuilder,
}

impl Request {
    pub(crate) fn new(client: &reqwest::Client, method: Method, base: &str, path: &str) -> Self {
        Self { line: format!("{method} {path}"), builder: client.request(method, format!("{base}{path}")) }
    }

    /// With a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { builder: self.builder.header(name, value), ..self }
    }

    /// With an access token.
    pub fn bearer(self, token: &str) -> Self {
        Self { builder: self.builder.bearer_auth(token), ..self }
    }

    /// With the ticket of a case.
    pub fn ticket(self, ticket: &str) -> Self {
        self.header("x-case-ticket", ticket)
    }

    /// With the key that makes a second try harmless.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a JSON body.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        Self { builder: self.builder.json(body), ..self }
    }

    /// With a body of any type.
    pub fn body(self, content_type: &str, bytes: impl Into<reqwest::Body>) -> Self {
        Self { builder: self.builder.header("content-type", content_type).body(bytes), ..self }
    }

    /// With one file in a multipart body, as a form sends it. Name and type are only claims.
    pub fn file(self, name: &str, content_type: &str, content: &[u8]) -> Self {
        const BOUNDARY: &str = "the-boundary-of-a-story";
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {content_type}\r\n\r\n"
        );
        let body = [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }
}

impl Request {
    /// Sends it to a service that may go away meanwhile.
    ///
    /// # Errors
    /// No whole answer came.
    pub async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let Self { line, builder } = self;
        let response = builder.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        Ok(Answer { line, status, headers, body })
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let line = self.line.clone();
            self.try_send().await.unwrap_or_else(|error| panic!("{line}: {error:?}"))
        })
    }
}

/// What the application answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    line: String,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body as it came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// A header, if it is there and is text.
    #[must_use]
    pub fn find_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header that must be there.
    ///
    /// # Panics
    /// It is not, or is no text.
    #[track_caller]
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.find_header(name).unwrap_or_else(|| panic!("{} has no header `{name}`", self.described()))
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// It is none.
    #[track_caller]
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.described()))
    }

    /// The body as JSON, `null` when it is empty, of an answer that must have this status.
    ///
    /// # Panics
    /// The status is another; the message shows the body.
    #[track_caller]
    pub fn expect_status(&self, status: u16) -> Value {
        assert!(self.status == status, "expected {status}, but {}", self.described());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The body of a failure, which must have this status, this code, and the form of RFC 9457 as the
    /// contract has it.
    ///
    /// # Panics
    /// Anything about it is otherwise; the message shows the body.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> Value {
        let body = self.expect_status(status);
        let described = self.described();
        assert_eq!(self.find_header("content-type"), Some("application/problem+json"), "{described}");
        assert_eq!(body["code"], code, "{described}");
        assert_eq!(body["type"], format!("urn:mashangjian:error:{code}"), "{described}");
        assert_eq!(body["status"], status, "{described}");
        assert_eq!(body["instance"].as_str(), self.find_header("x-request-id"), "{described}");
        assert!(body["title"].is_string() && body["errors"].is_array(), "{described}");
        assert!(body["detail"].as_str().is_some_and(|text| text.ends_with('。')), "{described}");
        let busy = matches!(status, 429 | 503);
        assert_eq!(self.find_header("retry-after").is_some(), busy, "{described}");
        body
    }

    fn described(&self) -> String {
        let body = match serde_json::from_slice::<Value>(&self.body) {
            Ok(json) => format!("{json:#}"),
            Err(_) => String::from_utf8_lossy(&self.body).into_owned(),
        };
        format!("{} answered {}:\n{body}\n", self.line, self.status)
    }
}
