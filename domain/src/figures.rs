//! Figures: what of a case's history is counted, on which day, and to whose account.
//!
//! [`facts`] reads a history and says what each event adds to the figures. What an event adds depends on
//! the events before it and on nothing else, so that the figures of a case up to an event stay what they
//! are when more happens. Knows no storage and no clock.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::calendar::shanghai_date;
use crate::case::{EventBody, EventKind, NewEvent};
use crate::ids::{MemberId, StationId};
use crate::vocabulary::{Done, Solved, vocabulary};

vocabulary! {
    /// What is counted.
    Figure {
        /// Cases taken in.
        Received = "received" "登记件数",
        /// Times that a case was given to a member: at the intake, by assigning, by reassigning.
        Assigned = "assigned" "派件次数",
        /// Times that a member handed a case back.
        Returned = "returned" "退回次数",
        /// Cases answered: the first answer of each.
        Answered = "answered" "答复件数",
        /// Those first answers that came after their due time.
        AnsweredLate = "answered_late" "逾期答复件数",
        /// Answers after the first, when a case was taken up again.
        AnsweredAgain = "answered_again" "再次答复次数",
        /// First answers by how long they took; the only figure with more than one bin.
        AnswerTime = "answer_time" "答复用时",
        /// Answers that the resident confirmed.
        Confirmed = "confirmed" "确认解决",
        /// Answers that the resident confirmed in part.
        ConfirmedPartly = "confirmed_partly" "部分解决",
        /// Answers that the resident contested.
        Contested = "contested" "群众异议",
        /// Contested answers that the manager kept.
        Upheld = "upheld" "维持答复",
        /// Answers on which the resident did not say a word in time.
        Unconfirmed = "unconfirmed" "未确认",
        /// Cases not taken on.
        Rejected = "rejected" "不予受理",
        /// Cases taken back by the resident.
        Withdrawn = "withdrawn" "撤回",
        /// Times that a case was merged into another one.
        Merged = "merged" "并案",
        /// Second looks that the resident was asked for.
        LookAsked = "look_asked" "回访数",
        /// Second looks that found it done.
        LookConfirmed = "look_confirmed" "回访已落实",
        /// Second looks that found it not done, or in part only.
        LookContested = "look_contested" "回访未落实",
        /// Second looks without a word, counted on the day after their time was over. On days to come:
        /// those whose time still runs.
        LookUnconfirmed = "look_unconfirmed" "回访未回应",
    }
}

/// Who had a case when something happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder {
    /// The station.
    pub station_id: StationId,
    /// The member; without one the case waited for the manager.
    pub member_id: Option<MemberId>,
}

/// What one event adds to the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The number of the event.
    pub seq: i32,
    /// The day in Shanghai on which it counts.
    pub day: NaiveDate,
    /// To whose account.
    pub holder: Holder,
    /// What.
    pub figure: Figure,
    /// Which bin, see [`bin_of`]; 0 for figures without bins.
    pub bin: i16,
    /// How many; negative for what is taken back.
    pub count: i64,
}

/// The width of a bin of answer times: half a day.
const BIN: TimeDelta = TimeDelta::hours(12);
/// Times of 120 days and more lie in the last bin.
const LAST_BIN: i16 = 240;

/// The bin of a time from intake to answer: how many half days are over.
#[must_use]
pub fn bin_of(time: TimeDelta) -> i16 {
    let halves = time.num_seconds().max(0) / BIN.num_seconds();
    i16::try_from(halves).unwrap_or(LAST_BIN).min(LAST_BIN)
}

/// In how many days half of the answers had come: the end of the bin in which the median lies, so that it
/// is at most half a day too long. 120.5 stands for 120 and more; none without an answer.
#[must_use]
pub fn median_days(bins: &BTreeMap<i16, i64>) -> Option<f64> {
    let all: i64 = bins.values().sum();
    let mut so_far = 0;
    let median = bins.iter().find(|(_, count)| {
        so_far += **count;
        all > 0 && so_far * 2 >= all
    });
    median.map(|(bin, _)| f64::from(*bin + 1) / 2.0)
}

/// Whether an event of this kind can add to the figures, or say to whose account later ones do.
#[must_use]
pub const fn matters(kind: EventKind) -> bool {
    match kind {
        EventKind::Created
        | EventKind::Assign
        | EventKind::Reassign
        | EventKind::Return
        | EventKind::Respond
        | EventKind::Confirm
        | EventKind::Contest
        | EventKind::Uphold
        | EventKind::Expire
        | EventKind::Reject
        | EventKind::Withdraw
        | EventKind::Merge
        | EventKind::Reopen
        | EventKind::Unmerge
        | EventKind::SecondLook
        | EventKind::SecondLookAsked => true,
        // A follower is answered and closed with its leading case, and counts there.
        EventKind::LeaderResponded
        | EventKind::ConfirmDue
        | EventKind::LeaderReopened
        | EventKind::LeaderClosed
        | EventKind::Accept
        | EventKind::RequestInformation
        | EventKind::Supplement
        | EventKind::Dispatch
        | EventKind::Reply
        | EventKind::Object
        | EventKind::Plan
        | EventKind::Split
        | EventKind::RedirectPart
        | EventKind::TakeBackPart
        | EventKind::PartOverdue
        | EventKind::PartsEnded
        | EventKind::AnswerSubmitted
        | EventKind::Approve
        | EventKind::SendBack
        | EventKind::Escalate
        | EventKind::Note
        | EventKind::CorrectResponse
        | EventKind::AcceptOverdue
        | EventKind::DueSoon
        | EventKind::Overdue
        | EventKind::Red
        | EventKind::Supervised
        | EventKind::Resumed
        | EventKind::TicketIssued
        | EventKind::CalendarChanged
        | EventKind::ContentHeld
        | EventKind::ContentAllowed
        | EventKind::ContentRefused => false,
    }
}

