//! Which modules are drawn, and where they lie among the pixels of a square picture.

use crate::error::QrError;
use crate::matrix::Matrix;

/// Smaller pictures can't be scanned; larger ones are better made from the SVG.
const SIZES_PX: std::ops::RangeInclusive<u16> = 64..=2048;
/// Modules along one side of the three large corners.
const CORNER: usize = 7;
/// The part of a symbol's side that an emblem may cover: 1/4 hides 6 % of the modules, a fifth of what level
/// High repairs; the rest is for dirt.
const EMBLEM_SHARE: usize = 4;

/// Where the modules lie: each the same whole number of pixels wide, or scanners would see a wavering grid.
/// What remains goes to the quiet zone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    /// Width and height of the picture.
    pub(crate) size_px: usize,
    /// Width of a module.
    pub(crate) module_px: usize,
    /// What lies left of and above the symbol.
    pub(crate) margin_px: usize,
}

impl Grid {
    /// # Errors
    /// [`QrError::SizeOutOfRange`] and [`QrError::SizeTooSmall`].
    pub(crate) fn new(matrix: &Matrix, quiet_zone_modules: u16, size_px: u16) -> Result<Self, QrError> {
        if !SIZES_PX.contains(&size_px) {
            return Err(QrError::SizeOutOfRange { size_px });
        }
        let size = usize::from(size_px);
        let needed_px = matrix.side() + 2 * usize::from(quiet_zone_modules);
        let module_px = size / needed_px;
        if module_px == 0 {
            return Err(QrError::SizeTooSmall { size_px, needed_px });
        }
        Ok(Self { size_px: size, module_px, margin_px: (size - matrix.side() * module_px) / 2 })
    }
}

/// Whether the module lies in one of the three corners by which readers find a code.
pub(crate) fn is_corner(side: usize, x: usize, y: usize) -> bool {
    let (left, right) = (x < CORNER, x + CORNER >= side);
    let (top, bottom) = (y < CORNER, y + CORNER >= side);
    (top && (left || right)) || (bottom && left)
}

/// The square in the middle that an emblem covers: its first module and its width. The width is odd like the
/// symbol's, so that it lies exactly in the middle.
pub(crate) fn emblem_box(side: usize) -> (usize, usize) {
    let width = (side / EMBLEM_SHARE) | 1;
    ((side - width) / 2, width)
}
