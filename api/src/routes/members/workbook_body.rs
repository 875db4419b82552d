//! Reads a workbook as a body, never more of it than allowed.

use std::future::Future;
use std::pin::Pin;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest, dev};
use futures::StreamExt;

use crate::error::{ApiError, ErrorCode};
use crate::service::administration::member_import::workbook::MOST_BYTES;

/// What browsers and programs call an xlsx file; some know no name for it.
const TYPES: [&str; 2] =
    ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"];

/// The bytes of a workbook.
#[derive(Debug)]
pub struct WorkbookBody(pub Bytes);

impl FromRequest for WorkbookBody {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let kind = value.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        let payload = payload.take();
        Box::pin(async move {
            if !TYPES.contains(&kind.as_str()) {
                return Err(
                    ApiError::new(ErrorCode::UnsupportedMediaType).detail("请发送 .xlsx 格式的表格文件。")
                );
            }
            read(payload).await.map(Self)
        })
    }
}

async fn read(mut payload: dev::Payload) -> Result<Bytes, ApiError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| ApiError::new(ErrorCode::BadRequest).source(error.to_string()))?;
        if bytes.len() + chunk.len() > MOST_BYTES {
            let mb = MOST_BYTES / (1024 * 1024);
            return Err(ApiError::new(ErrorCode::BodyTooLarge).detail(format!("文件不能超过 {mb} MB。")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
