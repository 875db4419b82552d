//! Reads the `Idempotency-Key` header, and turns what idempotency answers into HTTP.

use std::future::{Ready, ready};

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};

use crate::error::{ApiError, ErrorCode};
use crate::service::idempotency::{Answer, IdempotencyError, Key, Owner, Request};

/// The header.
const HEADER: &str = "idempotency-key";

/// The key of a call that creates something; a request without one is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Key);

impl FromRequest for IdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(read(request).map(Self))
    }
}

/// The key of a call that can do without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaybeIdempotencyKey(pub Option<Key>);

impl FromRequest for MaybeIdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let given = request.headers().contains_key(HEADER);
        ready(if given { read(request).map(|key| Self(Some(key))) } else { Ok(Self(None)) })
    }
}

impl MaybeIdempotencyKey {
    /// The request that it makes repeatable.
    #[must_use]
    pub fn request(self, call: &'static str, owner: impl Into<Owner>, content: &[u8]) -> Option<Request> {
        self.0.map(|key| Request::new(call, owner, key, content))
    }
}

/// Describes the header in the OpenAPI document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by `MaybeIdempotencyKey`")]
pub struct IdempotencyKeyHeader {
    /// 1 to 128 visible ASCII characters, new for every call; a repetition with the same key and body
    /// gets the first answer again.
    #[param(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
}

fn read(request: &HttpRequest) -> Result<Key, ApiError> {
    let malformed = || {
        ApiError::new(ErrorCode::BadRequest)
            .detail("Idempotency-Key 请求头应只出现一次，为 1 到 128 个可见 ASCII 字符。")
    };
    let mut values = request.headers().get_all(HEADER);
    let value = values.next().ok_or_else(|| ApiError::new(ErrorCode::IdempotencyKeyRequired))?;
    if values.next().is_some() {
        return Err(malformed());
    }
    value.to_str().ok().and_then(Key::parse).ok_or_else(malformed)
}

/// The kept answer as a response, byte for byte.
impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        match StatusCode::from_u16(answer.status) {
            Ok(status) => HttpResponse::build(status).content_type("application/json").body(answer.body),
            Err(error) => HttpResponse::from_error(ApiError::new(ErrorCode::Internal).source(error)),
        }
    }
}

impl From<IdempotencyError> for ApiError {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::Reused => Self::new(ErrorCode::IdempotencyKeyReused),
            // The faster request has left no answer to be read: its key was swept in between.
            IdempotencyError::Taken(error) => Self::new(ErrorCode::Unavailable).source(error),
            IdempotencyError::Store(error) => error.into(),
            IdempotencyError::Seal(error) => Self::new(ErrorCode::Internal).source(error),
            IdempotencyError::Json(error) => Self::new(ErrorCode::Internal).source(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn outcome(values: &[&str]) -> Result<(), ErrorCode> {
        let request = values
            .iter()
            .fold(TestRequest::default(), |request, value| request.append_header((HEADER, *value)));
        read(&request.to_http_request()).map(|_| ()).map_err(|error| error.code())
    }

    #[test]
    fn a_key_is_needed_once_and_has_1_to_128_visible_characters() {
        let longest = "k".repeat(128);
        assert_eq!(outcome(&["0196-a~!"]), Ok(()));
        assert_eq!(outcome(&[&longest]), Ok(()));
        assert_eq!(outcome(&[]), Err(ErrorCode::IdempotencyKeyRequired));
        for bad in ["", "two words", "键", &format!("{longest}k")] {
            assert_eq!(outcome(&[bad]), Err(ErrorCode::BadRequest), "{bad}");
        }
        assert_eq!(outcome(&["a", "b"]), Err(ErrorCode::BadRequest));
    }
}
