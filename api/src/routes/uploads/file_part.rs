//! Reads the one file of a multipart body, never more of it than allowed.

use actix_multipart::{Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{Bytes, BytesMut};
use futures::TryStreamExt;
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorCode, FieldError};

/// What the body holds, for its OpenAPI description.
#[derive(Debug, ToSchema)]
pub struct UploadForm {
    /// The picture. The only part; its name and its declared type do not matter.
    #[schema(value_type = String, format = Binary)]
    #[expect(dead_code, reason = "only described here; the body is read as a stream")]
    file: Vec<u8>,
}

/// What boundaries and headers of the parts may add to a file.
const FRAME_BYTES: usize = 16 * 1024;

/// How much memory the body will take; a body that says that it is too large is refused at once.
pub(super) fn expected_bytes(request: &HttpRequest, max_bytes: usize) -> Result<usize, ApiError> {
    let length: Option<usize> =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    match length {
        Some(length) if length > max_bytes.saturating_add(FRAME_BYTES) => Err(too_large(max_bytes)),
        Some(length) => Ok(length.min(max_bytes)),
        None => Ok(max_bytes),
    }
}

/// Reads the file; refuses a second part.
pub(super) async fn read(mut form: Multipart, max_bytes: usize) -> Result<Bytes, ApiError> {
    let missing = || ApiError::invalid(vec![FieldError::new("/file", "required", "请选择一张图片。")]);
    let mut part = form.try_next().await.map_err(unreadable)?.ok_or_else(missing)?;
    let mut content = BytesMut::new();
    while let Some(chunk) = part.try_next().await.map_err(unreadable)? {
        if content.len() + chunk.len() > max_bytes {
            return Err(too_large(max_bytes));
        }
        content.extend_from_slice(&chunk);
    }
    drop(part);
    if let Some(second) = form.try_next().await.map_err(unreadable)? {
        let pointer = format!("/{}", second.name().unwrap_or_default());
        let fault = FieldError::new(pointer, "unknown_field", "一次只能上传一张图片，请勿附带其他字段。");
        return Err(ApiError::invalid(vec![fault]));
    }
    if content.is_empty() {
        return Err(missing());
    }
    Ok(content.freeze())
}

fn too_large(max_bytes: usize) -> ApiError {
    let mb = max_bytes / (1024 * 1024);
    ApiError::new(ErrorCode::BodyTooLarge).detail(format!("图片不能超过 {mb} MB。"))
}

fn unreadable(error: MultipartError) -> ApiError {
    let code = match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => ErrorCode::UnsupportedMediaType,
        MultipartError::Payload(PayloadError::Overflow) => ErrorCode::BodyTooLarge,
        _ => ErrorCode::BadRequest,
    };
    let sentence = match code {
        ErrorCode::UnsupportedMediaType => "请使用 multipart/form-data 发送图片。",
        other => other.sentence(),
    };
    ApiError::new(code).detail(sentence).source(error.to_string())
}
