//! The list that comes with an archive: what each file is, and where it should hang.

use domain::calendar::SHANGHAI;
use zip::result::ZipError;

use super::archive::Archive;
use crate::service::codes::link_of;
use crate::service::spreadsheet::Spreadsheet;
use crate::state::Parts;
use crate::store::StoreError;
use crate::store::code_batches::{self, Selection};
use crate::store::codes::ScannedCode;

/// Its name in the archive.
pub(super) const NAME: &str = "清单.xlsx";
/// Codes that are read at once.
const CHUNK: u64 = 500;
const HEADINGS: [&str; 9] =
    ["文件", "码号", "链接", "类型", "工作站", "委员", "张贴位置", "制作批次", "制码时间"];
const WIDTHS: [u8; 9] = [60, 20, 48, 10, 28, 14, 28, 16, 18];

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListingError {
    /// It can't be written.
    #[error("a workbook can't be written")]
    Workbook(#[from] ZipError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The list of the codes that are in an archive, also of those that were revoked since.
pub(super) async fn workbook(
    state: &Parts,
    selection: &Selection,
    archive: &Archive,
) -> Result<Vec<u8>, ListingError> {
    let mut book = Spreadsheet::begin(HEADINGS, WIDTHS)?;
    let selection = Selection { with_revoked: true, ..*selection };
    let mut after = None;
    loop {
        let codes = code_batches::list_codes(state.db.reader(), &selection, after, CHUNK).await?;
        let Some(last) = codes.last() else { return Ok(book.finish()?) };
        after = Some((last.station.id, last.id));
        for code in &codes {
            if let Some(file) = archive.name_of(&code.token) {
                book.add(&row(state, code, file))?;
            }
        }
    }
}

fn row(state: &Parts, code: &ScannedCode, file: &str) -> [String; 9] {
    [
        file.to_owned(),
        code.token.clone(),
        link_of(state, &code.token),
        code.kind.label().to_owned(),
        code.station.name.clone(),
        code.member.as_ref().map(|member| member.name.clone()).unwrap_or_default(),
        code.placed_at.clone().unwrap_or_default(),
        code.batch.clone().unwrap_or_default(),
        code.created_at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M").to_string(),
    ]
}
