//! What time does to a case: reminders, stages of lateness, going on after a question, expiry, the second look.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Case, Command, Context, Decision, EventBody, EventKind, NewEvent, State, Supervision, clock, decide,
    parts,
};
use crate::deadline::{self, Stage};
use crate::role::{Party, Standing};

/// When time has something to do with the case next; in the past when it is late already.
///
/// An open case has such an instant until the last stage of lateness has been announced.
#[must_use]
pub fn next_wake_at(case: &Case, context: &Context<'_>) -> Option<DateTime<Utc>> {
    let accept = case.accept_by.filter(|_| case.state == State::Assigned && case.accept_overdue_at.is_none());
    let stage = clock::staged(case, context).and_then(|running| {
        if clock::stage(case, context) > case.stage {
            return Some(context.now);
        }
        deadline::next_stage_at(context.calendar, running.started_at, running.due_at, context.now)
            .map(|(at, _)| at)
    });
    let confirm = case.confirm_by.filter(|_| case.state == State::Responded);
    let reminder = case.confirm_reminder_at.filter(|_| case.state == State::Responded);
    let look = case.second_look_at.filter(|_| case.state == State::Closed);
    let reply = parts::next_late_at(case);
    [accept, stage, confirm, reminder, look, reply, clock::resident_by(case, context)]
        .into_iter()
        .flatten()
        .min()
}

/// Lets time work on the case; `None` when nothing is due. Doing it twice changes nothing more.
#[must_use]
pub fn tick(case: &Case, context: &Context<'_>) -> Option<Decision> {
    let mut after = case.clone();
    let mut events = Vec::new();
    if clock::resident_by(&after, context).is_some_and(|by| by <= context.now) {
        let before = after.clone();
        after.state = State::InProgress;
        clock::settle(&before, &mut after, context);
        events.push(event(EventKind::Resumed, &before, &after, context));
    }
    if after.state == State::Responded
        && let Ok(expired) = decide(&after, &Command::Expire, Standing::of(Party::System), context)
    {
        return Some(expired);
    }
    if after.state == State::Responded && after.confirm_reminder_at.is_some_and(|at| at <= context.now) {
        after.confirm_reminder_at = None;
        let mut reminded = event(EventKind::ConfirmDue, &after, &after, context);
        reminded.body.due_at = after.confirm_by;
        events.push(reminded);
    }
    if after.state == State::Assigned
        && after.accept_overdue_at.is_none()
        && after.accept_by.is_some_and(|by| by <= context.now)
    {
        after.accept_overdue_at = Some(context.now);
        events.push(event(EventKind::AcceptOverdue, &after, &after, context));
    }
    events.extend(parts::announce_late(&mut after, context.now));
    let stage = clock::stage(&after, context);
    if stage > after.stage {
        after.stage = stage;
        let (kind, level) = match stage {
            Stage::OnTime | Stage::DueSoon => (EventKind::DueSoon, 0),
            Stage::Overdue => (EventKind::Overdue, 0),
            Stage::Red => (EventKind::Red, Supervision::Station.number()),
            Stage::Supervised => (EventKind::Supervised, Supervision::Committee.number()),
        };
        after.escalation_level = after.escalation_level.max(level);
        events.push(event(kind, &after, &after, context));
    }
    if after.state == State::Closed && after.second_look_at.is_some_and(|at| at <= context.now) {
        let by = context.now + TimeDelta::days(i64::from(context.terms.confirm_days));
        (after.second_look_at, after.second_look_by) = (None, Some(by));
        let mut asked = event(EventKind::SecondLookAsked, &after, &after, context);
        asked.body.due_at = Some(by);
        events.push(asked);
    }
    if events.is_empty() {
        return None;
    }
    after.event_seq += i32::try_from(events.len()).unwrap_or(1);
    after.version += 1;
    Some(Decision { case: after, events })
}

fn event(kind: EventKind, before: &Case, after: &Case, context: &Context<'_>) -> NewEvent {
    let body =
        EventBody { member_id: after.member_id, due_at: Some(after.respond_by), ..EventBody::default() };
    NewEvent { kind, from: Some(before.state), to: after.state, party: Party::System, at: context.now, body }
}
