//! `GET /me/messages`

use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use domain::ids::{BookingId, CaseId, MessageId, ShiftId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::service::notifications;
use crate::state::AppState;
use crate::store::messages::Message;

/// One page of the caller's messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// The messages, newest first.
    pub items: Vec<MessageView>,
    /// Pass it as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
    /// How many messages the caller has not read, on all pages.
    pub unread: u64,
}

/// One message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub id: MessageId,
    /// The case that it is about; none where it is about a shift or a booking.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub case_id: Option<CaseId>,
    /// The number of the event in the case's history.
    pub event_seq: Option<i32>,
    /// The shift or reception day that it is about.
    pub shift_id: Option<ShiftId>,
    /// The booking that it is about.
    pub booking_id: Option<BookingId>,
    /// Which text it is: `respond.resident`.
    pub template: String,
    /// A few characters for a list.
    pub title: String,
    /// One or two sentences.
    pub text: String,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        let word = |key| message.body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            id: message.id,
            case_id: message.case_id,
            event_seq: message.event_seq,
            shift_id: message.shift_id,
            booking_id: message.booking_id,
            title: word("title"),
            text: word("text"),
            template: message.template,
            read_at: message.read_at,
            created_at: message.created_at,
        }
    }
}

/// The caller's messages, newest first, and how many are unread.
#[utoipa::path(
    tag = "me",
    operation_id = "list_messages",
    params(PageQuery),
    responses((status = 200, description = "A page of messages.", body = MessagePage)),
    security(("account" = []))
)]
#[get("/messages")]
pub async fn list_messages(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let before = page.cursor()?;
    let (rows, unread) = notifications::list_messages(&state, caller.account_id, before, limit + 1).await?;
    let page = Page::from_rows(rows, limit, |message| message.id).map(MessageView::from);
    let Page { items, next_cursor } = page;
    Ok(HttpResponse::Ok().json(MessagePage { items, next_cursor, unread }))
}
