//! Reads the first sheet of an xlsx file, however large it says it is.
//!
//! An xlsx file is a ZIP archive of XML, of which a few kilobytes can unpack to gigabytes, and neither what
//! the archive says of its sizes nor what the sheet says of its rows has to be true. So the archive is
//! unpacked once into nothing, counting, before `calamine` may keep anything of it; and cells are taken one
//! by one, since asking for all of them reserves as much as the corners of the sheet lie apart.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use chrono::NaiveDate;
use zip::ZipArchive;

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;
/// What it may unpack to: five thousand rows of long texts fit several times. `calamine` takes up to five
/// times as much for a file that is made to hurt.
const MOST_UNPACKED: u64 = 16 * 1024 * 1024;
/// Parts that an archive may have; a workbook has a dozen.
const MOST_PARTS: usize = 500;
/// Rows of members.
pub const MOST_ROWS: usize = 5_000;
/// Columns that are looked at.
pub const MOST_COLUMNS: u32 = 40;
/// Rows that a sheet can have at all.
const ROWS_OF_A_SHEET: u32 = 1_048_576;
/// Characters of a cell.
const MOST_CELL_CHARS: usize = 5_000;
/// Bytes of all texts together: a workbook keeps a text once, however many cells show it.
const MOST_TEXT: usize = 16 * 1024 * 1024;

/// Why a workbook can't be read.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// It is no xlsx file, or a damaged one.
    #[error("no readable xlsx file")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It has no sheet.
    #[error("no sheet")]
    NoSheet,
    /// It unpacks to too much.
    #[error("unpacks to more than {MOST_UNPACKED} bytes")]
    Unpacked,
    /// It has too many rows.
    #[error("more than {MOST_ROWS} rows")]
    TooManyRows,
    /// It has too many columns.
    #[error("more than {MOST_COLUMNS} columns")]
    TooManyColumns,
    /// No row has the headings.
    #[error("no row of headings")]
    NoHeadings,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words, trimmed; never empty.
    Text(String),
    /// A number.
    Number(f64),
    /// A day, by the calendar of the workbook.
    Day(NaiveDate),
    /// Nothing that can be read: a formula that failed, a truth value, or far too long a text.
    Unreadable,
}

/// The cells of a row that are not empty, by column.
pub type Row = BTreeMap<u32, Value>;

/// The first sheet: rows that are not empty, by their number from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// The rows.
    pub rows: BTreeMap<u32, Row>,
}

/// A cell as a spreadsheet calls it: `C17`.
#[must_use]
pub fn address(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row + 1)
}

/// Reads the first sheet.
///
/// # Errors
/// It is no xlsx file, or too large in one way or another.
pub fn read(file: &[u8]) -> Result<Sheet, WorkbookError> {
    check_unpacked(file)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(unreadable)?;
    let name = book.sheet_names().first().cloned().ok_or(WorkbookError::NoSheet)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let (mut sheet, mut left) = (Sheet::default(), MOST_TEXT);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let Some(value) = value(cell.get_value()) else { continue };
        if column >= MOST_COLUMNS {
            return Err(WorkbookError::TooManyColumns);
        }
        if row >= ROWS_OF_A_SHEET {
            return Err(WorkbookError::TooManyRows);
        }
        if let Value::Text(text) = &value {
            left = left.checked_sub(text.len()).ok_or(WorkbookError::Unpacked)?;
        }
        sheet.rows.entry(row).or_default().insert(column, value);
        // The headings and a title above them come on top.
        if sheet.rows.len() > MOST_ROWS + 10 {
            return Err(WorkbookError::TooManyRows);
        }
    }
    Ok(sheet)
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> WorkbookError {
    WorkbookError::Unreadable(error.into())
}

fn check_unpacked(file: &[u8]) -> Result<(), WorkbookError> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(unreadable)?;
    if archive.len() > MOST_PARTS {
        return Err(WorkbookError::Unpacked);
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(unreadable)?;
        left = left.checked_sub(unpacked).ok_or(WorkbookError::Unpacked)?;
    }
    Ok(())
}

fn value(cell: &DataRef<'_>) -> Option<Value> {
    let text: Cow<'_, str> = match cell {
        DataRef::Empty => return None,
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) => return Some(Value::Number(*number)),
        DataRef::DateTime(at) => return Some(day(at).map_or(Value::Unreadable, Value::Day)),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cow::Borrowed(text)
        }
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::Bool(_) | DataRef::Error(_) => return Some(Value::Unreadable),
    };
    let text = text.trim();
    if text.chars().count() > MOST_CELL_CHARS {
        return Some(Value::Unreadable);
    }
    (!text.is_empty()).then(|| Value::Text(text.to_owned()))
}

fn day(at: &ExcelDateTime) -> Option<NaiveDate> {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn a_cell_is_called_as_in_a_spreadsheet() {
        for (row, column, name) in
            [(0, 0, "A1"), (16, 2, "C17"), (9, 25, "Z10"), (9, 26, "AA10"), (0, 701, "ZZ1"), (0, 702, "AAA1")]
        {
            assert_eq!(address(row, column), name);
        }
    }

    #[test]
    fn what_unpacks_to_gigabytes_is_refused_before_it_is_kept() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
        let zeros = vec![b' '; 1024 * 1024];
        for _ in 0..64 {
            archive.write_all(&zeros).unwrap();
        }
        let file = archive.finish().unwrap().into_inner();
        assert!(file.len() < MOST_BYTES / 10, "{} bytes", file.len());
        assert!(matches!(read(&file), Err(WorkbookError::Unpacked)));
    }

    #[test]
    fn a_long_text_that_many_cells_show_is_not_kept_for_each() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let long = "长".repeat(MOST_CELL_CHARS);
        for row in 0..100 {
            for column in 0..20 {
                sheet.write_string(row, column, &long).unwrap();
            }
        }
        let file = book.save_to_buffer().unwrap();
        assert!(file.len() < MOST_BYTES / 10, "{} bytes", file.len());
        assert!(matches!(read(&file), Err(WorkbookError::Unpacked)));
    }

    #[test]
    fn cells_are_read_as_what_they_are() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        let ends = rust_xlsxwriter::ExcelDateTime::from_ymd(2027, 1, 31).unwrap();
        sheet.write_string(0, 0, "  甲示例　").unwrap();
        sheet.write_string(0, 1, "   ").unwrap();
        sheet.write_number(2, 0, 15).unwrap();
        sheet.write_datetime_with_format(2, 39, &ends, &day).unwrap();
        sheet.write_boolean(3, 0, true).unwrap();
        sheet.write_string(3, 1, "长".repeat(MOST_CELL_CHARS + 1)).unwrap();
        let read = read(&book.save_to_buffer().unwrap()).unwrap();
        let expected = Sheet {
            rows: BTreeMap::from([
                (0, BTreeMap::from([(0, Value::Text("甲示例".to_owned()))])),
                (
                    2,
                    BTreeMap::from([
                        (0, Value::Number(15.0)),
                        (39, Value::Day("2027-01-31".parse().unwrap())),
                    ]),
                ),
                (3, BTreeMap::from([(0, Value::Unreadable), (1, Value::Unreadable)])),
            ]),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for file in [&b""[..], b"name,sector", b"PK\x03\x04 and no more"] {
            assert!(matches!(read(file), Err(WorkbookError::Unreadable(_))));
        }
    }
}
