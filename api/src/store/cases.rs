//! Cases: locked for a decision, saved after it, and read for one screen.

use chrono::{DateTime, TimeDelta, Utc};
use domain::case::{Case, CaseNumber, EventBody, EventKind, NewEvent, State};
use domain::ids::{AccountId, CaseId, CategoryId, CodeId};
use domain::routing::Reason;
use entity::{case, case_event};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{StoreError, Transaction, case_parts};

/// A case with what belongs to it but is no matter of the rules.
#[derive(Debug, Clone)]
pub struct StoredCase {
    /// The case as the rules see it.
    pub case: Case,
    /// The number that people use.
    pub number: String,
    /// What the resident wrote.
    pub text: String,
    /// Whether residents read a sentence in place of it.
    pub text_held: bool,
    /// What it is about.
    pub category_id: Option<CategoryId>,
    /// The code it came from.
    pub code_id: Option<CodeId>,
    /// Where the matter is: latitude, longitude, name, address.
    pub place: StoredPlace,
    /// Sealed name, phone and on whose behalf.
    pub contact_sealed: Option<Vec<u8>>,
    /// Whether handlers must not see who raised it.
    pub anonymous: bool,
    /// SHA-256 of the case ticket.
    pub ticket_hash: Vec<u8>,
    /// Why it went where it went.
    pub routing: Vec<Reason>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

/// Where the matter of a case is, as far as the resident said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoredPlace {
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// What the place is called.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
}

/// How a case is found.
#[derive(Debug, Clone, Copy)]
pub enum CaseKey {
    /// By its id.
    Id(CaseId),
    /// By its number.
    Number(CaseNumber),
}

/// Finds a case and locks it until the transaction ends.
///
/// # Errors
/// The database does not answer, or the row is inconsistent.
pub async fn lock(tx: &Transaction, id: CaseId) -> Result<Option<StoredCase>, StoreError> {
    // SQLite has no row locks; there the transaction has taken the one write lock already.
    let row = case::Entity::find_by_id(id).lock(LockType::Update).one(tx).await?;
    match row {
        Some(row) => Ok(Some(complete(tx, row).await?)),
        None => Ok(None),
    }
}

/// Finds two cases and locks them until the transaction ends, in the order of their ids: two who want
/// the same two wait for each other, and not both for ever.
///
/// # Errors
/// The database does not answer, or a row is inconsistent.
pub async fn lock_both(
    tx: &Transaction,
    one: CaseId,
    other: CaseId,
) -> Result<(Option<StoredCase>, Option<StoredCase>), StoreError> {
    let rows = case::Entity::find()
        .filter(case::COLUMN.id.is_in([one, other]))
        .order_by_asc(case::Column::Id)
        .lock(LockType::Update)
        .all(tx)
        .await?;
    let mut both = Vec::with_capacity(rows.len());
    for row in rows {
        both.push(complete(tx, row).await?);
    }
    let of = |id: CaseId| both.iter().find(|stored| stored.case.id == id).cloned();
    Ok((of(one), of(other)))
}

/// Finds a case.
///
/// # Errors
/// The database does not answer, or the row is inconsistent.
pub async fn find(db: &impl ConnectionTrait, key: CaseKey) -> Result<Option<StoredCase>, StoreError> {
    let query = match key {
        CaseKey::Id(id) => case::Entity::find_by_id(id),
        CaseKey::Number(number) => case::Entity::find().filter(case::COLUMN.number.eq(number.to_string())),
    };
    match query.one(db).await? {
        Some(row) => Ok(Some(complete(db, row).await?)),
        None => Ok(None),
    }
}

/// A row with its parts; most cases have none, and cost nothing here.
async fn complete(db: &impl ConnectionTrait, row: case::Model) -> Result<StoredCase, StoreError> {
    let is_split = row.part_count > 0;
    let mut stored = stored(row)?;
    if is_split {
        stored.case.parts = case_parts::list(db, stored.case.id).await?;
    }
    Ok(stored)
}

/// Saves what a decision has changed.
///
/// # Errors
/// The database does not answer.
pub async fn save(
    tx: &Transaction,
    case: &Case,
    wake_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    changed(case, wake_at, now).update(tx).await?;
    case_parts::save(tx, case).await
}

