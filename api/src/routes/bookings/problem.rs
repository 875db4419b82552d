//! What the refusals of bookings mean to the caller.

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::service::bookings::BookingError;

impl From<BookingError> for ApiError {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Unknown => Self::new(ErrorCode::NotFound),
            BookingError::NoSuchSlot => {
                Self::invalid(vec![FieldError::new("/starts_at", "unknown", "没有这个时段。")])
            }
            BookingError::Closed => Self::new(ErrorCode::BookingClosed),
            BookingError::Full => Self::new(ErrorCode::SlotFull),
            BookingError::Already => Self::new(ErrorCode::AlreadyBooked),
            BookingError::WrongTime => Self::new(ErrorCode::TooLate).detail("现在不在可以操作的时间内。"),
            BookingError::WrongState { state } => Self::new(ErrorCode::WrongState)
                .detail(format!("该预约{}，不能进行此操作。", state.label()))
                .with("state", state),
            BookingError::Key(error) => error.into(),
            BookingError::Store(error) => error.into(),
        }
    }
}
