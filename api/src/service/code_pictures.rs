//! Pictures of codes, with a look, kept in this process: whoever asks again gets the same bytes.

use std::borrow::Cow;

use bytes::Bytes;
use qr::{Drawing, Look, QrError, Rgb, Shape};
use tokio::task::JoinError;

use super::scanning::{self, ScanError};
use crate::cache::{CodecError, Fresh, Key, Raw, Tag};
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

/// A picture in the cache of this process.
struct PictureKey<'a>(&'a str, PictureAsked);

impl Key for PictureKey<'_> {
    type Value = Raw;
    const FAMILY: &'static str = "code_picture";
    /// Drawn sooner than fetched.
    const SHARED: bool = false;

    fn id(&self) -> String {
        format!("{} {:?}", self.0, self.1)
    }

    fn encode(value: &Raw) -> Result<Cow<'_, [u8]>, CodecError> {
        value.encode()
    }

    fn decode(bytes: Bytes) -> Result<Raw, CodecError> {
        Raw::decode(bytes)
    }
}

/// The picture of a code that works.
///
/// # Errors
/// [`PictureFailure`].
pub async fn draw(state: &Parts, text: &str, asked: PictureAsked) -> Result<Bytes, PictureFailure> {
    let token = scanning::read_token(state, text)?;
    let load = async || -> Result<Fresh<Raw>, PictureFailure> {
        let link = scanning::find_printed_link(state, text).await?;
        // Large ones take some milliseconds, which others would wait.
        let drawn = tokio::task::spawn_blocking(move || picture(&link, asked)).await??;
        let tags = vec![Tag::Code(token.to_string())];
        Ok(Fresh { value: Raw(drawn.into()), tags, expires_at: None })
    };
    let picture = state.cache.get(&PictureKey(token.as_ref(), asked), load).await?;
    Ok(picture.0.clone())
}

fn picture(link: &str, asked: PictureAsked) -> Result<Vec<u8>, QrError> {
    let look = Look { shape: asked.shape, dark: asked.dark, ..Look::default() };
    let drawing = Drawing::new(link, look)?;
    match asked.form {
        PictureForm::Png(size_px) => drawing.png(size_px),
        PictureForm::Svg => drawing.svg().map(String::into_bytes),
    }
}
