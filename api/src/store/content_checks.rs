//! The checks of texts and pictures: what waits for WeChat, what waits for a person, what became of it.

use chrono::{DateTime, Utc};
use domain::content::{ContentState, Finding};
use domain::ids::{AccountId, CaseId, ContentCheckId, StationId, UploadId};
use entity::content_check::{ActiveModel, Column, Entity, Model};
use entity::{case, case_event};
use sea_orm::sea_query::{Expr, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
};

use super::{StoreError, Transaction};

/// Adds the check of a piece; `false` when there is one already.
///
/// # Errors
/// The query failed.
pub async fn insert_once(db: &impl ConnectionTrait, row: Model) -> Result<bool, StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    // No target: the indexes are partial ones, and a text and a picture have different ones.
    let known = OnConflict::new().do_nothing().to_owned();
    let added = Entity::insert(row).on_conflict(known).try_insert().exec_without_returning(db).await?;
    Ok(matches!(added, TryInsertResult::Inserted(rows) if rows > 0))
}

/// The check of this id.
///
/// # Errors
/// The query failed.
pub async fn find(db: &impl ConnectionTrait, id: ContentCheckId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// The check of this id, which nobody else can change until the transaction ends.
///
/// # Errors
/// The query failed.
pub async fn lock(tx: &Transaction, id: ContentCheckId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).lock(LockType::Update).one(tx).await?)
}

/// The checks of an event's pieces.
///
/// # Errors
/// The query failed.
pub async fn list_of_event(
    db: &impl ConnectionTrait,
    case_id: CaseId,
    event_seq: i32,
) -> Result<Vec<Model>, StoreError> {
    let of_event = Entity::find().filter(Column::CaseId.eq(case_id)).filter(Column::EventSeq.eq(event_seq));
    Ok(of_event.order_by_asc(Column::Id).all(db).await?)
}

/// The check whose result this trace is known by.
///
/// # Errors
/// The query failed.
pub async fn find_by_trace(
    db: &impl ConnectionTrait,
    trace_id: &str,
) -> Result<Option<ContentCheckId>, StoreError> {
    let found = Entity::find().select_only().column(Column::Id).filter(Column::TraceId.eq(trace_id));
    Ok(found.into_tuple().one(db).await?)
}

/// The picture that a link leads to, while its check needs it.
///
/// # Errors
/// The query failed.
pub async fn find_linked(
    db: &impl ConnectionTrait,
    link_hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Option<UploadId>, StoreError> {
    let found = Entity::find()
        .select_only()
        .column(Column::UploadId)
        .filter(Column::LinkHash.eq(link_hash))
        .filter(Column::UploadId.is_not_null())
        .filter(Column::State.eq(ContentState::Pending))
        .filter(Column::DueAt.gt(now));
    Ok(found.into_tuple().one(db).await?)
}

/// Opens the link of a picture that is being checked; the one before leads nowhere any more. `false` when
/// the check is over.
///
/// # Errors
/// The query failed.
pub async fn open_link(
    db: &impl ConnectionTrait,
    id: ContentCheckId,
    link_hash: Vec<u8>,
) -> Result<bool, StoreError> {
    let opened = Entity::update_many()
        .col_expr(Column::LinkHash, Expr::value(link_hash))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(ContentState::Pending))
        .exec(db)
        .await?;
    Ok(opened.rows_affected == 1)
}

/// Notes what the result of a check will be known by.
///
/// # Errors
/// The query failed.
pub async fn keep_trace(
    db: &impl ConnectionTrait,
    id: ContentCheckId,
    trace_id: &str,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::TraceId, Expr::value(trace_id))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Settles a pending check, and closes its link; `false` when it was settled before.
///
/// # Errors
/// The query failed.
pub async fn settle(
    tx: &Transaction,
    id: ContentCheckId,
    state: ContentState,
    finding: Option<Finding>,
    label: Option<i64>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let settled = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Finding, Expr::value(finding))
        .col_expr(Column::Label, Expr::value(label))
        .col_expr(Column::LinkHash, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::SettledAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(ContentState::Pending))
        .exec(tx)
        .await?;
    Ok(settled.rows_affected == 1)
}

