//! What the refusals of the roster mean to the caller.

use domain::reception::{PatternError, SlotError};

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::service::roster::RosterError;

impl From<RosterError> for ApiError {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::Unknown => Self::new(ErrorCode::NotFound),
            RosterError::NotAllowed => Self::new(ErrorCode::NotAllowed),
            RosterError::NotServing => field("/member_id", "not_serving", "该委员不在这个工作站履职。"),
            RosterError::NotTheirs => {
                field("/in_return_shift_id", "unknown", "没有这个班次，或不是这位委员的。")
            }
            RosterError::BadHours => {
                field("/starts_at", "out_of_range", "时间应为整分钟，先开始后结束，不能过去，也不能太远。")
            }
            RosterError::BadSlots(SlotError::Minutes) => {
                field("/slots/minutes", "out_of_range", "每个时段应为 5 到 240 分钟。")
            }
            RosterError::BadSlots(SlotError::Capacity) => {
                field("/slots/capacity", "out_of_range", "每个时段应为 1 到 50 人。")
            }
            RosterError::BadSlots(SlotError::TooShort) => {
                field("/slots/minutes", "too_long", "接待时间不足一个时段。")
            }
            RosterError::BadPattern(PatternError::Days) => {
                field("/recurrence", "invalid", "日期应为每月 1 到 31 日，或每周 1 到 7，且不重复。")
            }
            RosterError::BadPattern(PatternError::EndsBefore) => {
                field("/until_on", "out_of_range", "结束日期不能早于开始日期。")
            }
            RosterError::Overlaps => Self::new(ErrorCode::ShiftOverlaps),
            RosterError::TooLate => {
                Self::new(ErrorCode::TooLate).detail("这个班次已结束、已取消或已有答复，不能再修改。")
            }
            RosterError::HasBookings => Self::new(ErrorCode::HasBookings),
            RosterError::AlreadyOffered => Self::new(ErrorCode::AlreadyOffered),
            RosterError::Key(error) => error.into(),
            RosterError::Store(error) => error.into(),
        }
    }
}

fn field(pointer: &str, code: &'static str, detail: &'static str) -> ApiError {
    ApiError::invalid(vec![FieldError::new(pointer, code, detail)])
}
