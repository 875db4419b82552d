//! Writes a new case: the row, its first event, its idempotency key and its job, all or nothing.

use chrono::{DateTime, Utc};
use domain::case::{CaseNumber, Decision};
use domain::ids::{AccountId, CategoryId, CodeId, JobId};
use domain::routing::Reason;
use entity::{case, idempotency_key, outbox};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    Statement, Value,
};

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
    let rows = rows(row, account_id, now)?;
    let backend = db.get_database_backend();
    if backend == DbBackend::Postgres {
        let mut statement = OneStatement::default();
        let [key, case, event, job] = rows;
        for (name, row) in [("k", key), ("c", case), ("e", event)] {
            statement.sql.push_str(if statement.sql.is_empty() { "WITH " } else { ", " });
            statement.sql.push_str(name);
            statement.sql.push_str(" AS (");
            statement.insert(row);
            statement.sql.push(')');
        }
        statement.sql.push(' ');
        statement.insert(job);
        db.execute_raw(statement.finish(backend)).await?;
        return Ok(());
    }
    for row in rows {
        let mut statement = OneStatement::default();
        statement.insert(row);
        db.execute_raw(statement.finish(backend)).await?;
    }
    Ok(())
}

/// A row on its way: its table, and its columns with what goes into them.
struct Row {
    table: &'static str,
    columns: Vec<(&'static str, Value)>,
}

impl Row {
    /// All columns that are set.
    fn of<A: ActiveModelTrait>(table: &'static str, mut model: A) -> Self {
        let columns = <A::Entity as EntityTrait>::Column::iter();
        let columns = columns.filter_map(|column| Some((column.as_str(), model.take(column).into_value()?)));
        Self { table, columns: columns.collect() }
    }
}

/// Room for the text of a row with some fifty columns, so that it grows once.
const TEXT_OF_A_ROW: usize = 1_536;

/// SQL that is being put together.
///
/// Not by the query builder, which copies sixty values several times on the way to the same text: that
/// was a sixth of what an intake cost the service.
#[derive(Default)]
struct OneStatement {
    sql: String,
    values: Vec<Value>,
}

impl OneStatement {
    fn insert(&mut self, row: Row) {
        self.sql.reserve(TEXT_OF_A_ROW);
        self.values.reserve(row.columns.len());
        self.sql.push_str("INSERT INTO ");
        self.sql.push_str(row.table);
        for (at, (name, _)) in row.columns.iter().enumerate() {
            self.sql.push_str(if at == 0 { " (" } else { ", " });
            self.sql.push_str(name);
        }
        for (at, (_, value)) in row.columns.into_iter().enumerate() {
            self.sql.push_str(if at == 0 { ") VALUES (" } else { ", " });
            // Half of a new case is not known yet, and the same half for most cases.
            if value == value.as_null() {
                self.sql.push_str("NULL");
                continue;
            }
            self.values.push(value);
            self.sql.push('$');
            self.sql.push_str(itoa::Buffer::new().format(self.values.len()));
        }
        self.sql.push(')');
    }

    fn finish(self, backend: DbBackend) -> Statement {
        Statement::from_sql_and_values(backend, self.sql, self.values)
    }
}

/// The four rows in an order that foreign keys allow.
fn rows(
    row: NewCaseRow<'_>,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<[Row; 4], StoreError> {
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
        // Every column is written, also those that stand at their default.
        Row::of("idempotency_keys", row.key.into_active_model().reset_all()),
        Row::of("cases", case_row),
        Row::of("case_events", event),
        Row::of("outbox", job),
    ])
}
