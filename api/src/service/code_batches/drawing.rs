//! Draws a batch stride by stride: each takes some codes, gives the bytes that come next in the file, and says
//! what the one after it has to know.
//!
//! Nothing is kept in the process between two strides, so that a restart repeats one of them at most, and nobody
//! who wants a poster of his own waits for more than one. The job of a stride knows which one it is: when it comes
//! again after its part was noted, it does nothing.

use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::ids::CodeBatchId;
use domain::vocabulary::{BatchForm, BatchState};
use entity::code_batch;
use qr::poster::{PausedDocument, Poster, PosterError, PosterKind, Posters, Print};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::archive::{Archive, TooLarge, file_name};
use super::listing::{self, ListingError};
use super::{Wanted, enqueue};
use crate::jobs::JobError;
use crate::printing::PrintError;
use crate::service::poster_look::{print_of, usual_kind};
use crate::service::posters::{self, PosterFailure};
use crate::state::{AppState, Parts};
use crate::store::code_batches::{self, Place, Progress, Selection};
use crate::store::codes::ScannedCode;
use crate::store::{StoreError, Transaction};

/// The most codes of a stride.
const STRIDE: u64 = 25;
/// After this time a stride takes no more.
const LONGEST_STRIDE: Duration = Duration::from_secs(1);
/// Pixels an inch of a picture when nothing is said.
const DPI: u16 = 150;

/// What the next stride has to know.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Work {
    /// The parts that are written.
    pub parts: Vec<String>,
    after: Option<Place>,
    file: File,
}

/// The file that is being written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum File {
    #[default]
    Empty,
    Document(PausedDocument),
    Archive(Archive),
}

/// What a stride has brought.
#[derive(Debug)]
pub struct Stride {
    /// What comes next in the file.
    pub bytes: Vec<u8>,
    /// How many codes it has drawn.
    pub drawn: usize,
    /// What the next one has to know.
    pub work: Work,
    /// Whether this is the end of the file.
    pub is_last: bool,
}

/// Why a stride brings nothing.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// The poster of a code is refused.
    #[error("the poster of {token} is refused")]
    Refused {
        /// The code.
        token: String,
        /// Why.
        #[source]
        error: PosterError,
    },
    /// What the poster says can't be gathered.
    #[error(transparent)]
    Gathering(#[from] PosterFailure),
    /// The press does not work, or has no time.
    #[error(transparent)]
    Press(#[from] PrintError),
    /// The archive is full.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The list can't be made.
    #[error(transparent)]
    Listing(#[from] ListingError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DrawError {
    /// What people read of a batch that will never be ready; none where another try may help.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::Refused { token, error } => {
                Some(format!("二维码 {token} 的海报无法制作：{}", reason(error)))
            }
            Self::Gathering(PosterFailure::NotForThisCode) => {
                Some("委员名片只能用委员的二维码制作。".to_owned())
            }
            Self::TooLarge(_) => Some("文件超过 4 GB，请降低清晰度，或按工作站分批制作。".to_owned()),
            Self::Gathering(_) | Self::Press(_) | Self::Listing(_) | Self::Store(_) => None,
        }
    }
}

fn reason(error: &PosterError) -> String {
    match error {
        PosterError::NoGlyph { character } => {
            format!("名称或地址中的“{character}”，服务器没有相应的字体。")
        }
        PosterError::WrongPaper { .. } => "这种海报不能用这种纸打印。".to_owned(),
        PosterError::CodeTooSmall { symbol_mm, .. } => {
            format!("印在这种纸上，二维码只有 {symbol_mm:.0} 毫米宽，请选大一些的纸。")
        }
        PosterError::BadResolution { .. } => "清晰度不合适，请换一个数值。".to_owned(),
        PosterError::BadFont { .. } => "服务器的字体已有变化，请重新提交。".to_owned(),
        _ => "海报未能通过检查，请联系管理员。".to_owned(),
    }
}

/// A poster that is to be drawn.
struct Item {
    place: Place,
    token: String,
    file: String,
    poster: Poster,
    print: Print,
}

/// What the press has done of a stride.
struct Drawn {
    bytes: Vec<u8>,
    count: usize,
    file: File,
}

/// Draws the next codes.
///
/// # Errors
/// [`DrawError`]; nothing has changed then.
pub async fn stride(
    state: &Parts,
    wanted: &Wanted,
    selection: &Selection,
    work: Work,
) -> Result<Stride, DrawError> {
    let codes = code_batches::list_codes(state.db.reader(), selection, work.after, STRIDE).await?;
    let is_end = u64::try_from(codes.len()).is_ok_and(|found| found < STRIDE);
    let mut items = Vec::new();
    for code in codes {
        items.push(gather(state, wanted, code).await?);
    }
    let places: Vec<Place> = items.iter().map(|item| item.place).collect();
    let Work { parts, after, file } = work;
    let (form, dpi) = (wanted.form, wanted.dpi.unwrap_or(DPI));
    let drawn = state.printing.print(move |posters| {
        Ok(match form {
            BatchForm::Pdf => draw_pages(posters, file, &items, is_end),
            BatchForm::ZipPng => draw_files(file, &items, |item| posters.png(&item.poster, item.print, dpi)),
            BatchForm::ZipPdf => draw_files(file, &items, |item| posters.pdf(&item.poster, item.print)),
        })
    });
    let Drawn { mut bytes, count, mut file } = drawn.await??;
    let is_last = is_end && count == places.len();
    if is_last && let File::Archive(archive) = &mut file {
        let list = listing::workbook(state, selection, archive).await?;
        archive.add(listing::NAME, None, &list, &mut bytes)?;
        archive.finish(&mut bytes)?;
    }
    if is_last {
        // Nobody goes on with it.
        file = File::Empty;
    }
    let after = count.checked_sub(1).and_then(|last| places.get(last).copied()).or(after);
    Ok(Stride { bytes, drawn: count, work: Work { parts, after, file }, is_last })
}

