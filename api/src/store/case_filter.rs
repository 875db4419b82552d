//! Which cases a list is of: what may be filtered by, and the conditions that it becomes.

use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{State, Worklist};
use domain::deadline::Stage;
use domain::ids::{AccountId, CaseId, CategoryId, CommitteeId, DepartmentId, MemberId, StationId};
use entity::case;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Cond, Expr, ExprTrait};

use super::case_search::Beyond;
use super::search::Search;
use super::{case_parts, second_looks};

/// Whose cases are listed: the part of the filter that a caller can't choose freely.
#[derive(Debug, Clone)]
pub enum Scope {
    /// Raised by this account.
    Resident(AccountId),
    /// Given to these members.
    Members(Vec<MemberId>),
    /// Of these stations.
    Stations(Vec<StationId>),
    /// Of these committees.
    Committees(Vec<CommitteeId>),
    /// Dispatched to these departments, as a whole or in part.
    Departments(Vec<DepartmentId>),
    /// Following this case.
    Followers(CaseId),
}

impl Scope {
    pub(super) fn condition(&self) -> Expr {
        match self {
            Self::Resident(account_id) => case::COLUMN.resident_id.eq(*account_id),
            Self::Members(ids) => case::COLUMN.member_id.is_in(ids.iter().copied()),
            Self::Stations(ids) => case::COLUMN.station_id.is_in(ids.iter().copied()),
            Self::Committees(ids) => case::COLUMN.committee_id.is_in(ids.iter().copied()),
            Self::Departments(ids) => case::Column::Id.in_subquery(case_parts::cases_with(ids)),
            Self::Followers(id) => case::COLUMN.leading_case_id.eq(*id),
        }
    }

    /// Whether something is late at this instant for those whose list it is: for a department its reply, for
    /// everybody else the answer.
    pub(super) fn is_late(&self, now: DateTime<Utc>) -> Cond {
        match self {
            Self::Departments(ids) => Cond::any()
                .add(case::COLUMN.reply_by.lte(now))
                .add(case::Column::Id.in_subquery(case_parts::cases_late_with(ids, now))),
            Self::Resident(_)
            | Self::Members(_)
            | Self::Stations(_)
            | Self::Committees(_)
            | Self::Followers(_) => {
                let running = State::ALL.iter().copied().filter(|state| state.clock_runs());
                Cond::all().add(case::COLUMN.state.is_in(running)).add(case::COLUMN.respond_by.lte(now))
            }
        }
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
    /// Due first.
    Due,
}

/// Which cases are listed.
#[derive(Debug, Clone)]
pub struct CaseFilter {
    /// Whose.
    pub scope: Scope,
    /// In one of these states; empty: in any.
    pub states: Vec<State>,
    /// Of this category.
    pub category_id: Option<CategoryId>,
    /// Of this station.
    pub station_id: Option<StationId>,
    /// Of this member.
    pub member_id: Option<MemberId>,
    /// Late at this instant.
    pub overdue_at: Option<DateTime<Utc>>,
    /// Open and at one of these stages of lateness; empty: at any, and ended ones.
    pub stages: Vec<Stage>,
    /// With these words, or this number.
    pub q: Option<Search>,
    /// Taken in at or after.
    pub from: Option<DateTime<Utc>>,
    /// Taken in before.
    pub until: Option<DateTime<Utc>>,
    /// Of which the resident said, weeks after the end, that it was not done.
    pub contested_look: bool,
    /// Whose answer waits for the manager to sign it off.
    pub submitted: bool,
    /// In this part of a member's list.
    pub worklist: Option<WorklistOn>,
    /// Whose unseen changes are marked.
    pub seen_by: Option<AccountId>,
    /// The order.
    pub sort: Sort,
}

/// A part of the member's list as it is on a day: a promise comes back to its member on its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorklistOn {
    /// Which part.
    pub list: Worklist,
    /// The day in Shanghai.
    pub today: NaiveDate,
}

