//! Reads a workbook as a body, never more of it than allowed.

use std::future::Future;
use std::pin::Pin;

use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, dev};

use crate::error::{ApiError, ErrorCode};
use crate::routes::body::{media_type, read};
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
        let kind = media_type(request);
        let is_workbook = TYPES.iter().any(|known| kind.eq_ignore_ascii_case(known));
        let payload = payload.take();
        Box::pin(async move {
            if !is_workbook {
                return Err(
                    ApiError::new(ErrorCode::UnsupportedMediaType).detail("请发送 .xlsx 格式的表格文件。")
                );
            }
            read(payload, MOST_BYTES, too_large).await.map(Self)
        })
    }
}

fn too_large() -> ApiError {
    let mb = MOST_BYTES / (1024 * 1024);
    ApiError::new(ErrorCode::BodyTooLarge).detail(format!("文件不能超过 {mb} MB。"))
}
