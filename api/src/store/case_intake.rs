//! Writes a new case: the row, its first event, its idempotency key and its job, all or nothing.

use chrono::{DateTime, Utc};
use domain::case::{CaseNumber, Decision};
use domain::ids::{AccountId, CategoryId, CodeId, JobId};
use domain::routing::Reason;
use entity::{case, idempotency_key, outbox};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{CommonTableExpression, InsertStatement, WithClause};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait};

use super::StoreError;
use super::cases::{StoredPlace, changed, event_row};

/// All that a new case is stored with.
#[derive(Debug, Clone)]
pub struct NewCaseRow<'a> {
    /// The case and its first event.
    pub decision: &'a Decision,
    /// Its number.
    pub number: CaseNumber,
    /// What the resident wrote.
    pub text: &'a str,
    /// What it is about.
    pub category_id: Option<CategoryId>,
    /// The code it came from.
    pub code_id: Option<CodeId>,
    /// Where the matter is.
    pub place: StoredPlace,
    /// Sealed name, phone and on whose behalf.
    pub contact_sealed: Option<Vec<u8>>,
    /// Whether handlers must not see who raised it.
    pub anonymous: bool,
    /// SHA-256 of the case ticket.
    pub ticket_hash: Vec<u8>,
    /// Why it went where it went.
    pub routing: &'a [Reason],
    /// When time has something to do with it first.
    pub wake_at: Option<DateTime<Utc>>,
    /// The first answer, to be given again.
    pub key: idempotency_key::Model,
    /// The job that tells whom it concerns.
    pub job: NewJobRow,
}

/// A job as it is stored.
#[derive(Debug, Clone)]
pub struct NewJobRow {
    /// Its id.
    pub id: JobId,
    /// Which handler takes it.
    pub kind: &'static str,
    /// Ids only.
    pub payload: serde_json::Value,
}

/// Stores a new case.
///
/// On PostgreSQL one statement does it all, so that it needs neither a transaction around it nor
/// more than one round trip (measured: a third of the CPU of four statements). SQLite has no
/// `INSERT` in a `WITH`; there the caller has begun a transaction.
///
/// # Errors
/// [`StoreError::Duplicate`] when the key or the number is taken: nothing has been stored then.
pub async fn insert(
    db: &impl ConnectionTrait,
    row: NewCaseRow<'_>,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let [key, case, event, job] = statements(row, account_id, now)?;
    if db.get_database_backend() != DbBackend::Postgres {
        for statement in [key, case, event, job] {
            db.execute(&statement).await?;
        }
        return Ok(());
    }
    let mut with = WithClause::new();
    for (name, statement) in [("k", key), ("c", case), ("e", event)] {
        with.cte(CommonTableExpression::new().table_name(name).query(statement).to_owned());
    }
    db.execute(&job.with(with)).await?;
    Ok(())
}

/// The four rows in an order that foreign keys allow.
fn statements(
    row: NewCaseRow<'_>,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<[InsertStatement; 4], StoreError> {
    let case = &row.decision.case;
    let job = outbox::ActiveModel {
        id: Set(row.job.id),
        kind: Set(row.job.kind.to_owned()),
        payload: Set(row.job.payload),
        dedupe_key: Set(None),
        state: Set("pending".to_owned()),
        run_at: Set(now),
        attempts: Set(0),
        lease_id: Set(None),
        leased_until: Set(None),
        last_error: Set(None),
        created_at: Set(now),
    };
    let routing = serde_json::to_value(row.routing)
        .map_err(|error| StoreError::inconsistent("cases", case.id, error))?;
    let (lat, lng) = row.place.point.unzip();
    let case_row = case::ActiveModel {
        committee_id: Set(case.committee_id),
        number: Set(row.number.to_string()),
        resident_id: Set(case.resident_id),
        code_id: Set(row.code_id),
        category_id: Set(row.category_id),
        text: Set(row.text.to_owned()),
        lat: Set(lat),
        lng: Set(lng),
        place_name: Set(row.place.name),
        place_address: Set(row.place.address),
        contact_sealed: Set(row.contact_sealed),
        anonymous: Set(row.anonymous),
        ticket_hash: Set(row.ticket_hash),
        routing: Set(routing),
        created_at: Set(case.created_at),
        ..changed(case, row.wake_at, now)
    };
    let event = row
        .decision
        .events
        .first()
        .ok_or_else(|| StoreError::inconsistent("cases", case.id, "opened without an event"))?;
    let event = event_row(case.id, 1, event, account_id)?;
    Ok([
        idempotency_key::Entity::insert(all_set(row.key)).into_query(),
        case::Entity::insert(case_row).into_query(),
        entity::case_event::Entity::insert(event).into_query(),
        outbox::Entity::insert(job).into_query(),
    ])
}

/// Every column is written, also those that stand at their default.
fn all_set(key: idempotency_key::Model) -> idempotency_key::ActiveModel {
    use sea_orm::{ActiveModelTrait, IntoActiveModel};
    key.into_active_model().reset_all()
}
