//! What the errors of invitations mean to the caller.

use crate::error::{ApiError, ErrorCode};
use crate::service::invitations::InvitationError;

impl From<InvitationError> for ApiError {
    fn from(error: InvitationError) -> Self {
        let code = match error {
            InvitationError::WeChat(error) => return error.into(),
            InvitationError::Store(error) => return error.into(),
            InvitationError::Key(error) => return error.into(),
            InvitationError::NotAllowed => ErrorCode::NotAllowed,
            InvitationError::UnknownScope => ErrorCode::NotFound,
            InvitationError::Invalid(_) => ErrorCode::InvitationInvalid,
        };
        Self::new(code).source(error)
    }
}
