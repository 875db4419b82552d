//! Whether a case that is taken up again can go back to its member.

use chrono::{DateTime, Utc};

use super::{Case, Command, Context, EventBody, State};

/// Whether the member of a case is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Presence {
    /// He is in office, and here.
    #[default]
    Here,
    /// He is in office, and absent until then.
    AwayUntil(DateTime<Utc>),
    /// He has left.
    Left,
}

/// A case does not go back to a member who has left, or who is away for longer than one may take to accept
/// a case: its manager decides at once, instead of nobody.
pub(super) fn give_to_manager_if_away(
    case: &mut Case,
    command: &Command,
    body: &mut EventBody,
    context: &Context<'_>,
) {
    if !matches!(command, Command::Reopen { .. } | Command::Unmerge) {
        return;
    }
    let back_by = context.calendar.end_of_working_day_after(context.now, context.terms.accept_days);
    let is_away = match context.presence {
        Presence::Here => false,
        Presence::AwayUntil(until) => until > back_by,
        Presence::Left => true,
    };
    if is_away && matches!(case.state, State::Assigned | State::InProgress) {
        body.from_member_id = case.member_id.take();
        body.days.accept = None;
        (case.accept_overdue_at, case.accept_by) = (None, None);
        case.state = State::Received;
    }
}
