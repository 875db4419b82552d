//! Applies one action to a case: who, from where, what it needs, and what it does to the clocks.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::clock;
use super::{
    Action, Assignee, Case, CaseError, Command, DaysGiven, EventBody, EventKind, Leader, NewEvent, Presence,
    State, Supervision, Target, answering, parts, presence, rule,
};
use crate::calendar::{WorkCalendar, end_of_business, shanghai_date};
use crate::deadline::{Stage, Terms};
use crate::ids::{AccountId, CaseId, CommitteeId, MemberId, StationId};
use crate::role::{Party, Standing};
use crate::vocabulary::{Outcome, Solved};

/// After this many returns the member keeps what the manager gives him.
const MAX_RETURNS: i16 = 2;
/// After this many objections only the manager dispatches.
pub(super) const MAX_OBJECTIONS: i16 = 2;

/// The least time to read a corrected answer before it counts as accepted. A correction never restarts the
/// days to confirm: an answer could be kept from its verdict for ever.
const READING_TIME: TimeDelta = TimeDelta::days(3);

/// What a decision depends on besides the case.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The working days.
    pub calendar: &'a WorkCalendar,
    /// The terms of the case's committee and category.
    pub terms: Terms,
    /// The instant of the decision.
    pub now: DateTime<Utc>,
    /// Whether the case's station lets its members dispatch.
    pub members_may_dispatch: bool,
    /// The case that leads: that the case follows, or that it is to follow.
    pub leader: Option<Leader>,
    /// Whether other cases follow it.
    pub leads: bool,
    /// Whether its member is there; looked at where the case is given back to him.
    pub presence: Presence,
    /// Whether its manager signs answers off before they are sent.
    pub signs_off: bool,
    /// The entry of the answer that waits for that; looked at where it is sent.
    pub submitted: Option<&'a EventBody>,
}

/// The outcome of a decision: the case afterwards, and what is added to its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The case afterwards.
    pub case: Case,
    /// At least one event, in order.
    pub events: Vec<NewEvent>,
}

/// A case to be opened, already routed.
#[derive(Debug, Clone, Copy)]
pub struct NewCase {
    /// Its id.
    pub id: CaseId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// The station it was routed to.
    pub station_id: StationId,
    /// The member it was routed to; without one it waits for the manager.
    pub member_id: Option<MemberId>,
    /// The account that raised it, if any.
    pub resident_id: Option<AccountId>,
    /// Who has taken it in: the resident himself, or the manager at the counter.
    pub taken_in_by: Party,
}

/// Takes a case in: the clock starts now.
#[must_use]
pub fn open_case(new: NewCase, context: &Context<'_>) -> Decision {
    let Context { calendar, terms, now, .. } = *context;
    let state = if new.member_id.is_some() { State::Assigned } else { State::Received };
    let case = Case {
        id: new.id,
        state,
        version: 1,
        event_seq: 1,
        committee_id: new.committee_id,
        station_id: new.station_id,
        member_id: new.member_id,
        department_id: None,
        resident_id: new.resident_id,
        created_at: now,
        accept_by: new.member_id.map(|_| calendar.end_of_working_day_after(now, terms.accept_days)),
        accept_overdue_at: None,
        respond_by: calendar.end_of_working_day_after(now, terms.respond_days),
        stopped_at: None,
        stopped_total: TimeDelta::zero(),
        waited_total: TimeDelta::zero(),
        reply_by: None,
        object_by: None,
        promised_on: None,
        responded_at: None,
        confirm_by: None,
        confirm_reminder_at: None,
        submitted_seq: None,
        ended_at: None,
        outcome: None,
        second_look: None,
        second_look_at: None,
        second_look_by: None,
        returns: 0,
        objections: 0,
        stage: Stage::OnTime,
        escalation_level: 0,
        leading_case_id: None,
        leader_seq: None,
        merged_from: None,
        parts: Vec::new(),
    };
    let body = EventBody {
        member_id: new.member_id,
        station_id: Some(new.station_id),
        due_at: Some(case.respond_by),
        days: DaysGiven {
            accept: new.member_id.map(|_| terms.accept_days),
            respond: Some(terms.respond_days),
            ..DaysGiven::default()
        },
        ..EventBody::default()
    };
    let party = new.taken_in_by;
    let event = NewEvent { kind: EventKind::Created, from: None, to: state, party, at: now, body };
    Decision { case, events: vec![event] }
}

