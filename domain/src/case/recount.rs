//! Counting a case's deadlines again by a corrected calendar.
//!
//! The history decides: which terms were given when, and how long the clock stood still. So a case gets
//! the deadlines that it would have, had the calendar been right from the beginning, and doing it twice
//! changes nothing more. What was done meanwhile stays done.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Case, Context, DaysGiven, EventBody, EventKind, NewEvent, State, clock, parts};
use crate::calendar::{CalendarHistory, SHANGHAI};
use crate::deadline;
use crate::role::Party;
use crate::vocabulary::vocabulary;

/// Stored times are cut to microseconds and sums to seconds: less than this is no difference.
const SAME_INSTANT: TimeDelta = TimeDelta::seconds(1);
/// The same for sums of several pauses.
const SAME_TIME: TimeDelta = TimeDelta::minutes(1);

vocabulary! {
    /// A deadline of a case that is counted in working days.
    CaseClock {
        /// Until when the member accepts.
        Accept = "accept" "接件期限",
        /// Until when the resident is answered.
        Respond = "respond" "答复期限",
        /// Until when the department replies.
        Reply = "reply" "承办单位回复期限",
        /// Until when the department may object.
        Object = "object" "承办单位退单期限",
    }
}

/// A deadline that a corrected calendar has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedDeadline {
    /// Which one.
    pub clock: CaseClock,
    /// When it was.
    pub before: DateTime<Utc>,
    /// When it is now.
    pub after: DateTime<Utc>,
}

impl MovedDeadline {
    /// Whether it is more than what storing cuts off.
    pub(super) fn is_real(&self) -> bool {
        (self.after - self.before).abs() >= SAME_INSTANT
    }
}

/// A case whose deadlines were counted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// The case afterwards; how long it has waited may have changed, too.
    pub case: Case,
    /// What has moved.
    pub moved: Vec<MovedDeadline>,
    /// One event that says so, where something has moved.
    pub events: Vec<NewEvent>,
}

/// Counts the deadlines of a case again by `context.calendar`, from its whole history in order.
///
/// `calendars` tells terms that were not written down, by the calendar of their time; `source` is why the
/// calendar was corrected, as it will stand in the history. `None` when the history has no intake.
#[must_use]
pub fn recount(
    case: &Case,
    history: &[NewEvent],
    calendars: &CalendarHistory,
    context: &Context<'_>,
    source: &str,
) -> Option<Recount> {
    let (intake, later) = history.split_first().filter(|(first, _)| first.kind == EventKind::Created)?;
    let mut replay = Replay::start(intake, calendars, context)?;
    for event in later {
        replay.go_on(event, calendars, context);
    }
    let mut after = case.clone();
    let clocks = [
        (CaseClock::Respond, Some(case.respond_by), Some(replay.respond_by)),
        (CaseClock::Accept, case.accept_by, replay.accept_by),
        (CaseClock::Reply, case.reply_by, replay.reply_by),
        (CaseClock::Object, case.object_by, replay.object_by),
    ];
    let mut moved: Vec<MovedDeadline> = clocks
        .into_iter()
        .filter_map(|(clock, before, after)| Some(MovedDeadline { clock, before: before?, after: after? }))
        .filter(MovedDeadline::is_real)
        .collect();
    for moved in &moved {
        match moved.clock {
            CaseClock::Respond => after.respond_by = moved.after,
            CaseClock::Accept => after.accept_by = Some(moved.after),
            CaseClock::Reply => after.reply_by = Some(moved.after),
            CaseClock::Object => after.object_by = Some(moved.after),
        }
    }
    moved.extend(parts::recount(&mut after, context));
    for (time, counted) in
        [(&mut after.stopped_total, replay.stopped_total), (&mut after.waited_total, replay.waited_total)]
    {
        if (counted - *time).abs() >= SAME_TIME {
            *time = counted;
        }
    }
    if after.accept_by.is_some_and(|by| by > context.now) {
        // It is not late any more; should it be so again, that is announced again.
        after.accept_overdue_at = None;
    }
    after.stage = after.stage.min(clock::stage(&after, context));
    let events: Vec<NewEvent> = event(&after, &moved, context, source).into_iter().collect();
    if !events.is_empty() {
        after.event_seq += 1;
        after.version += 1;
    }
    Some(Recount { case: after, moved, events })
}

