//! `GET /cases/{id}/events`: a case's history.

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{EventKind, PartAsked, State};
use domain::ids::{CaseId, DepartmentId, MemberId, StationId, UploadId};
use domain::role::Party;
use domain::vocabulary::{Done, Evidence, Solved};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::service::case_history::{self, Entry};
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// One entry of a case's history.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseEvent)]
pub struct EventBody {
    /// Its number within the case.
    pub seq: i32,
    /// What happened.
    pub kind: EventKind,
    /// The same in Chinese.
    pub label: &'static str,
    /// The state before; none for the intake.
    pub from_state: Option<State>,
    /// The state after.
    pub to_state: State,
    /// In what capacity somebody did it.
    pub party: Party,
    /// When.
    pub at: DateTime<Utc>,
    /// The words: reason, question, answer, promise, note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Before a correction: the answer as it was sent, or last corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_text: Option<String>,
    /// Why it was corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The member whom it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// That member's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_name: Option<String>,
    /// The new station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station_id: Option<StationId>,
    /// The department asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// The part of a split case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<i16>,
    /// The parts of a split case that the reader may see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<EventPart>,
    /// The entry of the answer that was signed off or given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<i32>,
    /// The entry whose words or pictures were held back, or decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<i32>,
    /// How high it was raised: 1 to the station, 2 to the committee, 3 to the one above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<i16>,
    /// What an answer rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What the resident says of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// What the resident says weeks later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<Done>,
    /// 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stars: Option<i16>,
    /// The date promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The deadline that follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// The deadline that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_due_at: Option<DateTime<Utc>>,
    /// Pictures with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uploads: Vec<UploadId>,
}

/// A part of a split case as an event tells of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseEventPart)]
pub struct EventPart {
    /// Its number within the case.
    pub part: i16,
    /// The department.
    pub department_id: DepartmentId,
    /// What it was asked for.
    pub request: String,
    /// When its reply is due.
    pub due_at: DateTime<Utc>,
}

impl From<PartAsked> for EventPart {
    fn from(PartAsked { part, department_id, request, due_at }: PartAsked) -> Self {
        Self { part, department_id, request, due_at }
    }
}

impl From<Entry> for EventBody {
    fn from(Entry { seq, event, member_name }: Entry) -> Self {
        let body = event.body;
        Self {
            seq,
            kind: event.kind,
            label: event.kind.label(),
            from_state: event.from,
            to_state: event.to,
            party: event.party,
            at: event.at,
            text: body.text,
            former_text: body.former_text,
            reason: body.reason,
            member_id: body.member_id,
            member_name,
            station_id: body.station_id,
            department_id: body.department_id,
            part: body.part,
            parts: body.parts.into_iter().map(EventPart::from).collect(),
            answer: body.answer,
            entry: body.entry,
            level: body.level,
            evidence: body.evidence,
            solved: body.solved,
            done: body.done,
            stars: body.stars,
            due_on: body.due_on,
            due_at: body.due_at,
            former_due_at: body.former_due_at,
            uploads: body.uploads,
        }
    }
}

/// A case's history, oldest first; residents see what is meant for them.
#[utoipa::path(
    tag = "cases", operation_id = "list_case_events", params(("id" = CaseId, Path), PageQuery),
    responses((status = 200, body = Page<EventBody>)),
    security(("account" = []), ("ticket" = []))
)]
#[get("/events")]
pub async fn list_case_events(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<EventBody>>, ApiError> {
    guard::visit(&state, &visitor)?;
    let limit = page.limit()?;
    let after: i32 = page.cursor()?.unwrap_or(0);
    let entries = case_history::list(&state, &visitor, *id, after, limit + 1).await?;
    Ok(web::Json(Page::from_rows(entries, limit, |entry| entry.seq).map(EventBody::from)))
}