/// Takes the contact out of a case: the person behind it had the account erased.
///
/// # Errors
/// The database does not answer.
pub async fn forget_resident(tx: &Transaction, account_id: AccountId) -> Result<(), StoreError> {
    case::Entity::update_many()
        .col_expr(case::Column::ResidentId, sea_orm::sea_query::Expr::value(None::<uuid::Uuid>))
        .col_expr(case::Column::ContactSealed, sea_orm::sea_query::Expr::value(None::<Vec<u8>>))
        .filter(case::COLUMN.resident_id.eq(account_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Gives a case another ticket: the one before opens nothing any more.
///
/// # Errors
/// The database does not answer.
pub async fn replace_ticket(tx: &Transaction, id: CaseId, ticket_hash: Vec<u8>) -> Result<(), StoreError> {
    case::Entity::update_many()
        .col_expr(case::Column::TicketHash, sea_orm::sea_query::Expr::value(ticket_hash))
        .filter(case::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Appends one entry to a case's history.
///
/// # Errors
/// The database does not answer, or the number is taken.
pub async fn append_event(
    tx: &impl ConnectionTrait,
    case_id: CaseId,
    seq: i32,
    event: &NewEvent,
    account_id: Option<AccountId>,
) -> Result<(), StoreError> {
    event_row(case_id, seq, event, account_id)?.insert(tx).await?;
    Ok(())
}

/// One entry of a case's history.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// Its number within the case.
    pub seq: i32,
    /// What happened.
    pub event: NewEvent,
    /// Who did it.
    pub account_id: Option<AccountId>,
}

/// For whom a history is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Everything.
    Staff,
    /// What is meant for residents.
    Residents,
}

/// A page of a case's history, oldest first, after the number `after`.
///
/// # Errors
/// The database does not answer, or a row is inconsistent.
pub async fn list_events(
    db: &impl ConnectionTrait,
    case_id: CaseId,
    readers: Readers,
    after: i32,
    limit: u64,
) -> Result<Vec<StoredEvent>, StoreError> {
    let kinds = EventKind::ALL.iter().copied().filter(|kind| readers == Readers::Staff || kind.is_public());
    let rows = case_event::Entity::find()
        .filter(case_event::COLUMN.case_id.eq(case_id))
        .filter(case_event::COLUMN.seq.gt(after))
        .filter(case_event::COLUMN.kind.is_in(kinds))
        .order_by_asc(case_event::Column::Seq)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(stored_event).collect()
}

/// One entry of a case's history.
///
/// # Errors
/// The database does not answer, or the row is inconsistent.
pub async fn find_event(
    db: &impl ConnectionTrait,
    case_id: CaseId,
    seq: i32,
) -> Result<Option<StoredEvent>, StoreError> {
    case_event::Entity::find_by_id((case_id, seq)).one(db).await?.map(stored_event).transpose()
}

pub(super) fn stored_event(row: case_event::Model) -> Result<StoredEvent, StoreError> {
    let body: EventBody = serde_json::from_value(row.body).map_err(|error| {
        StoreError::inconsistent("case_events", format!("{}/{}", row.case_id, row.seq), error)
    })?;
    let event = NewEvent {
        kind: row.kind,
        from: row.from_state,
        to: row.to_state,
        party: row.party,
        at: row.at,
        body,
    };
    Ok(StoredEvent { seq: row.seq, event, account_id: row.account_id })
}

/// The row of an event.
pub(super) fn event_row(
    case_id: CaseId,
    seq: i32,
    event: &NewEvent,
    account_id: Option<AccountId>,
) -> Result<case_event::ActiveModel, StoreError> {
    let body = serde_json::to_value(&event.body)
        .map_err(|error| StoreError::inconsistent("case_events", format!("{case_id}/{seq}"), error))?;
    Ok(case_event::ActiveModel {
        case_id: Set(case_id),
        seq: Set(seq),
        kind: Set(event.kind),
        from_state: Set(event.from),
        to_state: Set(event.to),
        party: Set(event.party),
        account_id: Set(account_id),
        body: Set(body),
        at: Set(event.at),
    })
}

/// The columns that a decision may change. What a case was taken in with is not among them.
pub(super) fn changed(case: &Case, wake_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> case::ActiveModel {
    case::ActiveModel {
        id: Set(case.id),
        state: Set(case.state),
        version: Set(case.version),
        event_seq: Set(case.event_seq),
        station_id: Set(case.station_id),
        member_id: Set(case.member_id),
        department_id: Set(case.department_id),
        accept_by: Set(case.accept_by),
        accept_overdue_at: Set(case.accept_overdue_at),
        respond_by: Set(case.respond_by),
        stopped_at: Set(case.stopped_at),
        stopped_total_s: Set(case.stopped_total.num_seconds()),
        waited_total_s: Set(case.waited_total.num_seconds()),
        reply_by: Set(case.reply_by),
        object_by: Set(case.object_by),
        promised_on: Set(case.promised_on),
        responded_at: Set(case.responded_at),
        confirm_by: Set(case.confirm_by),
        confirm_reminder_at: Set(case.confirm_reminder_at),
        submitted_seq: Set(case.submitted_seq),
        ended_at: Set(case.ended_at),
        outcome: Set(case.outcome),
        second_look: Set(case.second_look),
        second_look_at: Set(case.second_look_at),
        second_look_by: Set(case.second_look_by),
        returns: Set(case.returns),
        objections: Set(case.objections),
        stage: Set(case.stage),
        escalation_level: Set(case.escalation_level),
        leading_case_id: Set(case.leading_case_id),
        leader_seq: Set(case.leader_seq),
        merged_from: Set(case.merged_from),
        part_count: Set(i16::try_from(case.parts.len()).unwrap_or(i16::MAX)),
        wake_at: Set(wake_at),
        updated_at: Set(now),
        ..Default::default()
    }
}

/// A row as the rules see it, without its parts.
fn stored(row: case::Model) -> Result<StoredCase, StoreError> {
    let inconsistent = |problem: &str| StoreError::inconsistent("cases", row.id, problem);
    if row.state == State::Closed && row.outcome.is_none() {
        return Err(inconsistent("closed without an outcome"));
    }
    let routing: Vec<Reason> = serde_json::from_value(row.routing)
        .map_err(|error| StoreError::inconsistent("cases", row.id, error))?;
    let case = Case {
        id: row.id,
        state: row.state,
        version: row.version,
        event_seq: row.event_seq,
        committee_id: row.committee_id,
        station_id: row.station_id,
        member_id: row.member_id,
        department_id: row.department_id,
        resident_id: row.resident_id,
        created_at: row.created_at,
        accept_by: row.accept_by,
        accept_overdue_at: row.accept_overdue_at,
        respond_by: row.respond_by,
        stopped_at: row.stopped_at,
        stopped_total: TimeDelta::seconds(row.stopped_total_s),
        waited_total: TimeDelta::seconds(row.waited_total_s),
        reply_by: row.reply_by,
        object_by: row.object_by,
        promised_on: row.promised_on,
        responded_at: row.responded_at,
        confirm_by: row.confirm_by,
        confirm_reminder_at: row.confirm_reminder_at,
        submitted_seq: row.submitted_seq,
        ended_at: row.ended_at,
        outcome: row.outcome,
        second_look: row.second_look,
        second_look_at: row.second_look_at,
        second_look_by: row.second_look_by,
        returns: row.returns,
        objections: row.objections,
        stage: row.stage,
        escalation_level: row.escalation_level,
        leading_case_id: row.leading_case_id,
        leader_seq: row.leader_seq,
        merged_from: row.merged_from,
        parts: Vec::new(),
    };
    Ok(StoredCase {
        case,
        number: row.number,
        text: row.text,
        text_held: row.text_held,
        category_id: row.category_id,
        code_id: row.code_id,
        place: StoredPlace { point: row.lat.zip(row.lng), name: row.place_name, address: row.place_address },
        contact_sealed: row.contact_sealed,
        anonymous: row.anonymous,
        ticket_hash: row.ticket_hash,
        routing,
        updated_at: row.updated_at,
    })
}
