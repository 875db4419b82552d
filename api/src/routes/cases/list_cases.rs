//! `GET /cases`: lists of cases.

use std::str::FromStr;

use actix_web::{get, web};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::calendar::start_of_day;
use domain::case::{EventKind, State, Worklist};
use domain::deadline::Stage;
use domain::ids::{CaseId, CategoryId, MemberId, StationId};
use domain::vocabulary::Outcome;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::case_lists::{self, ListError, View};
use crate::service::receipt::Named;
use crate::state::AppState;
use crate::store::case_lists::{CaseFilter, CaseSummary, Cursor, Scope, Sort};

/// The longest search text, in characters.
const MAX_Q: usize = 60;

/// What can be asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query, which is read pair by pair because `state` repeats")]
struct ListParams {
    /// `mine` (default), `assigned`, `station`, `committee` or `dispatched`.
    view: Option<String>,
    /// `todo`, `waiting` or `done`: a part of the member's list; with `view=assigned` only.
    list: Option<String>,
    /// In one of these states; may be repeated.
    state: Option<Vec<State>>,
    /// Of this category.
    category: Option<CategoryId>,
    /// Of this station.
    station: Option<StationId>,
    /// Of this member.
    member: Option<MemberId>,
    /// `true`: only late ones.
    overdue: Option<bool>,
    /// `contested`: of which the resident said, weeks after the end, that it was not done, or in part only.
    second_look: Option<String>,
    /// A part of the text, or the number.
    q: Option<String>,
    /// Taken in on or after this day (Shanghai).
    from: Option<NaiveDate>,
    /// Taken in on or before this day (Shanghai).
    to: Option<NaiveDate>,
    /// `-created`, `created` or `due`; `due` when not given for the lists `todo` and `waiting`, else `-created`.
    sort: Option<String>,
    /// Items on the page, 1 to 100.
    limit: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A case as it stands in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseListItem)]
pub struct CaseListItem {
    /// The case.
    pub id: CaseId,
    /// The number to read out on the phone.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// The same in Chinese.
    pub state_label: &'static str,
    /// Its version, for `If-Match`.
    pub version: i32,
    /// The beginning of the text.
    pub excerpt: String,
    /// The responsible station.
    pub station: Named<StationId>,
    /// The responsible member.
    pub member: Option<Named<MemberId>>,
    /// What it is about.
    pub category: Option<Named<CategoryId>>,
    /// The last stage of lateness announced.
    pub stage: Stage,
    /// How high it has been raised.
    pub escalation_level: i16,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When the answer is due.
    pub respond_by: DateTime<Utc>,
    /// The last day of the promise, while planned.
    pub promised_on: Option<NaiveDate>,
    /// Until when the resident may confirm or contest.
    pub confirm_by: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was taken in.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
    /// Whether others have changed it since the caller last saw it. Kept for staff: absent in `view=mine`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unseen: Option<bool>,
    /// The newest of those changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// What has happened to a case since somebody last saw it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseChange)]
pub struct Change {
    /// What happened.
    pub kind: EventKind,
    /// The same in Chinese.
    pub label: &'static str,
}

impl CaseListItem {
    /// The item; with marks of what is unseen where somebody's looks are kept.
    pub(super) fn of(row: CaseSummary, marked: bool) -> Self {
        Self {
            id: row.id,
            number: row.number,
            state: row.state,
            state_label: row.state.label(),
            version: row.version,
            excerpt: row.excerpt,
            station: Named { id: row.station_id, name: row.station_name },
            member: row.member_id.map(|id| Named { id, name: row.member_name.unwrap_or_default() }),
            category: row.category_id.map(|id| Named { id, name: row.category_name.unwrap_or_default() }),
            stage: row.stage,
            escalation_level: row.escalation_level,
            outcome: row.outcome,
            respond_by: row.respond_by,
            promised_on: row.promised_on,
            confirm_by: row.confirm_by,
            ended_at: row.ended_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            unseen: marked.then_some(row.unseen_kind.is_some()),
            change: row.unseen_kind.map(|kind| Change { kind, label: kind.label() }),
        }
    }
}

problems!(ListCasesProblems: NotAllowed, ValidationFailed);

/// Cases by view and filter, in pages. Which views there are for a caller depends on the roles.
#[utoipa::path(
    tag = "cases", operation_id = "list_cases", params(ListParams),
    responses((status = 200, body = Page<CaseListItem>), ListCasesProblems),
    security(("account" = []))
)]
#[get("/cases")]
pub async fn list_cases(
    state: web::Data<AppState>,
    caller: Caller,
    pairs: web::Query<Vec<(String, String)>>,
) -> Result<web::Json<Page<CaseListItem>>, ApiError> {
    guard::account(&state, &caller)?;
    let query = ListQuery::parse(&pairs)?;
    let limit = query.page.limit()?;
    let after: Option<Cursor> = query.page.cursor()?;
    let scope = case_lists::scope(&state, &caller, query.view).await?;
    let filter = query.filter(&state, scope, &caller);
    let rows = case_lists::list(&state, &filter, after, limit + 1).await?;
    let page = Page::from_rows(rows, limit, |row| Cursor { due: row.respond_by, id: row.id });
    let marked = filter.seen_by.is_some();
    Ok(web::Json(page.map(|row| CaseListItem::of(row, marked))))
}

