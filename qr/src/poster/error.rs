//! Why a poster is not drawn.

use crate::error::QrError;
use crate::poster::paper::Paper;
use crate::poster::pixels::Resolution;

/// Why a poster is not drawn.
#[derive(Debug, thiserror::Error)]
pub enum PosterError {
    /// The system has no font with Chinese characters.
    #[error("no Chinese font is installed; on Debian: apt-get install fonts-noto-cjk")]
    NoChineseFont,
    /// A font is there and can't be used.
    #[error("the font {name} can't be read: {reason}")]
    BadFont {
        /// Its file or name.
        name: String,
        /// What the reader said.
        reason: String,
    },
    /// No installed font has a sign for this character.
    #[error(
        "no installed font has the character {character:?} (U+{:04X}); on Debian fonts-noto-core has most scripts",
        u32::from(*.character)
    )]
    NoGlyph {
        /// The character.
        character: char,
    },
    /// A template can't be used.
    #[error("the template can't be used: {reason}")]
    BadTemplate {
        /// What is wrong with it, and where.
        reason: String,
    },
    /// This poster is not printed on this paper.
    #[error("this is not printed on {paper:?}")]
    WrongPaper {
        /// The paper asked for.
        paper: Paper,
    },
    /// The printed code would be too small for phones.
    #[error(
        "the code would be {symbol_mm:.1} mm wide with modules of {module_mm:.2} mm; needed are 20 mm and 0.4 mm"
    )]
    CodeTooSmall {
        /// Width of the symbol without its quiet zone.
        symbol_mm: f32,
        /// Width of a module.
        module_mm: f32,
    },
    /// WeChat's printed code would be too small for phones.
    #[error("the code would be {width_mm:.1} mm wide; needed are 20 mm")]
    PictureTooSmall {
        /// Width of the picture.
        width_mm: f32,
    },
    /// The picture asked for has too few or too many pixels.
    #[error("{resolution:?} is outside of what is drawn of this size")]
    BadResolution {
        /// What was asked for.
        resolution: Resolution,
    },
    /// The code can't be drawn or does not read back.
    #[error(transparent)]
    Code(#[from] QrError),
    /// The picture can't be packed.
    #[error("the PNG encoder failed")]
    Png(#[from] png::EncodingError),
    /// The document can't be written to where it should go.
    #[error("the document can't be written")]
    Write(#[from] std::io::Error),
}
