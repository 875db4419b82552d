//! Lists of cases: projections without long texts, filtered by who may see them, in keyset pages.

use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{EventKind, State, Worklist};
use domain::deadline::Stage;
use domain::ids::{AccountId, CaseId, CategoryId, CommitteeId, DepartmentId, MemberId, StationId};
use domain::vocabulary::Outcome;
use entity::{case, category, member, station};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Func, Order};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use serde::{Deserialize, Serialize};

use super::search::Search;
use super::{StoreError, case_parts, case_views, second_looks};

/// How many characters of a case's text stand in a list.
const EXCERPT_CHARS: i32 = 80;

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
        self.q.is_some() || is_chosen || matches!(self.scope, Scope::Departments(_))
    }

    /// Whether it can find none that is open.
    fn is_of_ended_ones(&self) -> bool {
        !self.states.is_empty() && !self.states.iter().any(|state| state.is_open())
    }
}

/// Where the next page begins: after this case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cursor {
    /// When it is due, for the order by that.
    pub due: DateTime<Utc>,
    /// Its id.
    pub id: CaseId,
}

/// A case as it stands in a list.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "the columns of the same names, and names of what they point to")]
pub struct CaseSummary {
    pub id: CaseId,
    pub number: String,
    pub state: State,
    pub version: i32,
    pub station_id: StationId,
    pub station_name: String,
    pub member_id: Option<MemberId>,
    pub member_name: Option<String>,
    pub category_id: Option<CategoryId>,
    pub category_name: Option<String>,
    pub excerpt: String,
    pub stage: Stage,
    pub escalation_level: i16,
    pub outcome: Option<Outcome>,
    pub respond_by: DateTime<Utc>,
    pub promised_on: Option<NaiveDate>,
    pub confirm_by: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The newest change that the reader has not seen; none without a reader.
    pub unseen_kind: Option<EventKind>,
}

/// Up to `limit` cases after the cursor.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: &CaseFilter,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<CaseSummary>, StoreError> {
    let text = Expr::col((case::Entity, case::Column::Text));
    let excerpt = Func::cust("substr").arg(text).arg(1).arg(EXCERPT_CHARS);
    let query = case::Entity::find()
        .select_only()
        .columns([
            case::Column::Id,
            case::Column::Number,
            case::Column::State,
            case::Column::Version,
            case::Column::StationId,
            case::Column::MemberId,
            case::Column::CategoryId,
            case::Column::Stage,
            case::Column::EscalationLevel,
            case::Column::Outcome,
            case::Column::RespondBy,
            case::Column::PromisedOn,
            case::Column::ConfirmBy,
            case::Column::EndedAt,
            case::Column::CreatedAt,
            case::Column::UpdatedAt,
        ])
        .expr_as(excerpt, "excerpt")
        .column_as(station::Column::Name, "station_name")
        .column_as(member::Column::Name, "member_name")
        .column_as(category::Column::Name, "category_name")
        .join(JoinType::InnerJoin, to_station())
        .join(JoinType::LeftJoin, to_member())
        .join(JoinType::LeftJoin, to_category())
        .filter(condition(filter))
        .limit(limit);
    let query = match filter.seen_by {
        Some(reader) => query
            .join(JoinType::LeftJoin, case_views::seen_by(reader))
            .expr_as(case_views::newest_unseen(reader), "unseen_kind"),
        None => query.expr_as(Expr::cust("NULL"), "unseen_kind"),
    };
    let by_due = Expr::col((case::Entity, case::Column::RespondBy));
    let by_id = Expr::col((case::Entity, case::Column::Id));
    let query = match filter.sort {
        Sort::Newest => {
            let query = query.order_by(case::Column::Id, Order::Desc);
            after.map_or(query.clone(), |cursor| query.filter(by_id.lt(cursor.id)))
        }
        Sort::Oldest => {
            let query = query.order_by(case::Column::Id, Order::Asc);
            after.map_or(query.clone(), |cursor| query.filter(by_id.gt(cursor.id)))
        }
        Sort::Due => {
            let query =
                query.order_by(case::Column::RespondBy, Order::Asc).order_by(case::Column::Id, Order::Asc);
            after.map_or(query.clone(), |cursor| {
                let later = by_due.clone().gt(cursor.due);
                let same = by_due.clone().eq(cursor.due).and(by_id.gt(cursor.id));
                // The first condition is where an index is entered: it says nothing new to people.
                query.filter(by_due.gte(cursor.due)).filter(later.or(same))
            })
        }
    };
    Ok(query.into_model::<CaseSummary>().all(db).await?)
}

/// What the cases of a filter have in common.
pub(super) fn condition(filter: &CaseFilter) -> Cond {
    let scope = match &filter.scope {
        Scope::Resident(account_id) => case::COLUMN.resident_id.eq(*account_id),
        Scope::Members(ids) => case::COLUMN.member_id.is_in(ids.iter().copied()),
        Scope::Stations(ids) => case::COLUMN.station_id.is_in(ids.iter().copied()),
        Scope::Committees(ids) => case::COLUMN.committee_id.is_in(ids.iter().copied()),
        Scope::Departments(ids) => case::Column::Id.in_subquery(case_parts::cases_with(ids)),
        Scope::Followers(id) => case::COLUMN.leading_case_id.eq(*id),
    };
    let mut all = Cond::all().add(scope);
    if !filter.states.is_empty() {
        all = all.add(case::COLUMN.state.is_in(filter.states.iter().copied()));
    }
    if filter.is_of_open_ones() {
        // What the indexes of open cases need to be told.
        all = all.add(case::COLUMN.ended_at.is_null());
    }
    if filter.is_of_ended_ones() {
        all = all.add(has_ended());
    }
    if let Some(id) = filter.category_id {
        all = all.add(case::COLUMN.category_id.eq(id));
    }
    if let Some(id) = filter.station_id {
        all = all.add(case::COLUMN.station_id.eq(id));
    }
    if let Some(id) = filter.member_id {
        all = all.add(case::COLUMN.member_id.eq(id));
    }
    if let Some(now) = filter.overdue_at {
        let running = State::ALL.iter().copied().filter(|state| state.clock_runs());
        all = all.add(case::COLUMN.state.is_in(running)).add(case::COLUMN.respond_by.lte(now));
    }
    if !filter.stages.is_empty() {
        all = all.add(case::COLUMN.stage.is_in(filter.stages.iter().copied()));
    }
    if filter.contested_look {
        all = all.add(second_looks::is_contested());
    }
    if filter.submitted {
        all = all.add(case::Column::SubmittedSeq.is_not_null());
    }
    if let Some(worklist) = filter.worklist {
        all = all.add(worklist.condition());
    }
    if let Some(from) = filter.from {
        all = all.add(case::COLUMN.created_at.gte(from));
    }
    if let Some(until) = filter.until {
        all = all.add(case::COLUMN.created_at.lt(until));
    }
    if let Some(q) = &filter.q {
        all = all.add(q.condition());
    }
    all
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

fn to_station() -> RelationDef {
    case::Entity::belongs_to(station::Entity).from(case::Column::StationId).to(station::Column::Id).into()
}

fn to_member() -> RelationDef {
    case::Entity::belongs_to(member::Entity).from(case::Column::MemberId).to(member::Column::Id).into()
}

fn to_category() -> RelationDef {
    case::Entity::belongs_to(category::Entity).from(case::Column::CategoryId).to(category::Column::Id).into()
}
