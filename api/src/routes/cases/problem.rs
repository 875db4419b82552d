//! How refusals of casework and intake look outside.

use domain::case::{Action, CaseError, TicketError};

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::service::bookings::BookingError;
use crate::service::case_body::CaseBody;
use crate::service::case_lists::StaffViewError;
use crate::service::casework::CaseworkError;
use crate::service::intake::IntakeError;
use crate::service::phone_reveals::RevealError;
use crate::service::slips::SlipError;

impl From<CaseworkError> for ApiError {
    fn from(error: CaseworkError) -> Self {
        match error {
            CaseworkError::NotFound => Self::new(ErrorCode::NotFound),
            CaseworkError::VersionConflict { current } => {
                Self::new(ErrorCode::VersionConflict).with("current", CaseBody::from(*current))
            }
            CaseworkError::WrongState { state, action, allowed_actions } => Self::new(ErrorCode::WrongState)
                .detail(format!("“{}”状态下不能{}。", state.label(), action.label()))
                .with("state", state)
                .with("allowed_actions", allowed_actions),
            CaseworkError::Refused(refused) => refused.into(),
            CaseworkError::UnknownMember => field("/member_id", "unknown", "该委员不在此工作站履职。"),
            CaseworkError::UnknownStation => {
                field("/station_id", "unknown", "没有这个工作站，或已停止受理。")
            }
            CaseworkError::UnknownDepartment { pointer } => {
                field(&pointer, "unknown", "没有这个承办单位，或已停用。")
            }
            CaseworkError::NoAssignee => field("/member_id", "required", "请选择委员或工作站。"),
            CaseworkError::Upload(error) => error.into(),
            CaseworkError::Key(error) => error.into(),
            CaseworkError::Store(error) => error.into(),
        }
    }
}

impl From<CaseError> for ApiError {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::WrongState { state, .. } => Self::new(ErrorCode::WrongState).with("state", state),
            CaseError::NotAllowed { .. } => Self::new(ErrorCode::NotAllowed),
            CaseError::ReturnsExhausted { .. } => Self::new(ErrorCode::ReturnsExhausted),
            CaseError::TooLate { .. } => Self::new(ErrorCode::TooLate),
            CaseError::BadDate { action } => {
                let pointer = match action {
                    Action::Dispatch | Action::RedirectPart => "/due_on",
                    Action::Split => "/parts",
                    _ => "/promised_on",
                };
                field(pointer, "out_of_range", "日期最早为明天，最晚为后年年底。")
            }
            CaseError::UnknownLeader { .. } => {
                field("/leading_case_id", "unknown", "没有这个办件，或不由您管理。")
            }
            CaseError::RaisedAlready { .. } => Self::new(ErrorCode::RaisedAlready),
            CaseError::LeadsOthers => Self::new(ErrorCode::LeadsOthers),
            CaseError::BadLeader { .. } => Self::new(ErrorCode::BadLeader),
            CaseError::NothingToAdd => field("/text", "required", "请填写补充内容或添加图片。"),
            CaseError::AnswerChanged => Self::new(ErrorCode::AnswerChanged),
            CaseError::Unfilled { fields } => unfilled(fields),
            CaseError::BadPartCount => {
                field("/parts", "out_of_range", "每次拆分为 2 至 6 项，一件累计最多 60 项。")
            }
            CaseError::SameDepartment { .. } => {
                field("/department_id", "duplicate", "同一承办单位只能承办其中一项。")
            }
            CaseError::UnknownPart { .. } => field("/part", "unknown", "没有这一项，或已回复、已收回。"),
            CaseError::WhichPart => field("/part", "required", "请指明是哪一项。"),
            CaseError::BadStars => field("/stars", "out_of_range", "请打 1 到 5 颗星。"),
        }
    }
}

impl From<StaffViewError> for ApiError {
    fn from(error: StaffViewError) -> Self {
        match error {
            StaffViewError::Case(error) => error.into(),
            StaffViewError::List(error) => error.into(),
        }
    }
}

impl From<IntakeError> for ApiError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Code(error) => error.into(),
            IntakeError::UnknownStation => field("/station_id", "unknown", "没有这个工作站。"),
            IntakeError::UnknownCategory => field("/category", "unknown", "没有这个诉求类别。"),
            IntakeError::UnknownMember => field("/member_id", "unknown", "没有这位委员。"),
            IntakeError::Nowhere => field("/station_id", "required", "请扫描二维码或选择工作站。"),
            IntakeError::NoStation(source) => Self::new(ErrorCode::NoStation).source(source),
            IntakeError::NotManager => Self::new(ErrorCode::NotFound),
            IntakeError::Booking(BookingError::Unknown) => {
                field("/booking_id", "unknown", "没有这个预约，或已登记过事项。")
            }
            IntakeError::Booking(error) => error.into(),
            IntakeError::Upload(error) => error.into(),
            IntakeError::Key(error) => error.into(),
            IntakeError::Store(error) => error.into(),
        }
    }
}

/// Names each open field of an answer.
fn unfilled(fields: Vec<String>) -> ApiError {
    let named =
        fields.iter().map(|field| FieldError::new("/text", "unfilled", format!("“{field}”尚未填写。")));
    let error = named.fold(ApiError::new(ErrorCode::AnswerUnfilled), ApiError::field);
    error.with("fields", fields)
}

impl From<RevealError> for ApiError {
    fn from(error: RevealError) -> Self {
        match error {
            RevealError::NotFound => Self::new(ErrorCode::NotFound),
            RevealError::NotAllowed => Self::new(ErrorCode::NotAllowed)
                .detail("联系电话只对承办委员和所在站的管理员显示；居民选择匿名的，不显示。"),
            RevealError::NoPhone => Self::new(ErrorCode::NotFound).detail("反映人没有留下联系电话。"),
            RevealError::Store(error) => error.into(),
        }
    }
}

impl From<SlipError> for ApiError {
    fn from(error: SlipError) -> Self {
        match error {
            SlipError::NotFound => Self::new(ErrorCode::NotFound),
            SlipError::NoTicket => {
                Self::new(ErrorCode::NotAllowed).detail("打印凭条需要该件的查询凭证；没有凭证的，请先补发。")
            }
            SlipError::Ticket(TicketError::NotAllowed) => Self::new(ErrorCode::NotAllowed),
            SlipError::Ticket(TicketError::HasAccount) => Self::new(ErrorCode::TicketNotNeeded),
            SlipError::Picture(error) => Self::new(ErrorCode::Internal).source(error),
            SlipError::Key(error) => error.into(),
            SlipError::Store(error) => error.into(),
        }
    }
}

fn field(pointer: &str, code: &'static str, detail: &'static str) -> ApiError {
    ApiError::invalid(vec![FieldError::new(pointer, code, detail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_out_of_range_is_shown_at_the_field_it_came_in() {
        for (action, pointer) in [(Action::Dispatch, "/due_on"), (Action::Plan, "/promised_on")] {
            let error = ApiError::from(CaseError::BadDate { action });
            assert_eq!(error.problem("r1").errors.first().map(|field| field.pointer.as_str()), Some(pointer));
        }
    }
}
