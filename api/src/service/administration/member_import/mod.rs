//! Members from a workbook: read, looked over, and added all at once or not at all.
//!
//! Start reading at [`look_over`], which changes nothing, and [`import`]. [`workbook`] reads cells and knows
//! no members, [`columns`] the headings, [`known`] what the committee has, [`rows`] what a row says,
//! [`template`] makes the empty workbook.

pub mod columns;
pub mod known;
pub mod rows;
pub mod template;
pub mod workbook;

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use domain::audit::{AuditAction, AuditTarget};
use domain::calendar::shanghai_date;
use domain::ids::{CommitteeId, MemberId};
use domain::vocabulary::Level;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinError;

use self::known::Known;
use self::rows::Looked;
use self::workbook::{Sheet, WorkbookError};
use super::AdministrationError;
use super::members::MemberRecord;
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::audit::{self, Deed};
use crate::service::authority::administers;
use crate::service::idempotency::{self, IdempotencyError, Request};
use crate::state::Parts;
use crate::store::{StoreError, administration};

/// Something about a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportRemark)]
pub struct CellRemark {
    /// The cell as a spreadsheet calls it, for example `C17`.
    pub cell: String,
    /// The heading of its column.
    pub column: String,
    /// What is the matter, as a word.
    pub code: String,
    /// The same in Chinese.
    pub detail: String,
}

/// What a workbook would add, or has added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberImport {
    /// Whether it was only looked over.
    pub dry_run: bool,
    /// How many members stand in it.
    pub rows: usize,
    /// What keeps it from being imported; the first 1,000.
    pub faults: Vec<CellRemark>,
    /// How many faults there are in all.
    pub fault_count: usize,
    /// What somebody should look at, and what keeps nothing from being imported.
    pub warnings: Vec<CellRemark>,
    /// The headings of columns that are not read.
    pub ignored_columns: Vec<String>,
    /// The new members, in the order of their rows; none when it was only looked over.
    pub added: Vec<MemberId>,
}

/// Why a workbook was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It can't be read.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// Cells are at fault.
    #[error("{} cells are at fault", .0.fault_count)]
    Faulty(Box<MemberImport>),
    /// As for one member.
    #[error(transparent)]
    Administration(#[from] AdministrationError),
    /// The reader panicked.
    #[error("the reader panicked")]
    Panicked(#[from] JoinError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Administration(AdministrationError::Store(error))
    }
}

impl From<IdempotencyError> for ImportError {
    fn from(error: IdempotencyError) -> Self {
        Self::Administration(error.into())
    }
}

/// What a workbook would add to the committee; changes nothing.
///
/// # Errors
/// The caller does not administer the committee; the workbook can't be read; the database does not answer.
pub async fn look_over(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    file: Bytes,
) -> Result<MemberImport, ImportError> {
    let level = level_of(state, caller, committee_id).await?;
    let sheet = read(file).await?;
    let today = shanghai_date(state.clock.now());
    let known = Known::load(state.db.reader(), (committee_id, level), today).await?;
    Ok(report(true, hold_against(&sheet, known).await?))
}

/// Adds all members of a workbook to the committee, once for the key of the request.
///
/// # Errors
/// As [`look_over`]; cells are at fault, and nothing was added.
pub async fn import(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    file: Bytes,
    request: Option<&Request>,
) -> Result<MemberImport, ImportError> {
    let level = level_of(state, caller, committee_id).await?;
    let sheet = read(file).await?;
    let mut records: Vec<MemberRecord> = Vec::new();
    let done = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        // Two imports at once would not see each other's members.
        administration::lock_committee(tx, committee_id).await?;
        let known = Known::load(tx, (committee_id, level), shanghai_date(state.clock.now())).await?;
        let mut looked = hold_against(&sheet, known).await?;
        let drafts = std::mem::take(&mut looked.drafts);
        let mut report = report(false, looked);
        if report.fault_count > 0 {
            return Err(ImportError::Faulty(Box::new(report)));
        }
        records = drafts.into_iter().map(|draft| draft.record(state.ids.next(), committee_id)).collect();
        report.added = records.iter().map(|record| record.id).collect();
        let created_at = state.clock.now();
        let members = records.iter().map(|record| record.row(None, created_at)).collect();
        let stations = links(&records, |record| &record.stations);
        let specialities = links(&records, |record| &record.specialities);
        administration::insert_members(tx, members, stations, specialities).await?;
        let detail = json!({ "imported": report.rows, "members": report.added });
        let (action, target) = (AuditAction::Import, AuditTarget::Committee);
        let deed =
            Deed { committee_id: Some(committee_id), action, target, target_id: committee_id.0, detail };
        audit::record(state, tx, Some(caller.account_id), deed).await?;
        Ok(report)
    })
    .await?;
    let tags = records.iter().flat_map(super::Record::tags).collect::<HashSet<Tag>>();
    super::tell(state, committee_id, tags).await;
    Ok(done)
}

fn links<Id: Copy>(records: &[MemberRecord], of: impl Fn(&MemberRecord) -> &Vec<Id>) -> Vec<(MemberId, Id)> {
    records.iter().flat_map(|record| of(record).iter().map(|id| (record.id, *id))).collect()
}

async fn level_of(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
) -> Result<Level, AdministrationError> {
    let tree = administers(state, caller, committee_id).await?;
    Ok(tree.all().iter().find(|row| row.id == committee_id).map_or(Level::District, |row| row.level))
}

/// Unpacking and parsing take long for a large file: not on a thread that answers others.
async fn read(file: Bytes) -> Result<Arc<Sheet>, ImportError> {
    Ok(Arc::new(tokio::task::spawn_blocking(move || workbook::read(&file)).await??))
}

/// So does looking over thousands of rows.
async fn hold_against(sheet: &Arc<Sheet>, known: Known) -> Result<Looked, ImportError> {
    let sheet = Arc::clone(sheet);
    Ok(tokio::task::spawn_blocking(move || rows::look_over(&sheet, &known)).await??)
}

fn report(dry_run: bool, looked: Looked) -> MemberImport {
    let Looked { rows, faults, fault_count, warnings, ignored_columns, drafts: _ } = looked;
    MemberImport { dry_run, rows, faults, fault_count, warnings, ignored_columns, added: Vec::new() }
}
