//! Workbooks as people fill them in.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

/// An xlsx file with one sheet of these words; an empty one leaves its cell empty. The same words make the same
/// bytes, whenever that is.
///
/// # Panics
/// The words make no workbook.
#[must_use]
pub fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let written_at = ExcelDateTime::from_timestamp(0).expect("an instant of Excel's");
    book.set_properties(&DocProperties::new().set_creation_datetime(&written_at));
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, words) in (0..).zip(*cells) {
            sheet.write_string(row, column, *words).expect("the words fit into a cell");
        }
    }
    book.save_to_buffer().expect("the workbook is written")
}
