//! Workbooks as people fill them in.

use rust_xlsxwriter::Workbook;

/// An xlsx file with one sheet of these words; an empty one leaves its cell empty.
#[must_use]
pub fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, words) in (0..).zip(*cells) {
            sheet.write_string(row, column, *words).expect("the words fit into a cell");
        }
    }
    book.save_to_buffer().expect("the workbook is written")
}