async fn gather(state: &Parts, wanted: &Wanted, code: ScannedCode) -> Result<Item, PosterFailure> {
    let kind = wanted.template.map_or_else(|| usual_kind(code.kind), PosterKind::from);
    let print = print_of(kind, wanted.paper, wanted.margin);
    let (place, token) = ((code.station.id, code.id), code.token.clone());
    let of = code.member.as_ref().map_or("工作站", |member| member.name.as_str());
    let ending = if wanted.form == BatchForm::ZipPng { "png" } else { "pdf" };
    let file = format!("{}/{}-{token}.{ending}", file_name(&code.station.name), file_name(of));
    let poster = posters::compose(state, code, kind, state.clock.now()).await?;
    Ok(Item { place, token, file, poster, print })
}

fn refused(item: &Item) -> impl FnOnce(PosterError) -> DrawError + '_ {
    |error| DrawError::Refused { token: item.token.clone(), error }
}

/// The next pages of a document; its end too, if these are the last ones.
fn draw_pages(posters: &Posters, file: File, items: &[Item], is_end: bool) -> Result<Drawn, DrawError> {
    let press = |error| DrawError::Press(PrintError::Poster(error));
    let mut document = match file {
        File::Document(paused) => posters.resume(paused, Vec::new()),
        File::Empty | File::Archive(_) => posters.document(Vec::new()),
    }
    .map_err(press)?;
    let (begun, mut count) = (Instant::now(), 0);
    for item in items {
        document.add(&item.poster, item.print).map_err(refused(item))?;
        count += 1;
        if begun.elapsed() > LONGEST_STRIDE {
            break;
        }
    }
    if is_end && count == items.len() {
        let bytes = document.finish().map_err(press)?;
        return Ok(Drawn { bytes, count, file: File::Empty });
    }
    let (paused, bytes) = document.pause().map_err(press)?;
    Ok(Drawn { bytes, count, file: File::Document(paused) })
}

/// The next files of an archive.
fn draw_files(
    file: File,
    items: &[Item],
    draw: impl Fn(&Item) -> Result<Vec<u8>, PosterError>,
) -> Result<Drawn, DrawError> {
    let mut archive = match file {
        File::Archive(archive) => archive,
        File::Empty | File::Document(_) => Archive::default(),
    };
    let (begun, mut count, mut bytes) = (Instant::now(), 0, Vec::new());
    for item in items {
        let drawn = draw(item).map_err(refused(item))?;
        archive.add(&item.file, Some(&item.token), &drawn, &mut bytes)?;
        count += 1;
        if begun.elapsed() > LONGEST_STRIDE {
            break;
        }
    }
    Ok(Drawn { bytes, count, file: File::Archive(archive) })
}

/// Does the stride of a part, unless it was done before.
///
/// # Errors
/// The database, the file storage or the press does not work just now.
pub async fn go_on(state: &AppState, id: CodeBatchId, part: i32) -> Result<(), JobError> {
    let Some(batch) = code_batches::find_open(state.db.reader(), id, part).await? else { return Ok(()) };
    let wanted: Wanted = serde_json::from_value(batch.wanted.clone()).map_err(JobError::fail)?;
    let work: Work = serde_json::from_value(batch.work.clone()).map_err(JobError::fail)?;
    let selection = wanted.selection(batch.committee_id, batch.created_at);
    match stride(state, &wanted, &selection, work).await {
        Ok(stride) => keep(state, &batch, stride).await,
        Err(error) => match error.sentence() {
            Some(sentence) => Ok(give_up(state, id, &sentence).await?),
            None => Err(JobError::retry(error)),
        },
    }
}

async fn give_up(state: &Parts, id: CodeBatchId, sentence: &str) -> Result<(), StoreError> {
    tracing::warn!(batch = %id, "a batch of posters was given up");
    code_batches::fail(state.db.reader(), id, sentence, state.clock.now()).await
}

/// Writes the part, then notes it together with the job of the next one.
async fn keep(state: &AppState, batch: &code_batch::Model, stride: Stride) -> Result<(), JobError> {
    let Stride { bytes, drawn, mut work, is_last } = stride;
    let done = batch.done.saturating_add(i32::try_from(drawn).unwrap_or(i32::MAX));
    if is_last && done == 0 {
        return Ok(give_up(state, batch.id, "所选二维码都已停用，没有可以制作的海报。").await?);
    }
    let name = format!("{:05}-{}", batch.part, state.ids.next::<Uuid>());
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    state.files.write_part(batch.id.0, &name, Bytes::from(bytes)).await.map_err(JobError::retry)?;
    work.parts.push(name);
    let progress = Progress {
        state: if is_last { BatchState::Ready } else { BatchState::Drawing },
        done,
        total: if is_last { done } else { batch.total.max(done) },
        bytes: batch.bytes.saturating_add(length),
        work: serde_json::to_value(work).map_err(JobError::fail)?,
        finished_at: is_last.then(|| state.clock.now()),
    };
    let tx: Transaction = state.db.begin().await?;
    if code_batches::advance(&tx, batch.id, batch.part, progress).await? && !is_last {
        enqueue(state, &tx, batch.id, batch.part + 1).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    state.jobs.wake();
    Ok(())
}
