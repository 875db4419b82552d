//! Who is told of what: one table.

use domain::case::EventKind;

use super::Reader;

/// Somebody to be told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Who raised the case, if with an account.
    Resident,
    /// The accounts of the responsible member.
    Member,
    /// The accounts of the member until then.
    FormerMember,
    /// The managers of the responsible station.
    Managers,
    /// The member; where there is none, the managers.
    Handler,
    /// The officers of the departments asked.
    Officers,
    /// The admins of the case's committee.
    Committee,
    /// Those to whose level the case was raised, above its station.
    Supervisors,
}

impl Audience {
    /// In whose words the message is.
    #[must_use]
    pub const fn reader(self) -> Reader {
        match self {
            Self::Resident => Reader::Resident,
            Self::Member
            | Self::FormerMember
            | Self::Managers
            | Self::Handler
            | Self::Officers
            | Self::Committee
            | Self::Supervisors => Reader::Staff,
        }
    }
}

/// Who is told of an event of this kind; whoever did it is left out later.
#[must_use]
pub const fn audience(kind: EventKind) -> &'static [Audience] {
    use Audience::{Committee, FormerMember, Handler, Managers, Member, Officers, Resident, Supervisors};
    match kind {
        EventKind::Created => &[Resident, Handler],
        EventKind::Assign => &[Resident, Member],
        EventKind::Accept
        | EventKind::RequestInformation
        | EventKind::Plan
        | EventKind::Respond
        | EventKind::LeaderResponded
        | EventKind::LeaderReopened
        | EventKind::LeaderClosed => &[Resident],
        EventKind::Return => &[Managers],
        EventKind::Reassign => &[Resident, Handler, FormerMember],
        EventKind::Supplement | EventKind::Withdraw => &[Handler],
        EventKind::Dispatch | EventKind::Split => &[Resident, Member, Officers],
        EventKind::RedirectPart | EventKind::TakeBackPart => &[Officers, Member],
        EventKind::PartOverdue => &[Officers, Member, Managers],
        EventKind::PartsEnded => &[Officers],
        EventKind::Reply | EventKind::SendBack | EventKind::Approve => &[Member],
        EventKind::AnswerSubmitted => &[Managers],
        EventKind::Object => &[Member, Managers],
        EventKind::Confirm => &[Member],
        EventKind::Contest => &[Member, Managers],
        EventKind::Reopen => &[Resident, Handler, FormerMember],
        EventKind::Uphold | EventKind::Expire | EventKind::Resumed => &[Resident, Member],
        EventKind::Reject | EventKind::Merge | EventKind::Unmerge => &[Resident, Handler],
        EventKind::Escalate => &[Handler, Managers, Supervisors],
        EventKind::Note | EventKind::TicketIssued | EventKind::ContentAllowed => &[],
        EventKind::ContentHeld => &[Managers],
        EventKind::ContentRefused => &[Resident],
        EventKind::CorrectResponse | EventKind::SecondLookAsked | EventKind::ConfirmDue => &[Resident],
        EventKind::SecondLook => &[Member, Managers],
        EventKind::AcceptOverdue | EventKind::Overdue => &[Member, Managers],
        EventKind::DueSoon | EventKind::CalendarChanged => &[Handler],
        EventKind::Red | EventKind::Supervised => &[Member, Managers, Committee],
    }
}