/// The actions that this caller can do now, in the order of the table.
#[must_use]
pub fn allowed_actions(case: &Case, standing: Standing, context: &Context<'_>) -> Vec<Action> {
    let possible = |action: &Action| check(case, *action, standing, context).is_ok();
    Action::ALL.iter().copied().filter(possible).collect()
}

/// Applies a command.
///
/// # Errors
/// A wrong state, a wrong person, too late, or inputs that don't fit the case.
pub fn decide(
    case: &Case,
    command: &Command,
    standing: Standing,
    context: &Context<'_>,
) -> Result<Decision, CaseError> {
    let action = command.action();
    let party = check(case, action, standing, context)?;
    let mut after = case.clone();
    after.state = match rule(action).to {
        Target::ToUnlessSignedOff(_) if answering::is_held(action, standing, context) => case.state,
        Target::To(state) | Target::ToItsMember(state) | Target::ToUnlessSignedOff(state) => state,
        Target::SameOrResume if case.state == State::AwaitingResident => State::InProgress,
        Target::Same | Target::SameOrResume | Target::ToWithLastPart(_) => case.state,
        Target::BeforeMerge => case.merged_from.unwrap_or(State::Received),
    };
    let mut body = EventBody { uploads: command.uploads().to_vec(), ..EventBody::default() };
    apply(&mut after, command, &mut body, (party, standing), context)?;
    presence::give_to_manager_if_away(&mut after, command, &mut body, context);
    if let Target::ToWithLastPart(state) = rule(action).to
        && !after.is_split()
    {
        after.state = state;
    }
    let leaves_parts = after.is_split() && after.state != State::Dispatched;
    let ended = leaves_parts.then(|| parts::ended(case, party, context.now));
    answering::drop_if_moved(case, &mut after);
    clock::settle(case, &mut after, context);
    let kind = answering::event_kind(action, standing, context);
    body.late = kind == EventKind::Respond && context.now >= after.respond_by;
    let signed_off = answering::signed_off(case, action, party, context);
    let mut events: Vec<NewEvent> = ended.into_iter().chain(signed_off).collect();
    if action != Action::Note {
        after.version += 1;
    }
    let event = NewEvent { kind, from: Some(case.state), to: after.state, party, at: context.now, body };
    events.push(event);
    after.event_seq += i32::try_from(events.len()).unwrap_or(1);
    Ok(Decision { case: after, events })
}

/// Whether the caller can do this now, and in what capacity.
fn check(case: &Case, action: Action, standing: Standing, context: &Context<'_>) -> Result<Party, CaseError> {
    let rule = rule(action);
    let entitled = |party: &&Party| standing.is(**party) && may(case, action, **party, context);
    let party = *rule.who.iter().find(entitled).ok_or(CaseError::NotAllowed { action })?;
    if !rule.from.contains(&case.state) {
        return Err(CaseError::WrongState { state: case.state, action });
    }
    let now = context.now;
    match action {
        Action::Return if case.returns >= MAX_RETURNS => {
            Err(CaseError::ReturnsExhausted { returns: case.returns })
        }
        Action::Confirm | Action::Contest if case.confirm_by.is_some_and(|by| now > by) => {
            Err(CaseError::TooLate { action })
        }
        Action::SecondLook if case.second_look_by.is_some_and(|by| now > by) => {
            Err(CaseError::TooLate { action })
        }
        Action::RedirectPart | Action::TakeBackPart if !case.is_split() => {
            Err(CaseError::WrongState { state: case.state, action })
        }
        Action::Approve | Action::SendBack if case.submitted_seq.is_none() => {
            Err(CaseError::WrongState { state: case.state, action })
        }
        Action::Object if case.is_split() && !parts::may_object(case, standing, now) => {
            Err(CaseError::TooLate { action })
        }
        Action::Object if case.object_by.is_some_and(|by| now > by) => Err(CaseError::TooLate { action }),
        Action::RequestInformation if clock::waiting_left(case, context) <= TimeDelta::zero() => {
            Err(CaseError::TooLate { action })
        }
        Action::Escalate if Supervision::HIGHEST.is_reached_by(case.escalation_level) => {
            Err(CaseError::RaisedAlready { level: case.escalation_level })
        }
        Action::Merge if context.leads => Err(CaseError::LeadsOthers),
        Action::Unmerge => leave(case, context).map(|()| party),
        Action::Expire if case.confirm_by.is_none_or(|by| now < by) => Err(CaseError::NotAllowed { action }),
        _ => Ok(party),
    }
}

