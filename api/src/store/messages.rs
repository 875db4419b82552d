//! The messages of an account: written once per event, listed newest first.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, BookingId, CaseId, MessageId, NoticeId, ShiftId};
use entity::message::{ActiveModel, Column, Entity, Model};
use entity::notice;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, TryInsertResult,
};
use serde_json::Value;

use super::{StoreError, notices};

/// A message to be written.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its key.
    pub id: MessageId,
    /// The case.
    pub case_id: CaseId,
    /// The event.
    pub event_seq: i32,
    /// To whom.
    pub account_id: AccountId,
    /// Which text.
    pub template: String,
    /// Title and text.
    pub body: Value,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A message as it was written: about a case, or about a shift and perhaps a booking.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its key.
    pub id: MessageId,
    /// The case.
    pub case_id: Option<CaseId>,
    /// The event.
    pub event_seq: Option<i32>,
    /// The shift or reception day.
    pub shift_id: Option<ShiftId>,
    /// The booking.
    pub booking_id: Option<BookingId>,
    /// Which text.
    pub template: String,
    /// Title and text.
    pub body: Value,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl From<Model> for Message {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            case_id: Some(row.case_id),
            event_seq: Some(row.event_seq),
            shift_id: None,
            booking_id: None,
            template: row.template,
            body: row.body,
            read_at: row.read_at,
            created_at: row.created_at,
        }
    }
}

impl From<notice::Model> for Message {
    fn from(row: notice::Model) -> Self {
        Self {
            id: MessageId(row.id.0),
            case_id: None,
            event_seq: None,
            shift_id: Some(row.shift_id),
            booking_id: row.booking_id,
            template: row.template,
            body: row.body,
            read_at: row.read_at,
            created_at: row.created_at,
        }
    }
}

/// Writes a message; `false` when this account was told of this event before.
///
/// # Errors
/// The query fails.
pub async fn insert_once(db: &impl ConnectionTrait, new: NewMessage) -> Result<bool, StoreError> {
    let row = ActiveModel {
        id: Set(new.id),
        case_id: Set(new.case_id),
        event_seq: Set(new.event_seq),
        account_id: Set(new.account_id),
        template: Set(new.template),
        body: Set(new.body),
        read_at: Set(None),
        created_at: Set(new.created_at),
    };
    let told =
        OnConflict::columns([Column::CaseId, Column::EventSeq, Column::AccountId]).do_nothing().to_owned();
    let written = Entity::insert(row).on_conflict(told).try_insert().exec_without_returning(db).await?;
    Ok(matches!(written, TryInsertResult::Inserted(rows) if rows > 0))
}

/// The messages of an account before `before`, newest first: those about cases, and the notices.
///
/// # Errors
/// The query fails.
pub async fn list_of_account(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    before: Option<MessageId>,
    limit: u64,
) -> Result<Vec<Message>, StoreError> {
    let mut messages = Entity::find().filter(Column::AccountId.eq(account_id));
    if let Some(before) = before {
        messages = messages.filter(Column::Id.lt(before));
    }
    let rows = messages.order_by_desc(Column::Id).limit(limit).all(db).await?;
    let before = before.map(|id| NoticeId(id.0));
    let notices = notices::list_of_account(db, account_id, before, limit).await?;
    let mut all: Vec<Message> =
        rows.into_iter().map(Message::from).chain(notices.into_iter().map(Message::from)).collect();
    // Ids of both tables are of one generator, and sort by time.
    all.sort_by_key(|message| std::cmp::Reverse(message.id));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// How many messages the account has not read.
///
/// # Errors
/// The query fails.
pub async fn count_unread(db: &impl ConnectionTrait, account_id: AccountId) -> Result<u64, StoreError> {
    let unread = Entity::find().filter(Column::AccountId.eq(account_id)).filter(Column::ReadAt.is_null());
    Ok(unread.count(db).await? + notices::count_unread(db, account_id).await?)
}

/// Marks a message of the account as read; the first time counts. `false` when it has no such message.
///
/// # Errors
/// The query fails.
pub async fn mark_read(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    id: MessageId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let own = Column::Id.eq(id).and(Column::AccountId.eq(account_id));
    let marked = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now))
        .filter(own.clone())
        .filter(Column::ReadAt.is_null())
        .exec(db)
        .await?;
    if marked.rows_affected > 0 || Entity::find().filter(own).count(db).await? > 0 {
        return Ok(true);
    }
    notices::mark_read(db, account_id, NoticeId(id.0), now).await
}
