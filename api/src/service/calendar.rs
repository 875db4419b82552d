//! The calendar for people: what a year looks like, years that are imported, and what each import has moved.
//!
//! Which day is what is decided by `domain::calendar`; counting the open cases again is
//! [`recounting`]'s. A year is imported whole and takes the place of the one before.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::calendar::{
    CalendarError, CalendarHistory, DayKind, ImportedDay, RowFault, WorkCalendar, YearTable, shanghai_date,
};
use domain::case::CaseClock;
use domain::ids::{AccountId, CaseId, CommitteeId, RevisionId};
use entity::calendar_revision::Model;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::auth::Caller;
use crate::service::audit::{self, Deed};
use crate::service::authority::{AuthorityError, administers_top};
use crate::service::idempotency::{self, IdempotencyError};
use crate::service::recounting;
use crate::service::terms::{self, RefreshError};
use crate::state::{AppState, Parts};
use crate::store::{self, StoreError, Transaction, moved_deadlines, rows};

/// Why a year can't be imported or a report can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The caller is no admin of a topmost committee, or there is no such import.
    #[error("no such thing for this caller")]
    Unknown,
    /// Rows of the year are wrong.
    #[error("{} rows are wrong", .0.len())]
    Rows(Vec<(usize, RowFault)>),
    /// Two years decide on one date.
    #[error("{0} is named by another year, too")]
    NamedByAnotherYear(NaiveDate),
    /// What is shipped or stored contradicts itself.
    #[error(transparent)]
    Calendar(CalendarError),
    /// The year can't be written as JSON.
    #[error("the year can't be written as JSON")]
    Unwritable(#[from] serde_json::Error),
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for ImportError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

impl From<CalendarError> for ImportError {
    fn from(error: CalendarError) -> Self {
        match error {
            CalendarError::NamedTwice { date } => Self::NamedByAnotherYear(date),
            other => Self::Calendar(other),
        }
    }
}

impl From<RefreshError> for ImportError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Calendar(error) => error.into(),
            RefreshError::Store(error) => Self::Store(error),
        }
    }
}

/// What a day is that is not what its day of the week says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpecialKind {
    /// A day off.
    Holiday,
    /// A Saturday or Sunday that is worked (调休).
    Workday,
}

/// A day that is not what its day of the week says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SpecialDay {
    /// The day, in Shanghai.
    pub day: NaiveDate,
    /// What it is.
    pub kind: SpecialKind,
    /// What the holiday is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A year of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// Where it comes from: the notice; absent while none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Counts its versions; absent while no notice is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Whether no notice is known, so that weekends alone are off and due times may still move.
    pub provisional: bool,
    /// How many days are worked.
    pub working_days: usize,
    /// The days that are not what their day of the week says, ascending.
    pub days: Vec<SpecialDay>,
}

/// A day that an import changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChangedDay {
    /// The day, in Shanghai.
    pub day: NaiveDate,
    /// Whether people worked on it until now.
    pub was_working: bool,
    /// Whether they do from now on.
    pub is_working: bool,
}

/// An import of a year, and how far its consequences are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CalendarRevision {
    /// Key.
    pub id: RevisionId,
    /// The year.
    pub year: i32,
    /// Counts the versions of the year.
    pub version: i32,
    /// Where it comes from.
    pub source: String,
    /// Who imported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// From when it holds.
    pub created_at: DateTime<Utc>,
    /// When all open cases had been counted again; absent while that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Cases that could not be counted again; the log says why.
    pub failed: i32,
}

/// What an import would change, or has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportOutcome {
    /// The import; absent where it was only tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<CalendarRevision>,
    /// The days whose work it changes, ascending.
    pub changes: Vec<ChangedDay>,
}

/// How many deadlines of a kind an import has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MovedSum {
    /// Which deadline.
    pub clock: CaseClock,
    /// How many to a later time.
    pub later: i64,
    /// How many to an earlier time.
    pub earlier: i64,
}

/// What an import has moved so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RevisionReport {
    /// The import.
    #[serde(flatten)]
    pub revision: CalendarRevision,
    /// Cases of which it has moved a deadline.
    pub moved_cases: u64,
    /// The deadlines, by kind.
    pub moved: Vec<MovedSum>,
}

