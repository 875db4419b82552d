//! The clocks of a case: which one runs, when it stands still, and how much of it is left.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Case, Context, State, parts};
use crate::calendar::end_of_business;
use crate::deadline::{self, Stage};

/// So long before the time to confirm ends the resident is reminded of it: enough for a weekend away.
const REMINDED_BEFORE: TimeDelta = TimeDelta::days(3);

/// The clock that counts now: when it started and when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RunningClock {
    pub(super) started_at: DateTime<Utc>,
    pub(super) due_at: DateTime<Utc>,
}

/// The clock whose lateness has stages: the answer's, or the promise's while planned.
pub(super) fn staged(case: &Case, context: &Context<'_>) -> Option<RunningClock> {
    if case.state == State::Planned {
        let due_at = end_of_business(case.promised_on?);
        return Some(RunningClock { started_at: case.stopped_at?, due_at });
    }
    // Moving the start by all stops keeps the length of the term, so that 70 % stays 70 %.
    case.state.clock_runs().then(|| RunningClock {
        started_at: context.calendar.add_working_time(case.created_at, case.stopped_total),
        due_at: case.respond_by,
    })
}

/// Whether the running clock is past its end.
pub(super) fn is_overdue(case: &Case, now: DateTime<Utc>) -> bool {
    match case.state {
        State::Planned => case.promised_on.is_some_and(|date| now >= end_of_business(date)),
        state => state.clock_runs() && now >= case.respond_by,
    }
}

/// The working time for which the case may still wait for the resident.
pub(super) fn waiting_left(case: &Case, context: &Context<'_>) -> TimeDelta {
    TimeDelta::days(i64::from(context.terms.resident_days)) - case.waited_total
}

/// When a case that waits for the resident goes on by itself.
pub(super) fn resident_by(case: &Case, context: &Context<'_>) -> Option<DateTime<Utc>> {
    let stopped_at = case.stopped_at.filter(|_| case.state == State::AwaitingResident)?;
    Some(context.calendar.add_working_time(stopped_at, waiting_left(case, context)))
}

/// When the resident is reminded that the time to confirm ends; never, where that is so near that the answer
/// itself says so.
pub(super) fn reminder_of(confirm_by: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(confirm_by - REMINDED_BEFORE).filter(|at| *at > now)
}

/// Brings the clocks in line with the state that `after` has come to from `before`.
pub(super) fn settle(before: &Case, after: &mut Case, context: &Context<'_>) {
    if before.state != after.state {
        if let Some(stopped_at) = after.stopped_at.take() {
            let stood_still = context.calendar.working_time_between(stopped_at, context.now);
            after.respond_by = deadline::resume(context.calendar, after.respond_by, stopped_at, context.now);
            after.stopped_total += stood_still;
            if before.state == State::AwaitingResident {
                after.waited_total += stood_still;
            }
            if before.state == State::Merged && after.state == State::Responded {
                // The resident could not confirm or contest meanwhile.
                after.confirm_by = after.confirm_by.map(|by| by + (context.now - stopped_at));
                after.confirm_reminder_at = after.confirm_by.and_then(|by| reminder_of(by, context.now));
            }
        }
        if !after.state.clock_runs() {
            after.stopped_at = Some(context.now);
        }
        let looks_again = after.second_look.filter(|_| after.state == State::Closed);
        let weeks = TimeDelta::days(i64::from(context.terms.second_look_days));
        (after.second_look_at, after.second_look_by) = (looks_again.map(|_| context.now + weeks), None);
        if after.state != State::Dispatched {
            (after.department_id, after.reply_by, after.object_by) = (None, None, None);
            parts::end_all(after, context.now);
        }
        if after.state != State::Planned {
            after.promised_on = None;
        }
        if after.state != State::Responded {
            after.confirm_reminder_at = None;
        }
        if after.state != State::Assigned {
            after.accept_by = None;
        }
        if matches!(before.state, State::Contested | State::Closed) && after.state.is_before_response() {
            // It is taken up anew: whoever looked after it the last time has done so.
            after.escalation_level = 0;
        }
        if after.state == State::Merged {
            after.merged_from = Some(match before.state {
                // A pause, a promise or a department's turn ends with the merge: coming back, the
                // member works on.
                State::AwaitingResident | State::Planned | State::Dispatched => State::InProgress,
                other => other,
            });
        }
    }
    after.stage = after.stage.min(stage(after, context));
}

/// How late the running clock is; on time when none runs.
pub(super) fn stage(case: &Case, context: &Context<'_>) -> Stage {
    staged(case, context).map_or(case.stage, |clock| {
        deadline::stage(context.calendar, clock.started_at, clock.due_at, context.now)
    })
}
