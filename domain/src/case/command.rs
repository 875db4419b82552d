//! Actions with what they need, already checked.

use chrono::NaiveDate;

use super::{Action, PartRequest};
use crate::ids::{CaseId, DepartmentId, MemberId, StationId, UploadId};
use crate::text::{AnswerText, Comment, Reason, Remark};
use crate::vocabulary::{Done, Evidence, Solved};

/// Where a case goes when it is assigned or reassigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignee {
    /// The station that is responsible from now on.
    pub station_id: StationId,
    /// The member; without one the case waits for that station's manager.
    pub member_id: Option<MemberId>,
}

/// One action with its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// See [`Action::Assign`].
    Assign {
        /// To whom.
        to: Assignee,
        /// Why; the routing's sentences when the system assigns.
        reason: Reason,
    },
    /// See [`Action::Accept`].
    Accept,
    /// See [`Action::Return`].
    Return {
        /// Why.
        reason: Reason,
    },
    /// See [`Action::Reassign`].
    Reassign {
        /// To whom.
        to: Assignee,
        /// Why.
        reason: Reason,
    },
    /// See [`Action::RequestInformation`].
    RequestInformation {
        /// What the resident is asked.
        question: Remark,
    },
    /// See [`Action::Supplement`].
    Supplement {
        /// What is added in words.
        text: Option<AnswerText>,
        /// What is added in pictures.
        uploads: Vec<UploadId>,
    },
    /// See [`Action::Dispatch`].
    Dispatch {
        /// Who is asked.
        department_id: DepartmentId,
        /// For what.
        request: Remark,
        /// Until when; the committee's term when absent.
        due_on: Option<NaiveDate>,
    },
    /// See [`Action::Split`].
    Split {
        /// Who is asked for what, in order.
        parts: Vec<PartRequest>,
    },
    /// See [`Action::RedirectPart`].
    RedirectPart {
        /// The part.
        part: i16,
        /// Who is asked now.
        department_id: DepartmentId,
        /// For what; as before when absent.
        request: Option<Remark>,
        /// Until when; the committee's term when absent.
        due_on: Option<NaiveDate>,
    },
    /// See [`Action::TakeBackPart`].
    TakeBackPart {
        /// The part.
        part: i16,
        /// Why.
        reason: Reason,
    },
    /// See [`Action::Reply`].
    Reply {
        /// The part of a split case; may be absent for an officer who has one.
        part: Option<i16>,
        /// The department's part.
        text: AnswerText,
        /// Pictures with it.
        uploads: Vec<UploadId>,
    },
    /// See [`Action::Object`].
    Object {
        /// The part of a split case; may be absent for an officer who has one.
        part: Option<i16>,
        /// Why the department is not the right one.
        reason: Reason,
    },
    /// See [`Action::Plan`].
    Plan {
        /// What is promised.
        promise: Remark,
        /// Until when.
        promised_on: NaiveDate,
    },
    /// See [`Action::Respond`].
    Respond {
        /// The answer.
        text: AnswerText,
        /// What it rests on.
        evidence: Evidence,
        /// Pictures with it.
        uploads: Vec<UploadId>,
    },
    /// See [`Action::Approve`].
    Approve {
        /// The number of its entry in the history.
        answer: i32,
    },
    /// See [`Action::SendBack`].
    SendBack {
        /// The number of its entry in the history.
        answer: i32,
        /// What is to be put right.
        reason: Reason,
    },
    /// See [`Action::Confirm`].
    Confirm {
        /// Solved, or in part.
        solved: Solved,
        /// 1 to 5.
        stars: i16,
        /// A few words.
        comment: Option<Comment>,
    },
    /// See [`Action::Contest`].
    Contest {
        /// What is not solved.
        reason: Reason,
        /// 1 to 5.
        stars: Option<i16>,
    },
    /// See [`Action::Reopen`].
    Reopen {
        /// Why.
        reason: Reason,
    },
    /// See [`Action::Uphold`].
    Uphold {
        /// Why the answer stands.
        explanation: Remark,
    },
    /// See [`Action::Expire`].
    Expire,
    /// See [`Action::Reject`].
    Reject {
        /// Why, shown to the resident.
        reason: Reason,
    },
    /// See [`Action::Withdraw`].
    Withdraw {
        /// Why, if the resident says so.
        reason: Option<Reason>,
    },
    /// See [`Action::Merge`].
    Merge {
        /// The case to follow; [`Context::leader`](super::Context::leader) says whether it can lead.
        leading_case_id: CaseId,
    },
    /// See [`Action::Unmerge`].
    Unmerge,
    /// See [`Action::Escalate`].
    Escalate {
        /// Why.
        reason: Reason,
    },
    /// See [`Action::Note`].
    Note {
        /// For staff only.
        text: Remark,
    },
    /// See [`Action::CorrectResponse`].
    CorrectResponse {
        /// The whole answer as it should be.
        text: AnswerText,
        /// Why, shown to the resident.
        reason: Reason,
    },
    /// See [`Action::SecondLook`].
    SecondLook {
        /// Whether it was really done.
        done: Done,
        /// A few words.
        comment: Option<Comment>,
    },
}

impl Command {
    /// The action's name.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Assign { .. } => Action::Assign,
            Self::Accept => Action::Accept,
            Self::Return { .. } => Action::Return,
            Self::Reassign { .. } => Action::Reassign,
            Self::RequestInformation { .. } => Action::RequestInformation,
            Self::Supplement { .. } => Action::Supplement,
            Self::Dispatch { .. } => Action::Dispatch,
            Self::Split { .. } => Action::Split,
            Self::RedirectPart { .. } => Action::RedirectPart,
            Self::TakeBackPart { .. } => Action::TakeBackPart,
            Self::Reply { .. } => Action::Reply,
            Self::Object { .. } => Action::Object,
            Self::Plan { .. } => Action::Plan,
            Self::Respond { .. } => Action::Respond,
            Self::Approve { .. } => Action::Approve,
            Self::SendBack { .. } => Action::SendBack,
            Self::Confirm { .. } => Action::Confirm,
            Self::Contest { .. } => Action::Contest,
            Self::Reopen { .. } => Action::Reopen,
            Self::Uphold { .. } => Action::Uphold,
            Self::Expire => Action::Expire,
            Self::Reject { .. } => Action::Reject,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::Merge { .. } => Action::Merge,
            Self::Unmerge => Action::Unmerge,
            Self::Escalate { .. } => Action::Escalate,
            Self::Note { .. } => Action::Note,
            Self::CorrectResponse { .. } => Action::CorrectResponse,
            Self::SecondLook { .. } => Action::SecondLook,
        }
    }

    /// The pictures that come with it.
    #[must_use]
    pub fn uploads(&self) -> &[UploadId] {
        match self {
            Self::Supplement { uploads, .. }
            | Self::Reply { uploads, .. }
            | Self::Respond { uploads, .. } => uploads,
            _ => &[],
        }
    }
}
