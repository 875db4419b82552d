//! A code as a picture: PNG and SVG for screens and print, JPEG for what WeChat takes nothing else for.
//!
//! Whatever leaves here was read again by an independent reader. Start reading at [`Drawing`].

mod colour;
mod emblem;
mod grid;
mod jpeg;
mod look;
mod png_file;
mod png_picture;
mod raster;
mod svg;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use colour::Rgb;
pub use look::{Emblem, Look, Shape};
pub use png_picture::{PngOptions, png};
pub use svg::svg;

pub(crate) use emblem::decode as decode_picture;
pub(crate) use png_file::zlib;

use crate::error::QrError;
use crate::matrix::Matrix;
use crate::reading;

/// A code with its look, ready to be drawn in any format and size.
///
/// ```
/// use qr::{Drawing, Look, Rgb, Shape};
///
/// let look = Look { shape: Shape::Round, dark: Rgb(0x8f, 0x1d, 0x1d), ..Look::default() };
/// let drawing = Drawing::new("https://code.example.cn/c/1", look)?;
/// assert!(drawing.png(512)?.starts_with(b"\x89PNG"));
/// # Ok::<(), qr::QrError>(())
/// ```
#[derive(Debug)]
pub struct Drawing {
    matrix: Matrix,
    look: Look,
    emblem: Option<emblem::Prepared>,
}

impl Drawing {
    /// Encodes `link` for this look.
    ///
    /// # Errors
    /// [`QrError::EmptyLink`], [`QrError::LinkTooLong`], [`QrError::LowContrast`] and [`QrError::Emblem`].
    pub fn new(link: &str, look: Look) -> Result<Self, QrError> {
        Self::of(Matrix::encode(link, look.needed_level())?, look)
    }

    /// The same of a matrix that is there already.
    fn of(matrix: Matrix, look: Look) -> Result<Self, QrError> {
        look.check_contrast()?;
        let emblem = look.emblem.as_ref().map(emblem::Prepared::new).transpose()?;
        Ok(Self { matrix, look, emblem })
    }

    /// The modules that it draws.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// How it looks.
    pub(crate) fn look(&self) -> &Look {
        &self.look
    }

    /// The rows of dark modules, without those that make room for the emblem.
    fn modules(&self) -> impl Iterator<Item = Cow<'_, [bool]>> {
        let (first, width) = grid::emblem_box(self.matrix.side());
        let covered = first..first + width;
        self.matrix.rows().enumerate().map(move |(y, row)| {
            if self.emblem.is_none() || !covered.contains(&y) {
                return Cow::Borrowed(row);
            }
            let mut row = row.to_vec();
            row.get_mut(covered.clone()).unwrap_or_default().fill(false);
            Cow::Owned(row)
        })
    }

    /// The colour of a shade of [`raster::shades`].
    fn shade(&self, shade: u8) -> Rgb {
        self.look.dark.towards(self.look.light, shade, raster::LIGHTEST)
    }

    /// Reads drawn pixels again.
    fn confirm(&self, grid: grid::Grid, luma: impl Fn(usize, usize) -> u8) -> Result<(), QrError> {
        reading::confirm(self.matrix.link(), grid.size_px, grid.module_px, luma)
    }
}
