//! What the refusals of the content check mean to the caller.

use crate::error::{ApiError, ErrorCode};
use crate::service::content::HeldError;

impl From<HeldError> for ApiError {
    fn from(error: HeldError) -> Self {
        match error {
            HeldError::Unknown => Self::new(ErrorCode::NotFound),
            HeldError::NotAllowed(error) => Self::new(ErrorCode::NotAllowed).source(error),
            HeldError::Settled { state } => Self::new(ErrorCode::WrongState)
                .detail(format!("该内容{}，不能再审核。", state.label()))
                .with("state", state),
            HeldError::Key(error) => error.into(),
            HeldError::Store(error) => error.into(),
        }
    }
}