impl WorklistOn {
    fn condition(self) -> Cond {
        let states = |promise: Option<bool>| {
            State::ALL.iter().copied().filter(move |state| {
                let at = |is_due| Worklist::of(*state, is_due, false) == self.list;
                match promise {
                    None => at(true) && at(false),
                    Some(is_due) => at(is_due) && !at(!is_due),
                }
            })
        };
        let by_promise = |is_due| Cond::all().add(case::COLUMN.state.is_in(states(Some(is_due))));
        let day = case::Column::PromisedOn;
        let any = Cond::any()
            .add(case::COLUMN.state.is_in(states(None)))
            .add(by_promise(true).add(day.lte(self.today)))
            .add(by_promise(false).add(day.gt(self.today).or(day.is_null())));
        let submitted = case::Column::SubmittedSeq;
        let any = match self.list {
            Worklist::Done => return Cond::all().add(has_ended()).add(any),
            Worklist::Todo => Cond::all().add(any).add(submitted.is_null()),
            Worklist::Waiting => any.add(submitted.is_not_null()),
        };
        // What the index of open cases needs to be told.
        Cond::all().add(case::COLUMN.ended_at.is_null()).add(any)
    }
}

impl CaseFilter {
    /// All of them, newest first.
    #[must_use]
    pub const fn all_of(scope: Scope) -> Self {
        Self {
            scope,
            states: Vec::new(),
            category_id: None,
            station_id: None,
            member_id: None,
            overdue_at: None,
            stages: Vec::new(),
            q: None,
            from: None,
            until: None,
            contested_look: false,
            submitted: false,
            worklist: None,
            seen_by: None,
            sort: Sort::Newest,
        }
    }

    /// Whether it can find none that has ended.
    fn is_of_open_ones(&self) -> bool {
        let of_open_states = !self.states.is_empty() && self.states.iter().all(|state| state.is_open());
        of_open_states || !self.stages.is_empty() || self.overdue_at.is_some()
    }

    /// Whether what it asks for can be so rare, or so frequent, that a plan for the average does not fit it: one
    /// member of thousands, or him who has most cases.
    #[must_use]
    pub const fn is_narrow(&self) -> bool {
        let is_chosen = self.station_id.is_some() || self.member_id.is_some() || self.category_id.is_some();
        self.q.is_some() || is_chosen
    }

    /// Whether it can find none that is open.
    fn is_of_ended_ones(&self) -> bool {
        !self.states.is_empty() && !self.states.iter().any(|state| state.is_open())
    }
}

impl CaseFilter {
    /// What all cases of the list have in common.
    pub(super) fn condition(&self) -> Cond {
        self.choices(None).add(self.scope.condition())
    }

    /// What of it was chosen: all but whose cases they are. Words are looked for beyond a case, if the rest of
    /// the query says so too.
    pub(super) fn choices(&self, beyond: Option<Beyond>) -> Cond {
        let mut all = Cond::all();
        if !self.states.is_empty() {
            all = all.add(case::COLUMN.state.is_in(self.states.iter().copied()));
        }
        if self.is_of_open_ones() {
            // What the indexes of open cases need to be told.
            all = all.add(case::COLUMN.ended_at.is_null());
        }
        if self.is_of_ended_ones() {
            all = all.add(has_ended());
        }
        if let Some(id) = self.category_id {
            all = all.add(case::COLUMN.category_id.eq(id));
        }
        if let Some(id) = self.station_id {
            all = all.add(case::COLUMN.station_id.eq(id));
        }
        if let Some(id) = self.member_id {
            all = all.add(case::COLUMN.member_id.eq(id));
        }
        if let Some(now) = self.overdue_at {
            all = all.add(self.scope.is_late(now));
        }
        if !self.stages.is_empty() {
            all = all.add(case::COLUMN.stage.is_in(self.stages.iter().copied()));
        }
        if self.contested_look {
            all = all.add(second_looks::is_contested());
        }
        if self.submitted {
            all = all.add(case::Column::SubmittedSeq.is_not_null());
        }
        if let Some(worklist) = self.worklist {
            all = all.add(worklist.condition());
        }
        if let Some(from) = self.from {
            all = all.add(case::COLUMN.created_at.gte(from));
        }
        if let Some(until) = self.until {
            all = all.add(case::COLUMN.created_at.lt(until));
        }
        if let Some(q) = &self.q {
            all = all.add(q.condition(beyond));
        }
        all
    }
}

/// What the indexes of ended cases need to be told: word for word their condition, as a parameter could be
/// anything.
fn has_ended() -> Expr {
    let ended =
        State::ALL.iter().filter(|state| !state.is_open()).map(|state| format!("'{}'", state.as_str()));
    Expr::cust(format!("cases.state IN ({})", ended.collect::<Vec<_>>().join(", ")))
}

/// A `LIKE` pattern that finds `q` itself, whatever characters it holds.
pub(super) fn contains_pattern(q: &str) -> String {
    let escaped = q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
