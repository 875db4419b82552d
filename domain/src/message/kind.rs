//! The kinds of messages, and which event of a case makes which of them.

use crate::case::EventKind;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// A kind of message: people agree to a kind, and a template belongs to it.
    MessageKind {
        /// To a resident: the case is registered.
        Received = "received" "受理登记",
        /// To a resident: the case goes on.
        Progress = "progress" "办理进度",
        /// To a resident: a question to be answered.
        AskedBack = "asked_back" "请补充情况",
        /// To a resident: an answer, or a correction of one.
        Answered = "answered" "答复通知",
        /// To a resident: whether it is solved is to be said.
        ConfirmReminder = "confirm_reminder" "请确认结果",
        /// To a resident: the case has ended.
        Ended = "ended" "办结通知",
        /// To a resident: about the reception day that he has booked.
        Reception = "reception" "接待预约",
        /// To staff: a case to work on.
        NewCase = "new_case" "新派件",
        /// To an officer and those who wait for him: about a dispatched case.
        Dispatched = "dispatched" "转办",
        /// To staff: something happened to a case that they work on.
        CaseNews = "case_news" "办件动态",
        /// To staff: a deadline is near or missed, or the case was raised.
        Overdue = "overdue" "期限提醒",
        /// To a member: about his shifts.
        Shift = "shift" "轮值安排",
    }
}

impl MessageKind {
    /// Whether it is told to whoever works on a case, and not to a resident.
    #[must_use]
    pub const fn is_for_staff(self) -> bool {
        match self {
            Self::Received
            | Self::Progress
            | Self::AskedBack
            | Self::Answered
            | Self::ConfirmReminder
            | Self::Ended
            | Self::Reception => false,
            Self::NewCase | Self::Dispatched | Self::CaseNews | Self::Overdue | Self::Shift => true,
        }
    }

    /// Whether it waits for the morning when it comes up at night.
    ///
    /// Two don't: a registration is told to somebody who has just been at the counter or the phone, and a
    /// reception day that is moved or called off may begin before a message of the morning is read.
    #[must_use]
    pub const fn can_wait(self) -> bool {
        match self {
            Self::Received | Self::Reception => false,
            Self::Progress
            | Self::AskedBack
            | Self::Answered
            | Self::ConfirmReminder
            | Self::Ended
            | Self::NewCase
            | Self::Dispatched
            | Self::CaseNews
            | Self::Overdue
            | Self::Shift => true,
        }
    }
}

/// The kind of the message that tells this event to the resident, or to staff; `None` for an event that
/// nobody is told.
#[must_use]
pub const fn kind_of_event(event: EventKind, for_staff: bool) -> Option<MessageKind> {
    if for_staff { of_staff(event) } else { of_resident(event) }
}

const fn of_resident(event: EventKind) -> Option<MessageKind> {
    Some(match event {
        EventKind::Created => MessageKind::Received,
        EventKind::RequestInformation => MessageKind::AskedBack,
        EventKind::Respond | EventKind::LeaderResponded | EventKind::CorrectResponse | EventKind::Uphold => {
            MessageKind::Answered
        }
        EventKind::SecondLookAsked | EventKind::ConfirmDue => MessageKind::ConfirmReminder,
        EventKind::Expire | EventKind::Reject | EventKind::LeaderClosed => MessageKind::Ended,
        EventKind::Assign
        | EventKind::Accept
        | EventKind::Plan
        | EventKind::LeaderReopened
        | EventKind::Reassign
        | EventKind::Dispatch
        | EventKind::Split
        | EventKind::Reopen
        | EventKind::Resumed
        | EventKind::Merge
        | EventKind::Unmerge
        | EventKind::ContentRefused => MessageKind::Progress,
        EventKind::Return
        | EventKind::Supplement
        | EventKind::Withdraw
        | EventKind::RedirectPart
        | EventKind::TakeBackPart
        | EventKind::PartOverdue
        | EventKind::PartsEnded
        | EventKind::Reply
        | EventKind::SendBack
        | EventKind::Approve
        | EventKind::AnswerSubmitted
        | EventKind::Object
        | EventKind::Confirm
        | EventKind::Contest
        | EventKind::Escalate
        | EventKind::Note
        | EventKind::TicketIssued
        | EventKind::SecondLook
        | EventKind::AcceptOverdue
        | EventKind::Overdue
        | EventKind::DueSoon
        | EventKind::CalendarChanged
        | EventKind::Red
        | EventKind::Supervised
        | EventKind::ContentHeld
        | EventKind::ContentAllowed => return None,
    })
}

const fn of_staff(event: EventKind) -> Option<MessageKind> {
    Some(match event {
        EventKind::Created | EventKind::Assign | EventKind::Reassign | EventKind::Reopen => {
            MessageKind::NewCase
        }
        EventKind::Dispatch
        | EventKind::Split
        | EventKind::RedirectPart
        | EventKind::TakeBackPart
        | EventKind::PartsEnded => MessageKind::Dispatched,
        EventKind::PartOverdue
        | EventKind::Escalate
        | EventKind::AcceptOverdue
        | EventKind::Overdue
        | EventKind::DueSoon
        | EventKind::CalendarChanged
        | EventKind::Red
        | EventKind::Supervised => MessageKind::Overdue,
        EventKind::Return
        | EventKind::Supplement
        | EventKind::Withdraw
        | EventKind::Reply
        | EventKind::SendBack
        | EventKind::Approve
        | EventKind::AnswerSubmitted
        | EventKind::Object
        | EventKind::Confirm
        | EventKind::Contest
        | EventKind::Uphold
        | EventKind::Expire
        | EventKind::Resumed
        | EventKind::Reject
        | EventKind::Merge
        | EventKind::Unmerge
        | EventKind::SecondLook
        | EventKind::ContentHeld => MessageKind::CaseNews,
        EventKind::Accept
        | EventKind::RequestInformation
        | EventKind::Plan
        | EventKind::Respond
        | EventKind::LeaderResponded
        | EventKind::LeaderReopened
        | EventKind::LeaderClosed
        | EventKind::CorrectResponse
        | EventKind::SecondLookAsked
        | EventKind::ConfirmDue
        | EventKind::Note
        | EventKind::TicketIssued
        | EventKind::ContentAllowed
        | EventKind::ContentRefused => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_one_side_is_told_to_that_side_only() {
        for event in EventKind::ALL {
            let kinds = [kind_of_event(*event, false), kind_of_event(*event, true)];
            assert!(kinds[0].is_none_or(|kind| !kind.is_for_staff()), "{event}");
            assert!(kinds[1].is_none_or(MessageKind::is_for_staff), "{event}");
        }
    }

    #[test]
    fn every_kind_comes_from_an_event_or_from_the_roster() {
        for kind in MessageKind::ALL {
            let of_event = EventKind::ALL.iter().any(|event| {
                [true, false].into_iter().any(|staff| kind_of_event(*event, staff) == Some(*kind))
            });
            let of_roster = matches!(kind, MessageKind::Reception | MessageKind::Shift);
            assert!(of_event != of_roster, "{kind}");
        }
    }
}
