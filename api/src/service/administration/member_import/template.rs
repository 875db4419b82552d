//! The empty workbook that people fill in: a sheet with the headings, and one that says what belongs where.

use chrono::{DateTime, Utc};
use domain::ids::CommitteeId;
use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::columns::Column;
use super::workbook::MOST_ROWS;
use crate::auth::Caller;
use crate::service::authority::{AuthorityError, administers};
use crate::state::Parts;

/// Why there is no template.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The caller does not administer the committee.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The workbook can't be written.
    #[error("the workbook can't be written")]
    Unwritable(#[from] XlsxError),
}

/// The workbook for an admin of the committee.
///
/// # Errors
/// The caller does not administer it; the database does not answer.
pub async fn show(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
) -> Result<Vec<u8>, TemplateError> {
    administers(state, caller, committee_id).await?;
    Ok(make(state.clock.now())?)
}

fn make(now: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created_at = ExcelDateTime::from_timestamp(now.timestamp())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created_at));
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("委员")?.set_freeze_panes(1, 0)?;
    for (number, column) in (0_u16..).zip(Column::ALL) {
        let mark = if column.is_needed() { "*" } else { "" };
        sheet.write_string_with_format(0, number, format!("{}{mark}", column.heading()), &bold)?;
        sheet.set_column_width(number, 18)?;
        match column {
            Column::Level => {
                let levels = DataValidation::new().allow_list_strings(&["全国", "省", "市", "区县"])?;
                let last = u32::try_from(MOST_ROWS).unwrap_or(u32::MAX);
                sheet.add_data_validation(1, number, last, number, &levels)?;
            }
            Column::LeftOn => {
                sheet.set_column_format(number, &Format::new().set_num_format("yyyy-mm-dd"))?;
            }
            Column::Name
            | Column::Sector
            | Column::Post
            | Column::Stations
            | Column::Specialities
            | Column::Capacity
            | Column::Bio => {}
        }
    }
    let notes = book.add_worksheet().set_name("填写说明")?;
    notes.set_column_width(0, 14)?.set_column_width(1, 80)?;
    for (row, column) in (0_u32..).zip(Column::ALL) {
        notes.write_string_with_format(row, 0, column.heading(), &bold)?;
        notes.write_string(row, 1, column.hint())?;
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::super::workbook::{Value, read};
    use super::*;

    #[test]
    fn the_template_is_read_as_a_workbook_with_all_headings_and_nothing_else() {
        let now = "2026-11-25T01:00:00Z".parse().unwrap();
        let book = make(now).unwrap();
        let sheet = read(&book).unwrap();
        assert_eq!(sheet.rows.len(), 1);
        let headings: Vec<Option<Column>> = sheet
            .rows
            .values()
            .flat_map(|row| row.values())
            .map(|cell| match cell {
                Value::Text(text) => Column::of(text),
                Value::Number(_) | Value::Day(_) | Value::Unreadable => None,
            })
            .collect();
        assert_eq!(headings, Column::ALL.map(Some));
        assert_eq!(book, make(now).unwrap(), "nothing of it comes from the wall clock");
    }
}
