//! One entry of a case's history: append-only, the same shape for all kinds.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Action, PartAsked, State};
use crate::ids::{CaseId, DepartmentId, MemberId, StationId, UploadId};
use crate::role::Party;
use crate::vocabulary::{Done, Evidence, Solved, vocabulary};

vocabulary! {
    /// What happened: an action, the intake, or something that time did.
    EventKind {
        /// The case was taken in.
        Created = "created" "登记",
        /// See the action.
        Assign = "assign" "派件",
        /// See the action.
        Accept = "accept" "接件",
        /// See the action.
        Return = "return" "退回",
        /// See the action.
        Reassign = "reassign" "改派",
        /// See the action.
        RequestInformation = "request_information" "请群众补充",
        /// See the action.
        Supplement = "supplement" "补充材料",
        /// See the action.
        Dispatch = "dispatch" "转办",
        /// See the action.
        Split = "split" "拆分办理",
        /// See the action.
        RedirectPart = "redirect_part" "改转分办事项",
        /// See the action.
        TakeBackPart = "take_back_part" "收回分办事项",
        /// See the action.
        Reply = "reply" "承办回复",
        /// See the action.
        Object = "object" "退单",
        /// See the action.
        Plan = "plan" "列入计划",
        /// See the action.
        Respond = "respond" "答复",
        /// See the action.
        Approve = "approve" "签发",
        /// See the action.
        SendBack = "send_back" "退回修改",
        /// See the action.
        Confirm = "confirm" "确认办结",
        /// See the action.
        Contest = "contest" "提出异议",
        /// See the action.
        Reopen = "reopen" "重新办理",
        /// See the action.
        Uphold = "uphold" "维持答复",
        /// See the action.
        Expire = "expire" "到期办结",
        /// See the action.
        Reject = "reject" "不予受理",
        /// See the action.
        Withdraw = "withdraw" "撤回",
        /// See the action.
        Merge = "merge" "并案",
        /// See the action.
        Unmerge = "unmerge" "取消并案",
        /// See the action.
        Escalate = "escalate" "督办",
        /// See the action.
        Note = "note" "内部备注",
        /// See the action.
        CorrectResponse = "correct_response" "更正答复",
        /// See the action.
        SecondLook = "second_look" "回访",
        /// The resident was asked whether it was really done.
        SecondLookAsked = "second_look_asked" "请群众回访",
        /// The resident was reminded that the time to confirm ends.
        ConfirmDue = "confirm_due" "提醒确认",
        /// The member has written the answer; the manager has to sign it off.
        AnswerSubmitted = "answer_submitted" "答复待签发",
        /// The member has not accepted in time.
        AcceptOverdue = "accept_overdue" "逾期未接件",
        /// A department has not replied for its part in time.
        PartOverdue = "part_overdue" "分办逾期未回复",
        /// The case has left the departments that had a part of it.
        PartsEnded = "parts_ended" "分办终止",
        /// 70 % of the time is over.
        DueSoon = "due_soon" "临期提醒",
        /// The answer is late: yellow.
        Overdue = "overdue" "超期",
        /// Two working days late: the manager is told.
        Red = "red" "严重超期",
        /// Five working days late: the committee is told.
        Supervised = "supervised" "督办提级",
        /// The resident did not answer in time; the case goes on.
        Resumed = "resumed" "恢复办理",
        /// The leading case was answered, for this one too.
        LeaderResponded = "leader_responded" "并案答复",
        /// The leading case was taken up again.
        LeaderReopened = "leader_reopened" "并案重新办理",
        /// The leading case was closed, and this one with it.
        LeaderClosed = "leader_closed" "并案办结",
        /// The manager has given a new case ticket; the one before opens nothing any more.
        TicketIssued = "ticket_issued" "补发查询凭证",
        /// The calendar was corrected, and deadlines moved with it.
        CalendarChanged = "calendar_changed" "期限调整",
        /// Words or pictures are held back until a person has looked at them.
        ContentHeld = "content_held" "内容待审核",
        /// A person found that what was held back may be shown.
        ContentAllowed = "content_allowed" "内容审核通过",
        /// A person found that what was held back must not be shown.
        ContentRefused = "content_refused" "内容不予显示",
    }
}