/// Writes down what a person decided.
///
/// # Errors
/// The query failed.
pub async fn decide(
    tx: &Transaction,
    id: ContentCheckId,
    state: ContentState,
    decided_by: AccountId,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::DecidedBy, Expr::value(decided_by))
        .col_expr(Column::Reason, Expr::value(reason.map(str::to_owned)))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Up to `limit` checks whose time for a result is over, oldest first.
///
/// # Errors
/// The query failed.
pub async fn list_due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<ContentCheckId>, StoreError> {
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(ContentState::Pending))
        .filter(Column::DueAt.lte(now));
    Ok(due.order_by_asc(Column::DueAt).limit(limit).into_tuple().all(db).await?)
}

/// The events of a case whose words are for staff only.
///
/// # Errors
/// The query failed.
pub async fn list_withheld_events(
    db: &impl ConnectionTrait,
    case_id: CaseId,
) -> Result<Vec<i32>, StoreError> {
    let withheld = ContentState::ALL.iter().copied().filter(|state| state.is_withheld());
    let events = Entity::find()
        .select_only()
        .column(Column::EventSeq)
        .filter(Column::CaseId.eq(case_id))
        .filter(Column::UploadId.is_null())
        .filter(Column::State.is_in(withheld));
    Ok(events.into_tuple().all(db).await?)
}

/// Lets residents read a case's text, or a sentence in place of it.
///
/// # Errors
/// The query failed.
pub async fn hold_text(tx: &Transaction, case_id: CaseId, held: bool) -> Result<(), StoreError> {
    case::Entity::update_many()
        .col_expr(case::Column::TextHeld, Expr::value(held))
        .filter(case::Column::Id.eq(case_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// A piece that waits for a person.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of `content_checks`, and what they belong to")]
pub struct HeldPiece {
    pub id: ContentCheckId,
    pub case_id: CaseId,
    pub number: String,
    pub event_seq: i32,
    pub upload_id: Option<UploadId>,
    pub finding: Option<Finding>,
    pub label: Option<i64>,
    pub settled_at: Option<DateTime<Utc>>,
    /// The words of the case.
    pub case_text: String,
    /// What came with the event.
    pub event_body: Option<serde_json::Value>,
}

/// Up to `limit` pieces that wait for a person at a station, oldest first, after the one of this id.
///
/// # Errors
/// The query failed.
pub async fn list_held(
    db: &impl ConnectionTrait,
    station_id: StationId,
    after: Option<ContentCheckId>,
    limit: u64,
) -> Result<Vec<HeldPiece>, StoreError> {
    let at_station = Query::select()
        .column(case::Column::Id)
        .from(case::Entity)
        .and_where(case::Column::StationId.eq(station_id))
        .to_owned();
    let rows = Entity::find()
        .filter(Column::State.eq(ContentState::Held))
        .filter(Column::CaseId.in_subquery(at_station));
    let rows = after.map_or(rows.clone(), |id| rows.filter(Column::Id.gt(id)));
    let rows = rows.order_by_asc(Column::Id).limit(limit).all(db).await?;
    let cases: Vec<(CaseId, String, String)> = case::Entity::find()
        .select_only()
        .columns([case::Column::Id, case::Column::Number, case::Column::Text])
        .filter(case::Column::Id.is_in(rows.iter().map(|row| row.case_id)))
        .into_tuple()
        .all(db)
        .await?;
    let mut pieces = Vec::with_capacity(rows.len());
    for row in rows {
        let Some((_, number, case_text)) = cases.iter().find(|(id, ..)| *id == row.case_id) else { continue };
        let event_body: Option<serde_json::Value> = match (row.upload_id, row.event_seq) {
            (None, seq) if seq > 1 => {
                let event = case_event::Entity::find_by_id((row.case_id, seq)).select_only();
                event.column(case_event::Column::Body).into_tuple().one(db).await?
            }
            _ => None,
        };
        pieces.push(HeldPiece {
            id: row.id,
            case_id: row.case_id,
            number: number.clone(),
            event_seq: row.event_seq,
            upload_id: row.upload_id,
            finding: row.finding,
            label: row.label,
            settled_at: row.settled_at,
            case_text: case_text.clone(),
            event_body,
        });
    }
    Ok(pieces)
}
