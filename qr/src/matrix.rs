//! From a link to the dark and light modules of its QR symbol (ISO/IEC 18004). Must not know of pixels.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, QrResult, Version};

use crate::error::QrError;

/// Sizes run from 21 modules (version 1) to 177.
const LARGEST_VERSION: i16 = 40;

/// How much of a symbol may be torn, dirty or faded before it can't be read any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// About 7 %; for screens.
    Low,
    /// About 15 %.
    Medium,
    /// About 25 %; for posters that hang in the weather.
    #[default]
    Quartile,
    /// About 30 %; for a symbol with something printed over its middle.
    High,
}

impl From<Level> for EcLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Low => Self::L,
            Level::Medium => Self::M,
            Level::Quartile => Self::Q,
            Level::High => Self::H,
        }
    }
}

/// The modules of one QR symbol, without the quiet zone around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    link: String,
    side: usize,
    dark: Vec<bool>,
}

impl Matrix {
    /// Encodes `link` into the smallest symbol that holds it at `level`.
    ///
    /// The longest end of the link that is made of digits, upper-case letters, blanks and `$%*+-./:` takes 5½
    /// bits a character (alphanumeric mode), what stands before it 8. A link that is upper case throughout therefore
    /// gives a smaller symbol, whose modules are larger on the same paper. With a token at its end:
    ///
    /// | level | `https://mashang.example.org/c/…` | `HTTPS://MASHANG.EXAMPLE.ORG/C/…` |
    /// | --- | --- | --- |
    /// | Low | 29 modules | 25 modules |
    /// | Medium | 29 modules | 29 modules |
    /// | Quartile | 33 modules | 29 modules |
    /// | High | 37 modules | 33 modules |
    ///
    /// The size depends on the link's length only, so that all posters of a district look alike. (The encoder's
    /// own choice of modes lets it wander with the digits of the token.)
    ///
    /// # Errors
    /// [`QrError::EmptyLink`] and [`QrError::LinkTooLong`].
    pub fn encode(link: &str, level: Level) -> Result<Self, QrError> {
        if link.is_empty() {
            return Err(QrError::EmptyLink);
        }
        let symbol = (1..=LARGEST_VERSION)
            .find_map(|version| symbol(link, Version::Normal(version), level.into()).ok())
            .ok_or(QrError::LinkTooLong { bytes: link.len() })?;
        let dark = symbol.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { link: link.to_owned(), side: symbol.width(), dark })
    }

    /// What somebody gets who scans it.
    pub fn link(&self) -> &str {
        &self.link
    }

    /// The same modules, said to hold another link: what a broken encoder would deliver.
    #[cfg(test)]
    pub(crate) fn claiming(self, link: &str) -> Self {
        Self { link: link.to_owned(), ..self }
    }

    /// Modules along one side: 21, 25, … 177.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The rows from top to bottom; `true` is a dark module.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks_exact(self.side)
    }
}

/// The symbol of one given size, if the link fits.
fn symbol(link: &str, version: Version, level: EcLevel) -> QrResult<QrCode> {
    let (head, tail) = link.split_at(link.trim_end_matches(is_alphanumeric).len());
    let mut bits = Bits::new(version);
    if !head.is_empty() {
        bits.push_byte_data(head.as_bytes())?;
    }
    if !tail.is_empty() {
        bits.push_alphanumeric_data(tail.as_bytes())?;
    }
    bits.push_terminator(level)?;
    QrCode::with_bits(bits, level)
}

/// Whether QR's alphanumeric mode has a value for this character.
fn is_alphanumeric(character: char) -> bool {
    matches!(character, '0'..='9' | 'A'..='Z' | ' ' | '$' | '%' | '*' | '+' | '-' | '.' | '/' | ':')
}
