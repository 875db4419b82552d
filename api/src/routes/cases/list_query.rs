//! The query of a list of cases, for whatever is made of the list.

use std::str::FromStr;

use actix_web::web;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::calendar::start_of_day;
use domain::case::{State, Worklist};
use domain::deadline::Stage;
use domain::ids::{CategoryId, MemberId, StationId};
use domain::search::Query;
use utoipa::IntoParams;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::page::PageQuery;
use crate::service::case_lists::{self, View};
use crate::service::searching;
use crate::state::AppState;
use crate::store::case_filter::{CaseFilter, Scope, Sort};

/// The longest search text, in characters.
const MAX_Q: usize = 60;

/// What can be asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query, which is read pair by pair because `state` repeats")]
pub(super) struct ListParams {
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
    /// Open and at one of these stages of lateness; may be repeated.
    stage: Option<Vec<Stage>>,
    /// `contested`: of which the resident said, weeks after the end, that it was not done, or in part only.
    second_look: Option<String>,
    /// `true`: only those whose answer waits for the manager to sign it off; not with `view=mine`.
    submitted: Option<bool>,
    /// Words that all have to be there: in the text, the place, what was written to the resident, the names
    /// of station, member (also in pinyin or by its initials) or category; or the number, or three of its digits.
    q: Option<String>,
    /// Taken in on or after this day (Shanghai).
    from: Option<NaiveDate>,
    /// Taken in on or before this day (Shanghai).
    to: Option<NaiveDate>,
    /// `-created`, `created` or `due`; when not given `due` for the lists `todo` and `waiting` and with
    /// `overdue` or `stage`, else `-created`.
    sort: Option<String>,
}

/// The query, checked.
#[derive(Default)]
pub(super) struct ListQuery {
    pub(super) view: View,
    list: Option<Worklist>,
    states: Vec<State>,
    category_id: Option<CategoryId>,
    station_id: Option<StationId>,
    member_id: Option<MemberId>,
    overdue: bool,
    stages: Vec<Stage>,
    contested_look: bool,
    submitted: bool,
    q: Option<Query>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    sort: Option<Sort>,
    pub(super) page: PageQuery,
}

impl ListQuery {
    pub(super) fn parse(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        let mut fields = Fields::default();
        let mut query = Self::default();
        for (name, value) in pairs {
            if !query.set(name, value) {
                fields.wrong(name, "invalid", "查询参数不正确。");
            }
        }
        if query.has_misplaced_list() {
            fields.wrong("list", "invalid", "只有委员的履职清单可以按待办、等待、已办查看。");
        }
        if query.submitted && query.view == View::Mine {
            fields.wrong("submitted", "invalid", "只有工作人员的列表可以按待签发查看。");
        }
        fields.finish(Some(query))
    }

    /// Only a member's list has parts.
    fn has_misplaced_list(&self) -> bool {
        self.list.is_some() && self.view != View::Assigned
    }

    /// The order asked for; what is still to be answered, or late with it, comes by its due time.
    fn sort(&self) -> Sort {
        let open = matches!(self.list, Some(Worklist::Todo | Worklist::Waiting));
        let late = self.overdue || !self.stages.is_empty();
        self.sort.unwrap_or(if open || late { Sort::Due } else { Sort::Newest })
    }

    /// What is looked for, in what this caller may see.
    pub(super) async fn filter(
        self,
        state: &AppState,
        scope: Scope,
        caller: &Caller,
    ) -> Result<CaseFilter, ApiError> {
        let sought = self.q.clone();
        let q = searching::prepare(state, &scope, sought).await?;
        Ok(CaseFilter {
            scope,
            sort: self.sort(),
            worklist: self.list.map(|list| case_lists::worklist_today(state, list)),
            seen_by: (self.view != View::Mine).then_some(caller.account_id),
            states: self.states,
            category_id: self.category_id,
            station_id: self.station_id,
            member_id: self.member_id,
            contested_look: self.contested_look,
            submitted: self.submitted,
            stages: self.stages,
            overdue_at: case_lists::overdue_at(state, self.overdue),
            q,
            from: self.from,
            until: self.until,
        })
    }

    /// Takes one pair in; false when its name or its value is not known.
    fn set(&mut self, name: &str, value: &str) -> bool {
        match name {
            "view" => set(&mut self.view, view(value)),
            "list" => set(&mut self.list, parsed(value)),
            "state" => add(&mut self.states, value),
            "stage" => add(&mut self.stages, value),
            "category" => set(&mut self.category_id, parsed(value)),
            "station" => set(&mut self.station_id, parsed(value)),
            "member" => set(&mut self.member_id, parsed(value)),
            "second_look" => set(&mut self.contested_look, (value == "contested").then_some(true)),
            "submitted" => set(&mut self.submitted, value.parse().ok()),
            "overdue" => set(&mut self.overdue, value.parse().ok()),
            "q" => {
                let q = value.trim();
                let searchable = q.chars().count() <= MAX_Q && !q.contains('\0');
                let query = if q.is_empty() { Some(None) } else { q.parse().ok().map(Some) };
                set(&mut self.q, query.filter(|_| searchable))
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

/// Which list a query is of that somebody wants to keep: one of `GET /cases` that names no page.
///
/// # Errors
/// The name of the first parameter that is wrong.
pub(in crate::routes) fn read_kept_query(text: &str) -> Result<View, String> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| text.to_owned())?;
    let mut query = ListQuery::default();
    for (name, value) in pairs.into_inner() {
        if matches!(name.as_str(), "limit" | "cursor") || !query.set(&name, &value) {
            return Err(name);
        }
    }
    if query.has_misplaced_list() { Err("list".to_owned()) } else { Ok(query.view) }
}

/// Puts a value in its place if there is one.
fn set<T>(place: &mut T, value: Option<T>) -> bool {
    let found = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    found
}

/// Adds a value of a parameter that may be repeated.
fn add<T: FromStr>(values: &mut Vec<T>, value: &str) -> bool {
    let parsed = value.parse().ok();
    let found = parsed.is_some();
    values.extend(parsed);
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