/// A deadline that an import has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MovedEntry {
    /// The case.
    pub case_id: CaseId,
    /// The number that people use.
    pub number: String,
    /// Which of its deadlines.
    pub clock: CaseClock,
    /// When it was.
    pub was_due_at: DateTime<Utc>,
    /// When it is by this import.
    pub due_at: DateTime<Utc>,
}

/// A year to be imported.
#[derive(Debug, Clone)]
pub struct YearImport {
    /// The year.
    pub year: i32,
    /// Where it comes from.
    pub source: String,
    /// Its days.
    pub days: Vec<ImportedDay>,
}

/// A year as this process knows it; the present one when none is named.
#[must_use]
pub fn show(state: &Parts, year: Option<i32>) -> CalendarYear {
    let year = year.unwrap_or_else(|| shanghai_date(state.clock.now()).year());
    let calendar = state.calendars.current();
    let table = calendar.tables().iter().find(|table| table.year == year);
    CalendarYear {
        year,
        source: table.map(|table| table.source.clone()),
        version: table.map(|table| table.version),
        provisional: table.is_none(),
        working_days: days_of(year, year).filter(|day| calendar.is_working_day(*day)).count(),
        days: days_of(year, year).filter_map(|day| special(&calendar, day)).collect(),
    }
}

fn special(calendar: &WorkCalendar, day: NaiveDate) -> Option<SpecialDay> {
    let (kind, name) = match calendar.day(day) {
        DayKind::Workday | DayKind::Weekend => return None,
        DayKind::Holiday { name } => (SpecialKind::Holiday, Some(name.to_owned())),
        DayKind::WorkingWeekend => (SpecialKind::Workday, None),
    };
    Some(SpecialDay { day, kind, name })
}

fn days_of(first: i32, last: i32) -> impl Iterator<Item = NaiveDate> {
    let from = NaiveDate::from_ymd_opt(first, 1, 1).unwrap_or(NaiveDate::MAX);
    from.iter_days().take_while(move |day| day.year() <= last)
}

/// Whether the caller may import: asked before the rows are looked at, so that a stranger learns nothing.
///
/// # Errors
/// The caller is no admin of a topmost committee; the database does not answer.
pub async fn check_importer(state: &Parts, caller: &Caller) -> Result<(), ImportError> {
    administers_top(state, caller).await?;
    Ok(())
}

/// Imports a year: it holds at once, and the deadlines of all open cases are counted again.
///
/// # Errors
/// The caller is no admin of a topmost committee; rows are wrong; the database does not answer. Nothing has
/// changed then.
pub async fn import(
    state: &AppState,
    caller: &Caller,
    import: YearImport,
    request: Option<&idempotency::Request>,
) -> Result<ImportOutcome, ImportError> {
    let committee_id = administers_top(state, caller).await?;
    let outcome = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        let (table, changes) = draft(state, tx, import).await?;
        let revision = insert(state, tx, caller, &table).await?;
        recounting::begin(state, tx, revision.id).await?;
        let detail = json!({ "after": { "table": table, "changes": changes } });
        audit::record(state, tx, Some(caller.account_id), deed(committee_id, revision.id, detail)).await?;
        Ok::<_, ImportError>(ImportOutcome { revision: Some(revision), changes })
    })
    .await?;
    terms::refresh(state).await?;
    state.jobs.wake();
    Ok(outcome)
}

/// What [`import`] would change; nothing is kept.
///
/// # Errors
/// As [`import`].
pub async fn try_import(
    state: &Parts,
    caller: &Caller,
    import: YearImport,
) -> Result<ImportOutcome, ImportError> {
    administers_top(state, caller).await?;
    let tx = state.db.begin().await?;
    let (_, changes) = draft(state, &tx, import).await?;
    Ok(ImportOutcome { revision: None, changes })
}

