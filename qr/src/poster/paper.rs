//! Papers, what is printed beyond their edge, and how far away a printed code can be read.

use crate::poster::error::PosterError;

/// Smaller modules run into each other on an office printer and in a phone's picture from some distance.
const SMALLEST_MODULE_MM: f32 = 0.4;
/// Smaller codes ask for a phone to be held where it can't focus.
const SMALLEST_SYMBOL_MM: f32 = 20.0;
/// A phone reads a code from ten times its width.
const DISTANCE_PER_WIDTH: f32 = 10.0;
/// What is printed beyond the edge, so that a cut that goes wrong shows no white.
pub(crate) const BLEED_MM: f32 = 3.0;
/// How far crop marks reach beyond the bleed.
pub(crate) const MARK_MM: f32 = 5.0;

/// What a poster is printed on (ISO 216), or its own size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 148 × 210 mm.
    A5,
    /// 210 × 297 mm.
    A4,
    /// 297 × 420 mm.
    A3,
    /// The size of its template: a member's card, a case's slip.
    Own,
}

impl Paper {
    /// Its width and height in millimetres, upright; none for a template's own size.
    pub fn size_mm(self) -> Option<(f32, f32)> {
        match self {
            Self::A5 => Some((148.0, 210.0)),
            Self::A4 => Some((210.0, 297.0)),
            Self::A3 => Some((297.0, 420.0)),
            Self::Own => None,
        }
    }
}

/// How a poster is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// What it is printed on.
    pub paper: Paper,
    /// What is added for who cuts it.
    pub margin: Margin,
}

/// What is printed around a poster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Margin {
    /// Nothing: it is printed as it is.
    #[default]
    None,
    /// 3 mm beyond each edge.
    Bleed,
    /// 3 mm beyond each edge, and marks where to cut.
    CropMarks,
}

impl Margin {
    /// What is added on each side, in millimetres.
    pub(crate) fn width_mm(self) -> f32 {
        match self {
            Self::None => 0.0,
            Self::Bleed => BLEED_MM,
            Self::CropMarks => BLEED_MM + MARK_MM,
        }
    }

    /// How much of that the poster's ground fills.
    pub(crate) fn bleed_mm(self) -> f32 {
        if self == Self::None { 0.0 } else { BLEED_MM }
    }
}

/// From how far a phone reads a code, in metres, whose symbol is printed `symbol_mm` wide.
pub fn reading_distance_m(symbol_mm: f32) -> f32 {
    symbol_mm * DISTANCE_PER_WIDTH / 1000.0
}

/// Refuses a picture of a code that is too small as a whole.
///
/// # Errors
/// [`PosterError::PictureTooSmall`].
pub(crate) fn check_width(width_mm: f32) -> Result<(), PosterError> {
    if width_mm < SMALLEST_SYMBOL_MM {
        return Err(PosterError::PictureTooSmall { width_mm });
    }
    Ok(())
}

/// Refuses a code that phones could not read from paper.
///
/// # Errors
/// [`PosterError::CodeTooSmall`].
pub(crate) fn check_code(symbol_mm: f32, module_mm: f32) -> Result<(), PosterError> {
    if symbol_mm < SMALLEST_SYMBOL_MM || module_mm < SMALLEST_MODULE_MM {
        return Err(PosterError::CodeTooSmall { symbol_mm, module_mm });
    }
    Ok(())
}
