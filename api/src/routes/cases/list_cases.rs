//! `GET /cases`: lists of cases.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{EventKind, State};
use domain::deadline::Stage;
use domain::ids::{CaseId, CategoryId, MemberId, StationId};
use domain::vocabulary::Outcome;
use serde::Serialize;
use utoipa::ToSchema;

use super::list_query::{ListParams, ListQuery};
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::case_lists::{self, ListError, View};
use crate::service::receipt::Named;
use crate::state::AppState;
use crate::store::case_lists::Listed;
use crate::store::case_pages::Cursor;

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
    /// When the first reply of the officer's departments is due: only in `view=dispatched`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<DateTime<Utc>>,
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
    pub(super) fn of(Listed { at, case: row }: Listed, view: View, marked: bool) -> Self {
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
            reply_by: (view == View::Dispatched).then_some(at.due),
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
    tag = "cases", operation_id = "list_cases", params(ListParams, PageQuery),
    responses((status = 200, body = Page<CaseListItem>), ListCasesProblems),
    security(("account" = []))
)]
#[get("")]
pub async fn list_cases(
    state: web::Data<AppState>,
    caller: Caller,
    pairs: web::Query<Vec<(String, String)>>,
) -> Result<web::Json<Page<CaseListItem>>, ApiError> {
    guard::account(&state, &caller)?;
    let query = ListQuery::parse(&pairs)?;
    let limit = query.page.limit()?;
    let after: Option<Cursor> = query.page.cursor()?;
    let view = query.view;
    let scope = case_lists::scope(&state, &caller, view).await?;
    let filter = query.filter(&state, scope, &caller).await?;
    let rows = case_lists::list(&state, &filter, after, limit + 1).await?;
    let page = Page::from_rows(rows, limit, |row| row.at);
    let marked = filter.seen_by.is_some();
    Ok(web::Json(page.map(|row| CaseListItem::of(row, view, marked))))
}

impl From<ListError> for ApiError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::NotAllowed => Self::new(ErrorCode::NotAllowed),
            ListError::Store(error) => error.into(),
        }
    }
}
