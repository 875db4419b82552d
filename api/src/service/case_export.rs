//! A list of cases as a table for other programs: CSV (RFC 4180) in UTF-8 or a workbook (.xlsx), row by row,
//! so that a hundred thousand rows need no more memory than a few hundred.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::calendar::SHANGHAI;
use domain::ids::CommitteeId;
use domain::role::Role;
use futures::stream::{self, Stream};
use serde_json::json;

use crate::auth::Caller;
use crate::service::audit::{self, Deed};
use crate::service::case_lists::{self, ListError, View};
use crate::service::spreadsheet::Spreadsheet;
use crate::state::AppState;
use crate::store::case_filter::CaseFilter;
use crate::store::case_lists::{CaseSummary, Listed};
use crate::store::case_pages::Cursor;
use crate::store::{self, StoreError};

/// Rows that are read and sent at once.
const CHUNK: u64 = 500;
/// Tells spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// The first row.
const HEADINGS: [&str; 13] = [
    "编号",
    "状态",
    "工作站",
    "委员",
    "诉求类别",
    "内容摘要",
    "时限状态",
    "督办层级",
    "办理结果",
    "登记时间",
    "答复期限",
    "办结时间",
    "最近更新",
];

/// How wide the columns of a workbook are, in characters.
const WIDTHS: [u8; 13] = [14, 10, 24, 12, 14, 60, 10, 10, 12, 18, 18, 18, 18];

/// What kind of table is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    #[default]
    Csv,
    /// A workbook.
    Xlsx,
}

