//! Splitting (拆分办理): several departments are asked at once, each for its part, and the member stays the
//! one voice towards the resident.
//!
//! **A split case is dispatched as long as a part is unsettled**: out with a department, or handed back by
//! one and waiting for another. Each part has its own clocks; the case's answer clock goes on. A case that
//! leaves this state in another way (reassigned, withdrawn, merged) takes back what is unsettled.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::decide::{MAX_OBJECTIONS, checked_date};
use super::{Action, Case, CaseClock, CaseError, Context, EventBody, EventKind, MovedDeadline, NewEvent};
use crate::calendar::end_of_business;
use crate::ids::DepartmentId;
use crate::role::{Party, Standing};
use crate::text::Remark;
use crate::vocabulary::vocabulary;

/// The least parts of a split.
pub const MIN_PARTS: usize = 2;
/// The most parts of a split.
pub const MAX_PARTS: usize = 6;
/// The most parts that a case has in its life.
const MAX_PARTS_IN_ALL: usize = 60;

vocabulary! {
    /// Where a part of a split case stands.
    PartState {
        /// Its department has been asked.
        Asked = "asked" "办理中",
        /// Its department has replied.
        Replied = "replied" "已回复",
        /// Its department has objected; another one has to be asked.
        Objected = "objected" "已退单",
        /// It was taken back.
        TakenBack = "taken_back" "已收回",
    }
}

impl PartState {
    /// Whether somebody still has to do something about it.
    #[must_use]
    pub const fn is_unsettled(self) -> bool {
        matches!(self, Self::Asked | Self::Objected)
    }
}

/// A part of a split case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePart {
    /// Its number within the case, from 1; never given twice.
    pub ordinal: i16,
    /// The department asked, now or last.
    pub department_id: DepartmentId,
    /// What it is asked for.
    pub request: String,
    /// Where it stands.
    pub state: PartState,
    /// When the department was asked.
    pub asked_at: DateTime<Utc>,
    /// The working days to reply; none where a date was asked for.
    pub reply_days: Option<u32>,
    /// The working days to object.
    pub object_days: u32,
    /// When the reply is due.
    pub reply_by: DateTime<Utc>,
    /// Until when the department may object.
    pub object_by: DateTime<Utc>,
    /// When its lateness was announced.
    pub late_at: Option<DateTime<Utc>>,
    /// How often a department objected.
    pub objections: i16,
    /// The reply.
    pub reply: Option<String>,
    /// The number of the event that tells of the reply, with its pictures.
    pub reply_seq: Option<i32>,
    /// When it was replied to or taken back.
    pub settled_at: Option<DateTime<Utc>>,
}

/// Who is asked for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRequest {
    /// The department.
    pub department_id: DepartmentId,
    /// What it is asked for.
    pub request: Remark,
    /// Until when; the committee's term when absent.
    pub due_on: Option<NaiveDate>,
}

/// What an event tells of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartAsked {
    /// The part.
    pub part: i16,
    /// The department.
    pub department_id: DepartmentId,
    /// What it was asked for.
    pub request: String,
    /// When its reply is due.
    pub due_at: DateTime<Utc>,
}

impl CasePart {
    /// Whether its department has to do something.
    #[must_use]
    pub fn is_out(&self) -> bool {
        self.state == PartState::Asked
    }

    fn ask(&mut self, department_id: DepartmentId, due_on: Option<NaiveDate>, context: &Context<'_>) {
        let due = |days| context.calendar.end_of_working_day_after(context.now, days);
        let terms = context.terms;
        self.department_id = department_id;
        self.state = PartState::Asked;
        self.asked_at = context.now;
        self.reply_days = due_on.is_none().then_some(terms.reply_days);
        self.object_days = terms.object_days;
        self.reply_by = due_on.map_or_else(|| due(terms.reply_days), end_of_business);
        self.object_by = due(terms.object_days);
        self.late_at = None;
    }

    fn settle(&mut self, state: PartState, now: DateTime<Utc>) {
        self.state = state;
        self.settled_at = Some(now);
    }

    fn told(&self) -> PartAsked {
        PartAsked {
            part: self.ordinal,
            department_id: self.department_id,
            request: self.request.clone(),
            due_at: self.reply_by,
        }
    }
}

impl Case {
    /// The parts about which somebody still has to do something.
    pub fn unsettled_parts(&self) -> impl Iterator<Item = &CasePart> {
        self.parts.iter().filter(|part| part.state.is_unsettled())
    }