/// The clocks of a case, as far as its history has been read.
struct Replay {
    respond_by: DateTime<Utc>,
    accept_by: Option<DateTime<Utc>>,
    reply_by: Option<DateTime<Utc>>,
    object_by: Option<DateTime<Utc>>,
    stopped_at: Option<DateTime<Utc>>,
    stopped_total: TimeDelta,
    waited_total: TimeDelta,
}

impl Replay {
    fn start(intake: &NewEvent, calendars: &CalendarHistory, context: &Context<'_>) -> Option<Self> {
        let NewEvent { at, body, .. } = intake;
        let counted = || Some(calendars.at(*at).days_of_term(*at, body.due_at?));
        let days = body.days.respond.or_else(counted)?;
        let mut replay = Self {
            respond_by: context.calendar.end_of_working_day_after(*at, days),
            accept_by: None,
            reply_by: None,
            object_by: None,
            stopped_at: None,
            stopped_total: TimeDelta::zero(),
            waited_total: TimeDelta::zero(),
        };
        replay.set_terms(intake, calendars, context);
        Some(replay)
    }

    /// In the order of `decide`: first the action, then what the new state does to the clocks.
    fn go_on(&mut self, event: &NewEvent, calendars: &CalendarHistory, context: &Context<'_>) {
        self.set_terms(event, calendars, context);
        let Some(from) = event.from.filter(|from| *from != event.to) else { return };
        if let Some(stopped_at) = self.stopped_at.take() {
            let stood_still = context.calendar.working_time_between(stopped_at, event.at);
            self.respond_by = deadline::resume(context.calendar, self.respond_by, stopped_at, event.at);
            self.stopped_total += stood_still;
            if from == State::AwaitingResident {
                self.waited_total += stood_still;
            }
        }
        if !event.to.clock_runs() {
            self.stopped_at = Some(event.at);
        }
        if event.to != State::Dispatched {
            (self.reply_by, self.object_by) = (None, None);
        }
        if event.to != State::Assigned {
            self.accept_by = None;
        }
    }

    /// The deadlines that an event sets; one that does not say by which terms was made by those of now.
    fn set_terms(&mut self, event: &NewEvent, calendars: &CalendarHistory, context: &Context<'_>) {
        let due = |days: u32| context.calendar.end_of_working_day_after(event.at, days);
        let DaysGiven { accept, reply, object, .. } = event.body.days;
        match event.kind {
            EventKind::Created | EventKind::Assign | EventKind::Reassign | EventKind::Unmerge
                if event.to == State::Assigned =>
            {
                self.accept_by = Some(due(accept.unwrap_or(context.terms.accept_days)));
            }
            EventKind::Dispatch => {
                let usual = context.terms.reply_days;
                let was_usual = || {
                    let then = calendars.at(event.at).end_of_working_day_after(event.at, usual);
                    event.body.due_at.is_some_and(|at| (at - then).abs() < SAME_INSTANT)
                };
                self.reply_by = match (reply, object) {
                    (Some(days), _) => Some(due(days)),
                    (None, None) if was_usual() => Some(due(usual)),
                    (None, _) => event.body.due_at,
                };
                self.object_by = Some(due(object.unwrap_or(context.terms.object_days)));
            }
            _ => {}
        }
    }
}

fn event(after: &Case, moved: &[MovedDeadline], context: &Context<'_>, source: &str) -> Option<NewEvent> {
    if moved.is_empty() {
        return None;
    }
    let moves: Vec<String> = moved.iter().map(sentence).collect();
    let answer = moved.iter().find(|moved| moved.clock == CaseClock::Respond);
    let body = EventBody {
        text: Some(format!("工作日历有更新（{source}），{}。", moves.join("；"))),
        due_at: answer.map(|moved| moved.after),
        former_due_at: answer.map(|moved| moved.before),
        ..EventBody::default()
    };
    Some(NewEvent {
        kind: EventKind::CalendarChanged,
        from: Some(after.state),
        to: after.state,
        party: Party::System,
        at: context.now,
        body,
    })
}

fn sentence(moved: &MovedDeadline) -> String {
    let shown = |at: DateTime<Utc>| at.with_timezone(&SHANGHAI).format("%Y年%-m月%-d日%H:%M").to_string();
    format!("{}由{}改为{}", moved.clock.label(), shown(moved.before), shown(moved.after))
}

#[cfg(test)]
mod tests;