/// Whether the case may leave the one that it follows.
fn leave(case: &Case, context: &Context<'_>) -> Result<(), CaseError> {
    let Some(leading) = case.leading_case_id else { return Ok(()) };
    let leader = context.leader.filter(|leader| leader.id == leading);
    let leader = leader.ok_or(CaseError::UnknownLeader { leading })?;
    if leader.lets_go() { Ok(()) } else { Err(CaseError::BadLeader { leading }) }
}

/// Limits on a party that depend on more than the table's column.
fn may(case: &Case, action: Action, party: Party, context: &Context<'_>) -> bool {
    match (action, party) {
        (Action::Dispatch | Action::Split, Party::ItsMember) => {
            context.members_may_dispatch && case.objections < MAX_OBJECTIONS
        }
        (Action::RedirectPart | Action::TakeBackPart, Party::ItsMember) => {
            context.members_may_dispatch && (!case.is_split() || parts::members_may_decide(case))
        }
        (Action::Escalate, Party::Resident) => clock::is_overdue(case, context.now),
        // Nobody answers before he was asked, or twice.
        (Action::SecondLook, Party::Resident) => case.second_look_by.is_some(),
        _ => true,
    }
}

/// What the command changes beyond the state, and what the event tells of it.
fn apply(
    case: &mut Case,
    command: &Command,
    body: &mut EventBody,
    (party, standing): (Party, Standing),
    context: &Context<'_>,
) -> Result<(), CaseError> {
    let now = context.now;
    match command {
        Command::Assign { to, reason } | Command::Reassign { to, reason } => {
            hand_over(case, *to, body, context);
            body.text = Some(reason.as_str().to_owned());
        }
        Command::Accept => {
            case.accept_by = None;
            body.member_id = case.member_id;
        }
        Command::Return { reason } => {
            body.from_member_id = case.member_id.take();
            body.text = Some(reason.as_str().to_owned());
            case.returns = case.returns.saturating_add(1);
        }
        Command::RequestInformation { question } => body.text = Some(question.as_str().to_owned()),
        Command::Supplement { text, uploads } => {
            if text.is_none() && uploads.is_empty() {
                return Err(CaseError::NothingToAdd);
            }
            body.text = text.as_ref().map(|text| text.as_str().to_owned());
        }
        Command::Dispatch { department_id, request, due_on } => {
            let reply_by = match due_on {
                Some(date) => end_of_business(checked_date(Action::Dispatch, *date, now)?),
                None => context.calendar.end_of_working_day_after(now, context.terms.reply_days),
            };
            case.department_id = Some(*department_id);
            case.reply_by = Some(reply_by);
            case.object_by = Some(context.calendar.end_of_working_day_after(now, context.terms.object_days));
            body.department_id = Some(*department_id);
            body.text = Some(request.as_str().to_owned());
            body.due_on = *due_on;
            body.due_at = Some(reply_by);
            body.days.reply = due_on.is_none().then_some(context.terms.reply_days);
            body.days.object = Some(context.terms.object_days);
        }
        Command::Split { parts } => parts::split(case, parts, body, context)?,
        Command::RedirectPart { part, department_id, request, due_on } => {
            let to = (*department_id, request.as_ref(), *due_on);
            parts::redirect(case, *part, to, party, body, context)?;
        }
        Command::TakeBackPart { part, reason } => {
            parts::take_back(case, *part, party, body, context)?;
            body.text = Some(reason.as_str().to_owned());
        }
        Command::Reply { part, text, .. } => {
            body.text = Some(text.as_str().to_owned());
            if case.is_split() {
                return parts::reply(case, *part, standing, text.as_str(), body, context);
            }
            no_part(*part)?;
            body.department_id = case.department_id;
        }
        Command::Object { part, reason } => {
            body.text = Some(reason.as_str().to_owned());
            if case.is_split() {
                return parts::object(case, *part, standing, body, context);
            }
            no_part(*part)?;
            body.department_id = case.department_id;
            case.objections = case.objections.saturating_add(1);
        }
        Command::Plan { promise, promised_on } => {
            case.promised_on = Some(checked_date(Action::Plan, *promised_on, now)?);
            body.text = Some(promise.as_str().to_owned());
            body.due_on = Some(*promised_on);
        }
        Command::Respond { text, evidence, .. } => {
            answering::check_filled(text)?;
            answering::respond(case, text.as_str(), *evidence, body, (standing, context));
        }
        Command::Approve { answer } => answering::approve(case, *answer, body, context)?,
        Command::SendBack { answer, reason } => {
            answering::send_back(case, *answer, body)?;
            body.text = Some(reason.as_str().to_owned());
        }
        Command::Confirm { solved, stars, comment } => {
            end(case, now, Some(if *solved == Solved::Yes { Outcome::Solved } else { Outcome::Partly }));
            body.solved = Some(*solved);
            body.stars = Some(checked_stars(*stars)?);
            body.text = comment.as_ref().map(|comment| comment.as_str().to_owned());
        }
        Command::Contest { reason, stars } => {
            body.text = Some(reason.as_str().to_owned());
            body.stars = stars.map(checked_stars).transpose()?;
        }
        Command::Reopen { reason } => {
            (case.ended_at, case.outcome) = (None, None);
            body.text = Some(reason.as_str().to_owned());
        }
        Command::Uphold { explanation } => {
            end(case, now, Some(Outcome::NotSolved));
            body.text = Some(explanation.as_str().to_owned());
        }
        Command::Expire => end(case, now, Some(Outcome::Unconfirmed)),
        Command::Reject { reason } => {
            end(case, now, None);
            body.text = Some(reason.as_str().to_owned());
        }
        Command::Withdraw { reason } => {
            end(case, now, None);
            body.text = reason.as_ref().map(|reason| reason.as_str().to_owned());
        }
        Command::Merge { leading_case_id } => {
            let leading = *leading_case_id;
            let leader = context.leader.filter(|leader| leader.id == leading);
            let leader = leader.ok_or(CaseError::UnknownLeader { leading })?;
            if !leader.can_lead(case) {
                return Err(CaseError::BadLeader { leading });
            }
            (case.leading_case_id, case.leader_seq) = (Some(leading), Some(leader.heard_seq));
            body.leading_case_id = Some(leading);
        }
        Command::Unmerge => {
            body.leading_case_id = case.leading_case_id.take();
            (case.leader_seq, case.merged_from) = (None, None);
            if case.state == State::Assigned {
                // Whoever had not accepted yet has his time for it anew.
                give_time_to_accept(case, body, context);
            }
        }
        Command::Escalate { reason } => {
            case.escalation_level = case.escalation_level.saturating_add(1);
            body.level = Some(case.escalation_level);
            body.text = Some(reason.as_str().to_owned());
        }
        Command::Note { text } => body.text = Some(text.as_str().to_owned()),
        Command::CorrectResponse { text, reason } => {
            answering::check_filled(text)?;
            if case.state == State::Responded {
                case.confirm_by = case.confirm_by.map(|by| by.max(now + READING_TIME));
                body.due_at = case.confirm_by;
            }
            body.member_id = case.member_id;
            body.text = Some(text.as_str().to_owned());
            body.reason = Some(reason.as_str().to_owned());
        }
        Command::SecondLook { done, comment } => {
            case.second_look_by = None;
            body.done = Some(*done);
            body.text = comment.as_ref().map(|comment| comment.as_str().to_owned());
        }
    }
    Ok(())
}

