//! Pictures of codes, with a look.

use bytes::Bytes;
use qr::{Drawing, Look, QrError, Rgb, Shape};
use tokio::task::JoinError;

use super::drawn::{Asked, find_or_draw};
use super::scanning::{self, ScanError};
use crate::cache::{Fresh, Raw, Tag};
use crate::state::Parts;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureFailure {
    /// There is no such code, or it does not work any more.
    #[error(transparent)]
    Code(#[from] ScanError),
    /// It can't be drawn so.
    #[error(transparent)]
    Drawing(#[from] QrError),
    /// The drawing panicked.
    #[error("the drawing panicked")]
    Panicked(#[from] JoinError),
}

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureForm {
    /// A PNG of so many px each way.
    Png(u16),
    /// Sharp at any size.
    Svg,
}

/// Which picture of a code is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureAsked {
    /// As what.
    pub form: PictureForm,
    /// How its modules look.
    pub shape: Shape,
    /// The colour of its modules.
    pub dark: Rgb,
}

impl Asked for PictureAsked {
    const FAMILY: &'static str = "code_picture";
}

/// The picture of a code that works.
///
/// # Errors
/// [`PictureFailure`].
pub async fn draw(state: &Parts, text: &str, asked: PictureAsked) -> Result<Bytes, PictureFailure> {
    find_or_draw(state, text, asked, async |token| {
        let link = scanning::find_printed_link(state, token.as_ref()).await?;
        // Large ones take some milliseconds, which others would wait.
        let drawn = tokio::task::spawn_blocking(move || picture(&link, asked)).await??;
        Ok(Fresh { value: Raw(drawn.into()), tags: vec![Tag::Code(token.to_string())], expires_at: None })
    })
    .await
}

fn picture(link: &str, asked: PictureAsked) -> Result<Vec<u8>, QrError> {
    let look = Look { shape: asked.shape, dark: asked.dark, ..Look::default() };
    let drawing = Drawing::new(link, look)?;
    match asked.form {
        PictureForm::Png(size_px) => drawing.png(size_px),
        PictureForm::Svg => drawing.svg().map(String::into_bytes),
    }
}