    /// Whether it is split now: dispatched in parts.
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.unsettled_parts().next().is_some()
    }

    fn part_mut(&mut self, ordinal: i16) -> Result<&mut CasePart, CaseError> {
        let found = self.parts.iter_mut().find(|part| part.ordinal == ordinal && part.state.is_unsettled());
        found.ok_or(CaseError::UnknownPart { part: ordinal })
    }
}

/// Whether the station's members may still decide about an unsettled part: not after two objections.
pub(super) fn members_may_decide(case: &Case) -> bool {
    case.unsettled_parts().any(|part| part.objections < MAX_OBJECTIONS)
}

/// Whether an officer may still object to one of his parts.
pub(super) fn may_object(case: &Case, standing: Standing, now: DateTime<Utc>) -> bool {
    case.parts.iter().any(|part| part.is_out() && standing.has_part(part.ordinal) && now <= part.object_by)
}

/// Splits a case that is in work.
pub(super) fn split(
    case: &mut Case,
    requests: &[PartRequest],
    body: &mut EventBody,
    context: &Context<'_>,
) -> Result<(), CaseError> {
    let in_all = case.parts.len().saturating_add(requests.len());
    if !(MIN_PARTS..=MAX_PARTS).contains(&requests.len()) || in_all > MAX_PARTS_IN_ALL {
        return Err(CaseError::BadPartCount);
    }
    for (ordinal, request) in (1_i16..).skip(case.parts.len()).zip(requests) {
        no_other_part(case, request.department_id, ordinal)?;
        checked_due(Action::Split, request.due_on, context)?;
        let mut part = CasePart {
            ordinal,
            department_id: request.department_id,
            request: request.request.as_str().to_owned(),
            state: PartState::Asked,
            asked_at: context.now,
            reply_days: None,
            object_days: 0,
            reply_by: context.now,
            object_by: context.now,
            late_at: None,
            objections: 0,
            reply: None,
            reply_seq: None,
            settled_at: None,
        };
        part.ask(request.department_id, request.due_on, context);
        body.parts.push(part.told());
        case.parts.push(part);
    }
    Ok(())
}

/// Asks another department for a part, or the same one for something else.
pub(super) fn redirect(
    case: &mut Case,
    ordinal: i16,
    (department_id, request, due_on): (DepartmentId, Option<&Remark>, Option<NaiveDate>),
    party: Party,
    body: &mut EventBody,
    context: &Context<'_>,
) -> Result<(), CaseError> {
    no_other_part(case, department_id, ordinal)?;
    checked_due(Action::RedirectPart, due_on, context)?;
    let part = decided_by(case.part_mut(ordinal)?, party, Action::RedirectPart)?;
    let before = part.told();
    if let Some(request) = request {
        request.as_str().clone_into(&mut part.request);
    }
    part.ask(department_id, due_on, context);
    (body.part, body.department_id) = (Some(ordinal), Some(department_id));
    (body.text, body.due_on, body.due_at) = (Some(part.request.clone()), due_on, Some(part.reply_by));
    if before.department_id != department_id {
        body.from_department_id = Some(before.department_id);
    }
    Ok(())
}

/// Does without a part.
pub(super) fn take_back(
    case: &mut Case,
    ordinal: i16,
    party: Party,
    body: &mut EventBody,
    context: &Context<'_>,
) -> Result<(), CaseError> {
    let part = decided_by(case.part_mut(ordinal)?, party, Action::TakeBackPart)?;
    part.settle(PartState::TakenBack, context.now);
    (body.part, body.department_id) = (Some(ordinal), Some(part.department_id));
    Ok(())
}

/// The part that an officer means: the one he names, else the only one that he has.
fn of_officer(case: &mut Case, named: Option<i16>, standing: Standing) -> Result<&mut CasePart, CaseError> {
    let mut his = case.parts.iter_mut().filter(|part| part.is_out() && standing.has_part(part.ordinal));
    match named {
        Some(ordinal) => {
            his.find(|part| part.ordinal == ordinal).ok_or(CaseError::UnknownPart { part: ordinal })
        }
        None => match (his.next(), his.next()) {
            (Some(part), None) => Ok(part),
            _ => Err(CaseError::WhichPart),
        },
    }
}

/// The department replies for its part; `seq` is the event that tells of it.
pub(super) fn reply(
    case: &mut Case,
    named: Option<i16>,
    standing: Standing,
    text: &str,
    body: &mut EventBody,
    context: &Context<'_>,
) -> Result<(), CaseError> {
    let seq = case.event_seq.saturating_add(1);
    let part = of_officer(case, named, standing)?;
    (part.reply, part.reply_seq) = (Some(text.to_owned()), Some(seq));
    part.settle(PartState::Replied, context.now);
    (body.part, body.department_id) = (Some(part.ordinal), Some(part.department_id));
    Ok(())
}