impl EventKind {
    /// Whether the resident sees that it happened.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(
            self,
            Self::Note
                | Self::DueSoon
                | Self::AcceptOverdue
                | Self::Reply
                | Self::Object
                | Self::RedirectPart
                | Self::TakeBackPart
                | Self::PartOverdue
                | Self::PartsEnded
                | Self::Red
                | Self::Return
                | Self::AnswerSubmitted
                | Self::Approve
                | Self::SendBack
                | Self::ContentHeld
                | Self::ContentAllowed
        )
    }

    /// Whether the resident also reads its words. Reasons among staff are not for him.
    #[must_use]
    pub const fn has_public_text(self) -> bool {
        self.is_public()
            && !matches!(
                self,
                Self::Assign
                    | Self::Reassign
                    | Self::Dispatch
                    | Self::Split
                    | Self::Escalate
                    | Self::Supervised
            )
    }
}

impl From<Action> for EventKind {
    fn from(action: Action) -> Self {
        match action {
            Action::Assign => Self::Assign,
            Action::Accept => Self::Accept,
            Action::Return => Self::Return,
            Action::Reassign => Self::Reassign,
            Action::RequestInformation => Self::RequestInformation,
            Action::Supplement => Self::Supplement,
            Action::Dispatch => Self::Dispatch,
            Action::Split => Self::Split,
            Action::RedirectPart => Self::RedirectPart,
            Action::TakeBackPart => Self::TakeBackPart,
            Action::Reply => Self::Reply,
            Action::Object => Self::Object,
            Action::Plan => Self::Plan,
            Action::Respond => Self::Respond,
            Action::Approve => Self::Approve,
            Action::SendBack => Self::SendBack,
            Action::Confirm => Self::Confirm,
            Action::Contest => Self::Contest,
            Action::Reopen => Self::Reopen,
            Action::Uphold => Self::Uphold,
            Action::Expire => Self::Expire,
            Action::Reject => Self::Reject,
            Action::Withdraw => Self::Withdraw,
            Action::Merge => Self::Merge,
            Action::Unmerge => Self::Unmerge,
            Action::Escalate => Self::Escalate,
            Action::Note => Self::Note,
            Action::CorrectResponse => Self::CorrectResponse,
            Action::SecondLook => Self::SecondLook,
        }
    }
}

/// What belongs to an event beyond its kind; absent parts are not stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventBody {
    /// The words: reason, question, answer, promise, note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The words that they take the place of, as they were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_text: Option<String>,
    /// Why, where the words are something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The member from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// The member until now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_member_id: Option<MemberId>,
    /// The station from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station_id: Option<StationId>,
    /// The department asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// The department asked until now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_department_id: Option<DepartmentId>,
    /// The part of a split case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<i16>,
    /// The parts of a split case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartAsked>,
    /// The entry of the answer that was signed off or given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<i32>,
    /// The entry whose words or pictures were held back, or decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<i32>,
    /// The leading case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leading_case_id: Option<CaseId>,
    /// How high it was raised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<i16>,
    /// What an answer rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What the resident says of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// What the resident says weeks later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<Done>,
    /// 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stars: Option<i16>,
    /// The date promised or asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The deadline that follows from the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// The deadline that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_due_at: Option<DateTime<Utc>>,
    /// The terms, in working days, that its deadlines were made of.
    #[serde(skip_serializing_if = "DaysGiven::is_empty")]
    pub days: DaysGiven,
    /// Whether an answer came after its due time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// Pictures with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uploads: Vec<UploadId>,
}

/// The terms that an event has set running, in working days: by them its deadlines are counted again when
/// the calendar is corrected, whatever the terms are by then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DaysGiven {
    /// To accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept: Option<u32>,
    /// To answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond: Option<u32>,
    /// To reply; none where a date was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<u32>,
    /// To object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<u32>,
}

impl DaysGiven {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An event that a decision adds to the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What happened.
    pub kind: EventKind,
    /// The state before; none for the intake.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// In what capacity somebody did it.
    pub party: Party,
    /// When.
    pub at: DateTime<Utc>,
    /// The rest.
    pub body: EventBody,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_an_event_of_the_same_word() {
        for action in Action::ALL {
            assert_eq!(EventKind::from(*action).as_str(), action.as_str());
        }
    }

    #[test]
    fn a_note_is_never_public() {
        assert!(!EventKind::Note.is_public() && !EventKind::Note.has_public_text());
    }
}