/// The year as a table, and the days that it changes.
async fn draft(
    state: &Parts,
    tx: &Transaction,
    import: YearImport,
) -> Result<(YearTable, Vec<ChangedDay>), ImportError> {
    let YearImport { year, source, days } = import;
    let mut years = store::calendar::list_years(tx).await?;
    let by_hand = store::calendar::list_corrections(tx).await?;
    let shipped = WorkCalendar::shipped()?;
    let before = CalendarHistory::new(shipped, &years, &by_hand)?;
    let version = before.current().tables().iter().find(|table| table.year == year);
    let version = version.map_or(0, |table| table.version) + 1;
    let table = YearTable::import(year, source, version, &days).map_err(ImportError::Rows)?;
    years.push((state.clock.now(), table.clone()));
    let after = CalendarHistory::new(shipped, &years, &by_hand)?;
    let (before, after) = (before.current(), after.current());
    // A year's notice may reach into the years beside it.
    let changes = days_of(year.saturating_sub(1), year.saturating_add(1))
        .map(|day| ChangedDay {
            day,
            was_working: before.is_working_day(day),
            is_working: after.is_working_day(day),
        })
        .filter(|changed| changed.was_working != changed.is_working)
        .collect();
    Ok((table, changes))
}

async fn insert(
    state: &Parts,
    tx: &Transaction,
    caller: &Caller,
    table: &YearTable,
) -> Result<CalendarRevision, ImportError> {
    let id: RevisionId = state.ids.next();
    let version = i32::try_from(table.version)
        .map_err(|error| StoreError::inconsistent("calendar_revisions", id, error))?;
    let row = Model {
        id,
        year: table.year,
        version,
        year_table: serde_json::to_value(table)?,
        account_id: Some(caller.account_id),
        after_case_id: None,
        failed: 0,
        finished_at: None,
        created_at: state.clock.now(),
    };
    let revision = CalendarRevision::read(&row)?;
    rows::insert(tx, row).await?;
    Ok(revision)
}

fn deed(committee_id: CommitteeId, id: RevisionId, detail: serde_json::Value) -> Deed {
    let (action, target) = (AuditAction::Create, AuditTarget::Calendar);
    Deed { committee_id: Some(committee_id), action, target, target_id: id.0, detail }
}

impl CalendarRevision {
    fn read(row: &Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            year: row.year,
            version: row.version,
            source: store::calendar::year_table(row)?.source,
            account_id: row.account_id,
            created_at: row.created_at,
            finished_at: row.finished_at,
            failed: row.failed,
        })
    }
}

/// The imports before `before`, the newest first.
///
/// # Errors
/// The caller is no admin of a topmost committee; the database does not answer.
pub async fn list_revisions(
    state: &Parts,
    caller: &Caller,
    before: Option<RevisionId>,
    limit: u64,
) -> Result<Vec<CalendarRevision>, ImportError> {
    administers_top(state, caller).await?;
    let rows = store::calendar::list_revisions(state.db.reader(), before, limit).await?;
    Ok(rows.iter().map(CalendarRevision::read).collect::<Result<_, _>>()?)
}

/// An import, with what it has moved so far.
///
/// # Errors
/// There is none for this caller; the database does not answer.
pub async fn show_revision(
    state: &Parts,
    caller: &Caller,
    id: RevisionId,
) -> Result<RevisionReport, ImportError> {
    administers_top(state, caller).await?;
    let db = state.db.reader();
    let row: Model = rows::find(db, id).await?.ok_or(ImportError::Unknown)?;
    let counts = moved_deadlines::count(db, id).await?;
    let sum = |count: moved_deadlines::MovedCount| MovedSum {
        clock: count.clock,
        later: count.later,
        earlier: count.count - count.later,
    };
    Ok(RevisionReport {
        revision: CalendarRevision::read(&row)?,
        moved_cases: moved_deadlines::count_cases(db, id).await?,
        moved: counts.into_iter().map(sum).collect(),
    })
}

/// The deadlines that an import has moved, after the place `after`.
///
/// # Errors
/// There is none for this caller; the database does not answer.
pub async fn list_moved(
    state: &Parts,
    caller: &Caller,
    id: RevisionId,
    after: Option<(CaseId, CaseClock)>,
    limit: u64,
) -> Result<Vec<MovedEntry>, ImportError> {
    administers_top(state, caller).await?;
    let db = state.db.reader();
    rows::find::<Model>(db, id).await?.ok_or(ImportError::Unknown)?;
    let rows = moved_deadlines::list(db, id, after, limit).await?;
    let entry = |row: moved_deadlines::MovedRow| MovedEntry {
        case_id: row.case_id,
        number: row.number,
        clock: row.clock,
        was_due_at: row.was_due_at,
        due_at: row.due_at,
    };
    Ok(rows.into_iter().map(entry).collect())
}
