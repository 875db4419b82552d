//! Reads a JSON body: its type, its size, its form, and the place of every fault.

use std::future::Future;
use std::pin::Pin;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest, dev, web};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, ErrorCode, FieldError};

/// The largest JSON body: the longest texts of every field fit many times.
pub const MAX_JSON_BYTES: usize = 64 * 1024;

/// A JSON body, read in full and refused with the field at fault.
///
/// Beside the value it keeps the bytes, over which idempotency is decided.
#[derive(Debug)]
pub struct Body<T> {
    /// What was sent.
    pub value: T,
    /// The bytes as they came.
    pub bytes: web::Bytes,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let typed = check_content_type(request);
        let payload = payload.take();
        Box::pin(async move {
            typed?;
            let bytes = read(payload, MAX_JSON_BYTES, || ApiError::new(ErrorCode::BodyTooLarge)).await?;
            Ok(Self { value: parse(&bytes)?, bytes })
        })
    }
}

fn check_content_type(request: &HttpRequest) -> Result<(), ApiError> {
    if media_type(request).eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::UnsupportedMediaType).detail("请使用 application/json 发送内容。"))
}

/// What a request says that its body is, without parameters; nothing when it does not.
pub(super) fn media_type(request: &HttpRequest) -> &str {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim()
}

/// A body in full, never more of it than `most` bytes.
pub(super) async fn read(
    mut payload: dev::Payload,
    most: usize,
    too_large: impl Fn() -> ApiError,
) -> Result<web::Bytes, ApiError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| ApiError::new(ErrorCode::BadRequest).source(error.to_string()))?;
        if bytes.len() + chunk.len() > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Parses JSON; a fault of form is `bad_json`, a fault of content names its field.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if !error.inner().is_data() {
            return ApiError::new(ErrorCode::BadJson).source(error.to_string());
        }
        let mut pointer = String::new();
        for segment in error.path().iter() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
                serde_path_to_error::Segment::Map { key } => pointer.push_str(&format!("/{key}")),
                serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => {}
            }
        }
        let message = error.inner().to_string();
        if let Some(field) = missing_field(&message) {
            pointer.push_str(&format!("/{field}"));
        }
        let (code, detail) = explain(&message);
        ApiError::invalid(vec![FieldError::new(pointer, code, detail)])
    })?;
    reader.end().map_err(|error| ApiError::new(ErrorCode::BadJson).source(error.to_string()))?;
    // serde reads a struct from an array too, by the order of its fields.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(ApiError::invalid(vec![FieldError::new(
            String::new(),
            "wrong_type",
            "字段类型不正确。",
        )]));
    }
    Ok(value)
}

/// The field that serde misses: its path ends at the object that should have it.
fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

/// serde's message, sorted: it quotes names of fields, never more of the content than one value.
fn explain(message: &str) -> (&'static str, &'static str) {
    if message.starts_with("unknown field") {
        ("unknown_field", "不认识这个字段。")
    } else if message.starts_with("missing field") {
        ("required", "缺少必填字段。")
    } else if message.starts_with("duplicate field") {
        ("duplicate", "字段重复。")
    } else if message.starts_with("unknown variant") {
        ("invalid", "不是可选的值。")
    } else {
        ("wrong_type", "字段类型不正确。")
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Report {
        #[expect(dead_code, reason = "only parsed")]
        text: String,
        #[expect(dead_code, reason = "only parsed")]
        place: Option<Place>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Place {
        #[expect(dead_code, reason = "only parsed")]
        lat: f64,
    }

    fn fault(json: &str) -> (String, String) {
        let error = parse::<Report>(json.as_bytes()).unwrap_err();
        let body = serde_json::to_value(error.problem("-")).unwrap();
        let field = &body["errors"][0];
        (
            format!("{} {}", body["code"].as_str().unwrap(), field["code"].as_str().unwrap_or("-")),
            field["pointer"].as_str().unwrap_or("-").to_owned(),
        )
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let wrong = |json, code: &str, pointer: &str| {
            assert_eq!(fault(json), (code.to_owned(), pointer.to_owned()), "{json}");
        };
        wrong(r#"{"text": 1}"#, "validation_failed wrong_type", "/text");
        wrong(r#"{"text":"a","place":{"lat":"x"}}"#, "validation_failed wrong_type", "/place/lat");
        wrong(r#"{"text":"a","surprise":1}"#, "validation_failed unknown_field", "/surprise");
        wrong(r#" ["a", null]"#, "validation_failed wrong_type", "");
        wrong(r#"{}"#, "validation_failed required", "/text");
        wrong(r#"{"text":"a","place":{}}"#, "validation_failed required", "/place/lat");
        wrong(r#"{"text":"a""#, "bad_json -", "-");
        wrong(r#"{"text":"a"} more"#, "bad_json -", "-");
    }
}