/// A case that is not split has no part to be named.
fn no_part(named: Option<i16>) -> Result<(), CaseError> {
    named.map_or(Ok(()), |part| Err(CaseError::UnknownPart { part }))
}

/// Gives the case to somebody else; its answer clock knows nothing of that.
fn hand_over(case: &mut Case, to: Assignee, body: &mut EventBody, context: &Context<'_>) {
    body.from_member_id = case.member_id;
    body.member_id = to.member_id;
    body.station_id = (to.station_id != case.station_id).then_some(to.station_id);
    case.station_id = to.station_id;
    case.member_id = to.member_id;
    if to.member_id.is_some() {
        give_time_to_accept(case, body, context);
    } else {
        (case.accept_overdue_at, case.accept_by) = (None, None);
        case.state = State::Received;
    }
}

fn give_time_to_accept(case: &mut Case, body: &mut EventBody, context: &Context<'_>) {
    let days = context.terms.accept_days;
    case.accept_overdue_at = None;
    case.accept_by = Some(context.calendar.end_of_working_day_after(context.now, days));
    body.days.accept = Some(days);
}

fn end(case: &mut Case, now: DateTime<Utc>, outcome: Option<Outcome>) {
    case.ended_at = Some(now);
    case.outcome = outcome;
}

fn checked_stars(stars: i16) -> Result<i16, CaseError> {
    if (1..=5).contains(&stars) { Ok(stars) } else { Err(CaseError::BadStars) }
}

/// A date from tomorrow on, at the latest at the end of the year after next.
pub(super) fn checked_date(
    action: Action,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<NaiveDate, CaseError> {
    let today = shanghai_date(now);
    let in_range = date > today && date.year() <= today.year().saturating_add(2);
    if in_range { Ok(date) } else { Err(CaseError::BadDate { action }) }
}
