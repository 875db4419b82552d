//! What the errors of sessions and of WeChat mean to the caller.

use crate::error::{ApiError, ErrorCode};
use crate::service::sessions::SessionError;
use crate::wechat::{Class, WeChatError};

impl From<WeChatError> for ApiError {
    fn from(error: WeChatError) -> Self {
        let answer = match &error {
            WeChatError::UnusablePhone => Self::new(ErrorCode::WechatCodeInvalid),
            WeChatError::Limited { retry_after, .. } => {
                Self::new(ErrorCode::WechatUnavailable).retry_after(*retry_after)
            }
            WeChatError::NotConfigured
            | WeChatError::UnknownApp { .. }
            | WeChatError::Timeout
            | WeChatError::Transport(_)
            | WeChatError::BadBody { .. } => Self::new(ErrorCode::WechatUnavailable),
            WeChatError::Refused(refusal) if refusal.blocks_user() => Self::new(ErrorCode::WechatUserBlocked),
            WeChatError::Refused(refusal) => match refusal.class() {
                Class::Refused | Class::Business => Self::new(ErrorCode::WechatCodeInvalid),
                Class::Retry(after) => Self::new(ErrorCode::WechatUnavailable).retry_after(after),
                Class::RefreshToken | Class::Quota | Class::Operator | Class::Bug => {
                    Self::new(ErrorCode::WechatUnavailable)
                }
            },
        };
        answer.source(error)
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        let code = match error {
            SessionError::WeChat(error) => return error.into(),
            SessionError::Store(error) => return error.into(),
            SessionError::LoginDelayed(wait) => {
                let wait = wait.to_std().unwrap_or_default();
                return Self::new(ErrorCode::LoginDelayed).retry_after(wait);
            }
            SessionError::LoginFailed => ErrorCode::LoginFailed,
            SessionError::AccountDisabled => ErrorCode::AccountDisabled,
            SessionError::RefreshTokenInvalid(_) => ErrorCode::RefreshTokenInvalid,
            SessionError::Password(_) | SessionError::Seal(_) | SessionError::Token(_) => ErrorCode::Internal,
        };
        Self::new(code).source(error)
    }
}