/// Why nothing is exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A row can't be written.
    #[error("a row can't be written")]
    Unwritable(#[from] csv::Error),
    /// A workbook can't be written.
    #[error("a workbook can't be written")]
    Workbook(#[from] zip::result::ZipError),
    /// There is no such list for the caller.
    #[error(transparent)]
    List(#[from] ListError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes into the audit log who takes which list out, before the first row leaves. What was searched for
/// may be somebody's name: it is left out.
///
/// # Errors
/// The list is not one of a station or a committee; the database does not answer.
pub async fn begin(
    state: &AppState,
    caller: &Caller,
    view: View,
    query: &[(String, String)],
) -> Result<(), ExportError> {
    let (target, target_id, committee_id) = whose(state, caller, view).await?;
    let told = query.iter().map(|(name, value)| (name, if name == "q" { "…" } else { value }));
    let detail = json!({ "query": told.collect::<Vec<_>>() });
    let deed = Deed { committee_id, action: AuditAction::Export, target, target_id, detail };
    let tx = state.db.begin().await?;
    audit::record(state, &tx, Some(caller.account_id), deed).await?;
    Ok(tx.commit().await.map_err(StoreError::from)?)
}

/// The first station or committee whose list it is.
async fn whose(
    state: &AppState,
    caller: &Caller,
    view: View,
) -> Result<(AuditTarget, uuid::Uuid, Option<CommitteeId>), ExportError> {
    let (role, target) = match view {
        View::Station => (Role::StationManager, AuditTarget::Station),
        View::Committee => (Role::CommitteeAdmin, AuditTarget::Committee),
        View::Mine | View::Assigned | View::Dispatched => return Err(ListError::NotAllowed.into()),
    };
    let id = caller.scopes(role).next().ok_or(ListError::NotAllowed)?;
    let committee_id = match view {
        View::Committee => Some(CommitteeId(id)),
        _ => store::case_terms::committee_of_station(state.db.reader(), id.into()).await?,
    };
    Ok((target, id, committee_id))
}

/// The rows of a list, some hundred at a time.
pub fn rows(
    state: AppState,
    filter: CaseFilter,
    format: Format,
) -> impl Stream<Item = Result<Bytes, ExportError>> {
    stream::try_unfold(Progress::Begin(format), move |progress| {
        let (state, filter) = (state.clone(), filter.clone());
        async move { next(&state, &filter, progress).await }
    })
}

/// How far an export is.
enum Progress {
    Begin(Format),
    After(Option<Cursor>, Table),
    Done,
}

/// The table that is being written.
enum Table {
    Csv,
    Xlsx(Box<Spreadsheet<13>>),
}

impl Table {
    /// A table, and what it begins with.
    fn begin(format: Format) -> Result<(Vec<u8>, Self), ExportError> {
        Ok(match format {
            Format::Csv => {
                let mut text = BYTE_ORDER_MARK.as_bytes().to_vec();
                text.extend(table([HEADINGS.map(str::to_owned)])?);
                (text, Self::Csv)
            }
            Format::Xlsx => {
                let mut book = Spreadsheet::begin(HEADINGS, WIDTHS)?;
                (book.take(), Self::Xlsx(Box::new(book)))
            }
        })
    }

    fn add(&mut self, cases: &[Listed]) -> Result<Vec<u8>, ExportError> {
        match self {
            Self::Csv => Ok(table(cases.iter().map(|listed| row(&listed.case, harmless)))?),
            Self::Xlsx(book) => {
                for Listed { case, .. } in cases {
                    // Text is no formula there, whatever it begins with.
                    book.add(&row(case, str::to_owned))?;
                }
                Ok(book.take())
            }
        }
    }

    fn finish(self) -> Result<Vec<u8>, ExportError> {
        match self {
            Self::Csv => Ok(Vec::new()),
            Self::Xlsx(book) => Ok(book.finish()?),
        }
    }
}

async fn next(
    state: &AppState,
    filter: &CaseFilter,
    progress: Progress,
) -> Result<Option<(Bytes, Progress)>, ExportError> {
    let (after, mut table) = match progress {
        Progress::Begin(format) => {
            let (bytes, table) = Table::begin(format)?;
            return Ok(Some((bytes.into(), Progress::After(None, table))));
        }
        Progress::After(after, table) => (after, table),
        Progress::Done => return Ok(None),
    };
    let found = case_lists::list(state, filter, after, CHUNK).await?;
    let mut bytes = table.add(&found)?;
    let is_full = u64::try_from(found.len()).is_ok_and(|found| found == CHUNK);
    let progress = match found.last().filter(|_| is_full) {
        Some(last) => Progress::After(Some(last.at), table),
        None => {
            bytes.extend(table.finish()?);
            Progress::Done
        }
    };
    Ok(Some((bytes.into(), progress)))
}

fn table(rows: impl IntoIterator<Item = [String; 13]>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The cells of a case; what people wrote goes through `words`.
fn row(case: &CaseSummary, words: fn(&str) -> String) -> [String; 13] {
    [
        case.number.clone(),
        case.state.label().to_owned(),
        words(&case.station_name),
        words(case.member_name.as_deref().unwrap_or_default()),
        words(case.category_name.as_deref().unwrap_or_default()),
        words(&case.excerpt),
        case.stage.label().to_owned(),
        case.escalation_level.to_string(),
        case.outcome.map_or("", |outcome| outcome.label()).to_owned(),
        local(Some(case.created_at)),
        local(Some(case.respond_by)),
        local(case.ended_at),
        local(Some(case.updated_at)),
    ]
}

/// What people wrote, so that no spreadsheet takes it for a formula (OWASP, "CSV Injection").
fn harmless(text: &str) -> String {
    let starts_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if starts_formula || text.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

/// A time in Shanghai, as spreadsheets read it.
fn local(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_a_formula_is_text() {
        for text in ["=1+1", "+86", "-2", "@SUM(A1)", "  =cmd", "\t=1", "＝HYPERLINK(\"x\")"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("路灯=坏"), "路灯=坏");
    }

    #[test]
    fn a_cell_with_quotes_commas_and_lines_comes_back_as_it_was() {
        let mut row = HEADINGS.map(str::to_owned);
        row[5] = "他说：\"坏了\",\n第二行".to_owned();
        let text = table([row.clone()]).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
        let back = reader.records().next().unwrap().unwrap();
        assert_eq!(back.iter().collect::<Vec<_>>(), row);
    }
}