impl From<ListError> for ApiError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::NotAllowed => Self::new(ErrorCode::NotAllowed),
            ListError::Store(error) => error.into(),
        }
    }
}

/// The query, checked.
struct ListQuery {
    view: View,
    list: Option<Worklist>,
    states: Vec<State>,
    category_id: Option<CategoryId>,
    station_id: Option<StationId>,
    member_id: Option<MemberId>,
    overdue: bool,
    contested_look: bool,
    q: Option<String>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    sort: Option<Sort>,
    page: PageQuery,
}

impl ListQuery {
    fn parse(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        let mut fields = Fields::default();
        let mut query = Self {
            view: View::Mine,
            list: None,
            states: Vec::new(),
            category_id: None,
            station_id: None,
            member_id: None,
            overdue: false,
            contested_look: false,
            q: None,
            from: None,
            until: None,
            sort: None,
            page: PageQuery::default(),
        };
        for (name, value) in pairs {
            if !query.set(name, value) {
                fields.wrong(name, "invalid", "查询参数不正确。");
            }
        }
        if query.list.is_some() && query.view != View::Assigned {
            fields.wrong("list", "invalid", "只有委员的履职清单可以按待办、等待、已办查看。");
        }
        fields.finish(Some(query))
    }

    /// The order asked for; what is still to be answered comes by its due time.
    fn sort(&self) -> Sort {
        let open = matches!(self.list, Some(Worklist::Todo | Worklist::Waiting));
        self.sort.unwrap_or(if open { Sort::Due } else { Sort::Newest })
    }

    /// What is looked for, in what this caller may see.
    fn filter(self, state: &AppState, scope: Scope, caller: &Caller) -> CaseFilter {
        CaseFilter {
            scope,
            sort: self.sort(),
            worklist: self.list.map(|list| case_lists::worklist_today(state, list)),
            seen_by: (self.view != View::Mine).then_some(caller.account_id),
            states: self.states,
            category_id: self.category_id,
            station_id: self.station_id,
            member_id: self.member_id,
            contested_look: self.contested_look,
            overdue_at: case_lists::overdue_at(state, self.overdue),
            q: self.q,
            from: self.from,
            until: self.until,
        }
    }

    /// Takes one pair in; false when its name or its value is not known.
    fn set(&mut self, name: &str, value: &str) -> bool {
        match name {
            "view" => set(&mut self.view, view(value)),
            "list" => set(&mut self.list, parsed(value)),
            "state" => match value.parse() {
                Ok(state) => {
                    self.states.push(state);
                    true
                }
                Err(_) => false,
            },
            "category" => set(&mut self.category_id, parsed(value)),
            "station" => set(&mut self.station_id, parsed(value)),
            "member" => set(&mut self.member_id, parsed(value)),
            "second_look" => set(&mut self.contested_look, (value == "contested").then_some(true)),
            "overdue" => set(&mut self.overdue, value.parse().ok()),
            "q" => {
                let q = value.trim();
                let searchable = q.chars().count() <= MAX_Q && !q.contains('\0');
                set(&mut self.q, searchable.then(|| (!q.is_empty()).then(|| q.to_owned())))
            }
            "from" => set(&mut self.from, day(value).map(|day| Some(start_of_day(day)))),
            "to" => {
                let after = day(value).and_then(|day| day.succ_opt());
                set(&mut self.until, after.map(|day| Some(start_of_day(day))))
            }
            "sort" => set(&mut self.sort, sort(value).map(Some)),
            "limit" => set(&mut self.page.limit, parsed(value)),
            "cursor" => set(&mut self.page.cursor, Some(Some(value.to_owned()))),
            _ => false,
        }
    }
}

/// Puts a value in its place if there is one.
fn set<T>(place: &mut T, value: Option<T>) -> bool {
    let found = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    found
}

fn parsed<T: FromStr>(value: &str) -> Option<Option<T>> {
    value.parse().ok().map(Some)
}

/// A day of a year that can be written in four digits: others don't fit into every database.
fn day(value: &str) -> Option<NaiveDate> {
    value.parse().ok().filter(|day: &NaiveDate| (1..=9999).contains(&day.year()))
}

fn view(word: &str) -> Option<View> {
    match word {
        "mine" => Some(View::Mine),
        "assigned" => Some(View::Assigned),
        "station" => Some(View::Station),
        "committee" => Some(View::Committee),
        "dispatched" => Some(View::Dispatched),
        _ => None,
    }
}

fn sort(word: &str) -> Option<Sort> {
    match word {
        "-created" => Some(Sort::Newest),
        "created" => Some(Sort::Oldest),
        "due" => Some(Sort::Due),
        _ => None,
    }
}