/// The department hands its part back.
pub(super) fn object(
    case: &mut Case,
    named: Option<i16>,
    standing: Standing,
    body: &mut EventBody,
    context: &Context<'_>,
) -> Result<(), CaseError> {
    let part = of_officer(case, named, standing)?;
    if context.now > part.object_by {
        return Err(CaseError::TooLate { action: Action::Object });
    }
    part.state = PartState::Objected;
    part.objections = part.objections.saturating_add(1);
    (body.part, body.department_id) = (Some(part.ordinal), Some(part.department_id));
    Ok(())
}

/// Takes back what is unsettled, because the case has left its state.
pub(super) fn end_all(case: &mut Case, now: DateTime<Utc>) {
    for part in case.parts.iter_mut().filter(|part| part.state.is_unsettled()) {
        part.settle(PartState::TakenBack, now);
    }
}

/// Tells the departments that are still asked: the case leaves them.
pub(super) fn ended(case: &Case, party: Party, now: DateTime<Utc>) -> NewEvent {
    let parts = case.unsettled_parts().map(CasePart::told).collect();
    let body = EventBody { parts, ..EventBody::default() };
    NewEvent { kind: EventKind::PartsEnded, from: Some(case.state), to: case.state, party, at: now, body }
}

/// When the next reply is late.
pub(super) fn next_late_at(case: &Case) -> Option<DateTime<Utc>> {
    let out = case.parts.iter().filter(|part| part.is_out() && part.late_at.is_none());
    out.map(|part| part.reply_by).min()
}

/// Announces each late reply once.
pub(super) fn announce_late(case: &mut Case, now: DateTime<Utc>) -> Vec<NewEvent> {
    let (state, member_id) = (case.state, case.member_id);
    let out = case.parts.iter_mut().filter(|part| part.is_out() && part.late_at.is_none());
    let late = out.filter(|part| part.reply_by <= now);
    late.map(|part| {
        part.late_at = Some(now);
        let body = EventBody {
            member_id,
            part: Some(part.ordinal),
            department_id: Some(part.department_id),
            due_at: Some(part.reply_by),
            ..EventBody::default()
        };
        let (kind, party) = (EventKind::PartOverdue, Party::System);
        NewEvent { kind, from: Some(state), to: state, party, at: now, body }
    })
    .collect()
}

/// Counts the deadlines of the parts that are out again, by a corrected calendar; gives of each clock the
/// first that has moved.
pub(super) fn recount(case: &mut Case, context: &Context<'_>) -> Vec<MovedDeadline> {
    let mut moved: Vec<MovedDeadline> = Vec::new();
    for part in case.parts.iter_mut().filter(|part| part.is_out()) {
        let due = |days| context.calendar.end_of_working_day_after(part.asked_at, days);
        let reply_by = part.reply_days.map_or(part.reply_by, due);
        let object_by = due(part.object_days);
        let clocks = [
            MovedDeadline { clock: CaseClock::Reply, before: part.reply_by, after: reply_by },
            MovedDeadline { clock: CaseClock::Object, before: part.object_by, after: object_by },
        ];
        for clock in clocks.into_iter().filter(MovedDeadline::is_real) {
            if moved.iter().all(|known| known.clock != clock.clock) {
                moved.push(clock);
            }
        }
        (part.reply_by, part.object_by) = (reply_by, object_by);
        if reply_by > context.now {
            // It is not late any more; should it be so again, that is announced again.
            part.late_at = None;
        }
    }
    moved
}

/// One department has one part of a case at a time: its officers could not tell them apart.
fn no_other_part(case: &Case, department_id: DepartmentId, ordinal: i16) -> Result<(), CaseError> {
    let other = |part: &&CasePart| part.ordinal != ordinal && part.department_id == department_id;
    match case.unsettled_parts().find(other) {
        Some(_) => Err(CaseError::SameDepartment { department_id }),
        None => Ok(()),
    }
}

fn checked_due(action: Action, due_on: Option<NaiveDate>, context: &Context<'_>) -> Result<(), CaseError> {
    due_on.map_or(Ok(()), |date| checked_date(action, date, context.now).map(|_| ()))
}

/// After two objections only the manager decides.
fn decided_by(part: &mut CasePart, party: Party, action: Action) -> Result<&mut CasePart, CaseError> {
    match party {
        Party::ItsMember if part.objections >= MAX_OBJECTIONS => Err(CaseError::NotAllowed { action }),
        _ => Ok(part),
    }
}
