//! What the errors of one's own account mean to the caller.

use crate::error::{ApiError, ErrorCode};
use crate::service::accounts::AccountError;

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Gone => Self::new(ErrorCode::AccountDisabled).source(error),
            AccountError::Store(error) => error.into(),
        }
    }
}
