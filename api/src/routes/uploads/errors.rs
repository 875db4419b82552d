//! What the errors of pictures become on the wire.

use std::time::Duration;

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::media::{DevelopError, PictureError};
use crate::service::uploads::{ClaimError, MAX_PER_EVENT, UploadError};

/// When to come back after all places were taken: by then a dozen pictures are done.
const BUSY: Duration = Duration::from_secs(5);

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::NotFound => Self::new(ErrorCode::NotFound),
            UploadError::Develop(DevelopError::Busy(busy)) => {
                Self::new(ErrorCode::Unavailable).retry_after(BUSY).source(busy)
            }
            UploadError::Develop(DevelopError::Picture(refused)) => Self::new(match refused {
                PictureError::Unsupported => ErrorCode::UnsupportedPicture,
                PictureError::Broken => ErrorCode::BrokenPicture,
                PictureError::TooLarge => ErrorCode::PictureTooLarge,
            }),
            // Only what no decoder can read makes one panic.
            UploadError::Develop(panicked @ DevelopError::Panicked(_)) => {
                Self::new(ErrorCode::BrokenPicture).source(panicked)
            }
            UploadError::Idempotency(error) => error.into(),
            UploadError::Files(error) => Self::new(ErrorCode::Unavailable).source(error),
            UploadError::Store(error) => error.into(),
        }
    }
}

impl From<ClaimError> for ApiError {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::TooMany => Self::invalid(vec![FieldError::new(
                "/uploads",
                "too_many",
                format!("最多可以上传 {MAX_PER_EVENT} 张图片。"),
            )]),
            ClaimError::UploadUnknown { index } => {
                let code = ErrorCode::UploadUnknown;
                let pointer = format!("/uploads/{index}");
                Self::new(code).field(FieldError::new(pointer, code.as_str(), code.sentence()))
            }
            ClaimError::Store(error) => error.into(),
        }
    }
}
