//! A table as a workbook (.xlsx, ECMA-376), made row by row: what is finished leaves at once, so that a
//! hundred thousand rows need no more memory than a few hundred, and no file on a disk.
//!
//! Knows nothing of what the rows are about. Cells hold text and nothing else: no spreadsheet takes them for
//! a formula, neither when it opens the file nor when somebody edits a cell.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

/// Rows of one sheet, its headings included; readers take 1,048,576.
const SHEET_ROWS: u32 = 1_000_000;
/// Fast: the rows are small beside what the database costs.
const COMPRESSION: i64 = 3;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Style 1: text that stays text when it is edited. Style 2: a heading.
const STYLES: &str = concat!(
    r#"<fonts count="2"><font/><font><b/></font></fonts>"#,
    r#"<fills count="1"><fill><patternFill patternType="none"/></fill></fills>"#,
    r#"<borders count="1"><border/></borders>"#,
    r#"<cellStyleXfs count="1"><xf/></cellStyleXfs>"#,
    r#"<cellXfs count="3"><xf/><xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/>"#,
    r#"<xf fontId="1" numFmtId="49" applyFont="1"/></cellXfs>"#
);

/// A workbook that is being written.
pub struct Spreadsheet<const COLUMNS: usize> {
    zip: ZipWriter<StreamWriter<Outlet>>,
    outlet: Outlet,
    headings: [&'static str; COLUMNS],
    widths: [u8; COLUMNS],
    sheet_rows: u32,
    /// Sheets begun, and rows in the last one.
    sheets: u32,
    rows: u32,
}

impl<const COLUMNS: usize> Spreadsheet<COLUMNS> {
    /// A workbook with these headings over columns so wide, in characters.
    ///
    /// # Errors
    /// Never in practice: it writes to memory.
    pub fn begin(headings: [&'static str; COLUMNS], widths: [u8; COLUMNS]) -> Result<Self, ZipError> {
        Self::with_sheets_of(SHEET_ROWS, headings, widths)
    }

    fn with_sheets_of(
        sheet_rows: u32,
        headings: [&'static str; COLUMNS],
        widths: [u8; COLUMNS],
    ) -> Result<Self, ZipError> {
        let outlet = Outlet::default();
        let zip = ZipWriter::new_stream(outlet.clone());
        let mut book = Self { zip, outlet, headings, widths, sheet_rows, sheets: 0, rows: 0 };
        book.begin_sheet()?;
        Ok(book)
    }

    /// Adds a row; begins another sheet when the last one is full.
    ///
    /// # Errors
    /// Never in practice: it writes to memory.
    pub fn add(&mut self, row: &[String; COLUMNS]) -> Result<(), ZipError> {
        if self.rows == self.sheet_rows {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.write_row(row.each_ref().map(String::as_str), 1)
    }

    /// What is finished by now.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.outlet.take()
    }

    /// The rest.
    ///
    /// # Errors
    /// Never in practice: it writes to memory.
    pub fn finish(mut self) -> Result<Vec<u8>, ZipError> {
        self.end_sheet()?;
        let numbers = 1..=self.sheets;
        let each = |part: fn(u32) -> String| numbers.clone().map(part).collect::<String>();
        let sheets = each(|n| format!(r#"<sheet name="第{n}页" sheetId="{n}" r:id="s{n}"/>"#));
        let links = each(|n| {
            format!(
                r#"<Relationship Id="s{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
            )
        });
        let kinds = each(|n| {
            format!(
                r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>"#
            )
        });
        let parts = [
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{sheets}</sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"<Relationships xmlns="{PACKAGE}">{links}<Relationship Id="styles" Type="{DOCUMENT}/styles" Target="styles.xml"/></Relationships>"#
                ),
            ),
            ("xl/styles.xml", format!(r#"<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>"#)),
            (
                "_rels/.rels",
                format!(
                    r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="book" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "[Content_Types].xml",
                format!(
                    r#"<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>{kinds}</Types>"#
                ),
            ),
        ];
        for (name, xml) in parts {
            self.begin_part(name)?;
            self.zip.write_all(xml.as_bytes())?;
        }
        self.zip.finish()?;
        Ok(self.outlet.take())
    }

    fn begin_part(&mut self, name: &str) -> Result<(), ZipError> {
        // Without a time of its own: the same rows are the same file.
        let options = SimpleFileOptions::default().compression_level(Some(COMPRESSION));
        self.zip.start_file(name, options)?;
        Ok(self.zip.write_all(DECLARATION.as_bytes())?)
    }

    fn begin_sheet(&mut self) -> Result<(), ZipError> {
        self.sheets += 1;
        self.rows = 0;
        self.begin_part(&format!("xl/worksheets/sheet{}.xml", self.sheets))?;
        let mut columns = String::new();
        for (n, width) in (1..).zip(self.widths) {
            // Writing into a string does not fail.
            let _ = write!(columns, r#"<col min="{n}" max="{n}" width="{width}" customWidth="1"/>"#);
        }
        let head = format!(
            r#"<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>"#
        );
        self.zip.write_all(head.as_bytes())?;
        self.write_row(self.headings, 2)
    }

    fn end_sheet(&mut self) -> Result<(), ZipError> {
        Ok(self.zip.write_all(b"</sheetData></worksheet>")?)
    }

    fn write_row(&mut self, cells: [&str; COLUMNS], style: u8) -> Result<(), ZipError> {
        self.rows += 1;
        let row = self.rows;
        let mut xml = format!(r#"<row r="{row}">"#);
        for (n, text) in cells.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let column = column_name(n);
            let _ =
                write!(xml, r#"<c r="{column}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">"#);
            escape(text, &mut xml);
            xml.push_str("</t></is></c>");
        }
        xml.push_str("</row>");
        Ok(self.zip.write_all(xml.as_bytes())?)
    }
}

/// A, B, …, Z, AA, …
fn column_name(n: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or_default());
    let last = letter(n);
    match n / 26 {
        0 => last.to_string(),
        before => format!("{}{last}", column_name(before - 1)),
    }
}

/// Text as XML: what XML can't hold is left out, and what readers would take for the code of a character
/// (`_x000A_`, ECMA-376 part 1, 22.9.2.19) stays what it is.
fn escape(text: &str, xml: &mut String) {
    for (at, character) in text.char_indices() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '_' if is_code(text.get(at..).unwrap_or_default()) => xml.push_str("_x005F_"),
            '\t' | '\n' => xml.push(character),
            '\r' => xml.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() && other < ' ' => {}
            other => xml.push(other),
        }
    }
}

/// Whether the text begins as the code of a character does.
fn is_code(text: &str) -> bool {
    let mut characters = text.chars();
    let shape = characters.by_ref().take(2).eq("_x".chars());
    let digits = characters.by_ref().take(4).filter(char::is_ascii_hexdigit).count() == 4;
    shape && digits && characters.next() == Some('_')
}

/// Where the archive is written to, until somebody takes it away.
#[derive(Clone, Default)]
struct Outlet(Arc<Mutex<Vec<u8>>>);

impl Outlet {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;

    fn part(book: &[u8], name: &str) -> String {
        let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
        let mut xml = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
        xml
    }

    #[test]
    fn a_full_sheet_is_followed_by_another_with_its_own_headings() {
        let mut book = Spreadsheet::with_sheets_of(3, ["编号", "内容"], [12, 40]).unwrap();
        let mut bytes = Vec::new();
        for n in 0..5 {
            book.add(&[n.to_string(), "电梯坏了".to_owned()]).unwrap();
            bytes.extend(book.take());
        }
        bytes.extend(book.finish().unwrap());
        for (sheet, rows) in [(1, 3), (2, 3), (3, 2)] {
            let xml = part(&bytes, &format!("xl/worksheets/sheet{sheet}.xml"));
            assert_eq!((xml.matches("<row ").count(), xml.matches("编号").count()), (rows, 1), "{xml}");
        }
        assert_eq!(part(&bytes, "xl/workbook.xml").matches("<sheet ").count(), 3);
        assert_eq!(part(&bytes, "[Content_Types].xml").matches("worksheet+xml").count(), 3);
    }

    #[test]
    fn text_is_text_whatever_it_holds() {
        let mut xml = String::new();
        escape("=1+1 <a href=\"x\"> & _x000A_ __x0041__ _x00_ \u{1}\u{ffff}\r\n末", &mut xml);
        assert_eq!(xml, "=1+1 &lt;a href=\"x\"&gt; &amp; _x005F_x000A_ __x005F_x0041__ _x00_ &#13;\n末");
    }

    #[test]
    fn columns_have_the_names_that_readers_expect() {
        assert_eq!(
            [0, 1, 25, 26, 27, 51, 52, 701, 702].map(column_name),
            ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]
        );
    }

    #[test]
    fn what_is_taken_away_is_not_kept() {
        let mut book = Spreadsheet::begin(["编号"], [12]).unwrap();
        let (mut most, mut all) = (0, 0);
        for n in 0..200_000 {
            book.add(&[format!("{n:x}{:x}", n * 2_654_435_761_u64)]).unwrap();
            if n % 500 == 0 {
                let taken = book.take().len();
                (most, all) = (most.max(taken), all + taken);
            }
        }
        assert!(all > 1_000_000 && most < 200_000, "{all} bytes in all, {most} at most at once");
    }
}