/// What the events of one case add to the figures: numbered events in order, from the first on. Those that
/// don't [matter](matters) may be missing.
#[must_use]
pub fn facts(history: &[(i32, NewEvent)]) -> Vec<Fact> {
    let mut reading = Reading::default();
    for (seq, event) in history {
        reading.take(*seq, event);
    }
    reading.facts
}

/// How far a history has been read.
#[derive(Default)]
struct Reading {
    facts: Vec<Fact>,
    /// Who has the case.
    holder: Option<Holder>,
    created_at: DateTime<Utc>,
    /// Who had it when it was answered last.
    answerer: Option<Holder>,
    /// The second look that nobody has answered yet: to whose account, and when it counts as unconfirmed.
    look: Option<(Holder, NaiveDate)>,
}

impl Reading {
    fn take(&mut self, seq: i32, event: &NewEvent) {
        let day = shanghai_date(event.at);
        let answerer = self.answerer.or(self.holder);
        let mut add = |holder: Option<Holder>, figure, bin, count, day| {
            self.facts.extend(holder.map(|holder| Fact { seq, day, holder, figure, bin, count }));
        };
        let mut one = |holder, figure| add(holder, figure, 0, 1, day);
        match event.kind {
            EventKind::Created => {
                self.created_at = event.at;
                let station_id = event.body.station_id;
                self.holder =
                    station_id.map(|station_id| Holder { station_id, member_id: event.body.member_id });
                one(self.holder, Figure::Received);
                one(self.holder.filter(|holder| holder.member_id.is_some()), Figure::Assigned);
            }
            EventKind::Assign | EventKind::Reassign => {
                self.holder = self.holder.map(|holder| handed_over(holder, &event.body));
                one(self.holder.filter(|holder| holder.member_id.is_some()), Figure::Assigned);
            }
            EventKind::Return => {
                one(self.holder, Figure::Returned);
                self.holder = self.holder.map(|holder| Holder { member_id: None, ..holder });
            }
            // Taken up again without its member, who is not there.
            EventKind::Reopen | EventKind::Unmerge if event.body.from_member_id.is_some() => {
                self.holder = self.holder.map(|holder| Holder { member_id: None, ..holder });
            }
            EventKind::Respond if self.answerer.is_some() => {
                one(self.holder, Figure::AnsweredAgain);
                self.answerer = self.holder;
            }
            EventKind::Respond => {
                one(self.holder, Figure::Answered);
                one(self.holder.filter(|_| event.body.late), Figure::AnsweredLate);
                add(self.holder, Figure::AnswerTime, bin_of(event.at - self.created_at), 1, day);
                self.answerer = self.holder;
            }
            EventKind::Confirm => one(
                answerer,
                match event.body.solved {
                    Some(Solved::Partly) => Figure::ConfirmedPartly,
                    Some(Solved::Yes) | None => Figure::Confirmed,
                },
            ),
            EventKind::Contest => one(answerer, Figure::Contested),
            EventKind::Uphold => one(answerer, Figure::Upheld),
            EventKind::Expire => one(answerer, Figure::Unconfirmed),
            EventKind::Reject => one(self.holder, Figure::Rejected),
            EventKind::Withdraw => one(self.holder, Figure::Withdrawn),
            EventKind::Merge => one(self.holder, Figure::Merged),
            EventKind::SecondLookAsked => {
                one(answerer, Figure::LookAsked);
                // Nobody says a word as long as nobody has: that is taken back when somebody does.
                let over_on = event.body.due_at.and_then(|by| shanghai_date(by).succ_opt());
                self.look = answerer.zip(over_on);
                if let Some((holder, over_on)) = self.look {
                    add(Some(holder), Figure::LookUnconfirmed, 0, 1, over_on);
                }
            }
            EventKind::SecondLook => {
                let look = self.look.take();
                let holder = look.map(|(holder, _)| holder);
                one(
                    holder,
                    match event.body.done {
                        Some(Done::Partly | Done::No) => Figure::LookContested,
                        Some(Done::Yes) | None => Figure::LookConfirmed,
                    },
                );
                if let Some((holder, over_on)) = look {
                    add(Some(holder), Figure::LookUnconfirmed, 0, -1, over_on);
                }
            }
            // Whoever adds a kind of event decides in [`matters`].
            _ => {}
        }
    }
}

/// Who has the case after it was given to somebody else.
fn handed_over(holder: Holder, body: &EventBody) -> Holder {
    Holder { station_id: body.station_id.unwrap_or(holder.station_id), member_id: body.member_id }
}
