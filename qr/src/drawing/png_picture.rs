//! A code as a PNG picture for screens and office printers: one bit a pixel where two colours are enough.

use crate::drawing::grid::Grid;
use crate::drawing::look::{QUIET_ZONE, Shape};
use crate::drawing::png_file::{NO_FILTER, PngFile};
use crate::drawing::raster::{self, LIGHTEST};
use crate::drawing::{Drawing, Look, Rgb};
use crate::error::QrError;
use crate::matrix::Matrix;

const PIXELS_PER_BYTE: usize = 8;
/// One byte of light pixels; a set bit is light.
const LIGHT: u8 = 0xFF;

/// What a PNG picture should look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PngOptions {
    /// Width and height of the picture, 64 to 2048 px.
    pub size_px: u16,
    /// White modules that must at least remain on each side; ISO/IEC 18004 asks for 4.
    pub quiet_zone_modules: u16,
}

impl Default for PngOptions {
    fn default() -> Self {
        Self { size_px: 512, quiet_zone_modules: QUIET_ZONE }
    }
}

/// Draws `matrix` in black in the middle of a white square of exactly `size_px`.
///
/// # Errors
/// [`QrError::SizeOutOfRange`], [`QrError::SizeTooSmall`], [`QrError::NotReadBack`] and [`QrError::Png`].
pub fn png(matrix: &Matrix, options: PngOptions) -> Result<Vec<u8>, QrError> {
    let look = Look { quiet_zone_modules: options.quiet_zone_modules, ..Look::default() };
    Drawing::of(matrix.clone(), look)?.png(options.size_px)
}

impl Drawing {
    /// The code in the middle of a square PNG picture of exactly `size_px`, 64 to 2048.
    ///
    /// # Errors
    /// [`QrError::SizeOutOfRange`], [`QrError::SizeTooSmall`], [`QrError::Emblem`], [`QrError::NotReadBack`],
    /// [`QrError::Png`] and [`QrError::Broken`].
    pub fn png(&self, size_px: u16) -> Result<Vec<u8>, QrError> {
        let file = self.write_png(size_px)?;
        let grid = self.grid(size_px)?;
        let seen = Seen::open(&file)?;
        self.confirm(grid, |x, y| seen.luma(x, y))?;
        Ok(file)
    }

    /// The same without reading it again, so that the cost of both can be told.
    ///
    /// # Errors
    /// As [`Self::png`], but [`QrError::NotReadBack`].
    #[doc(hidden)]
    pub fn write_png(&self, size_px: u16) -> Result<Vec<u8>, QrError> {
        let grid = self.grid(size_px)?;
        match (&self.emblem, self.look.shape) {
            (Some(emblem), _) => self.png_in_all_colours(grid, emblem),
            (None, Shape::Round) => self.png_in_shades(grid),
            (None, Shape::Square) => self.png_in_two_colours(grid),
        }
    }

    pub(super) fn grid(&self, size_px: u16) -> Result<Grid, QrError> {
        Grid::new(&self.matrix, self.look.quiet_zone_modules, size_px)
    }

    fn png_in_two_colours(&self, grid: Grid) -> Result<Vec<u8>, QrError> {
        let black_on_white = (self.look.dark, self.look.light) == (Rgb::BLACK, Rgb::WHITE);
        let palette = [self.look.dark, self.look.light];
        let (color, palette): (_, &[Rgb]) = if black_on_white {
            (png::ColorType::Grayscale, &[])
        } else {
            (png::ColorType::Indexed, &palette)
        };
        write(grid, color, png::BitDepth::One, palette, &self.bits(grid))
    }

    fn png_in_shades(&self, grid: Grid) -> Result<Vec<u8>, QrError> {
        let palette: Vec<Rgb> = (0..=LIGHTEST).map(|shade| self.shade(shade)).collect();
        let shades = raster::shades(self, grid);
        let mut rows = Vec::with_capacity(shades.len() / 2 + 2 * grid.size_px);
        for row in shades.chunks(grid.size_px) {
            rows.push(NO_FILTER);
            rows.extend(row.chunks(2).map(|pair| match pair {
                [left, right] => left << 4 | right,
                [left] => left << 4,
                _ => 0,
            }));
        }
        write(grid, png::ColorType::Indexed, png::BitDepth::Four, &palette, &rows)
    }

    fn png_in_all_colours(&self, grid: Grid, emblem: &super::emblem::Prepared) -> Result<Vec<u8>, QrError> {
        let pixels = raster::colours(self, grid, emblem)?;
        let mut rows = Vec::with_capacity(pixels.len() + grid.size_px);
        for row in pixels.chunks(3 * grid.size_px) {
            rows.push(NO_FILTER);
            rows.extend_from_slice(row);
        }
        write(grid, png::ColorType::Rgb, png::BitDepth::Eight, &[], &rows)
    }

    /// The packed rows of the whole picture. A row of modules is packed once and repeated.
    fn bits(&self, grid: Grid) -> Vec<u8> {
        let row_bytes = 1 + grid.size_px.div_ceil(PIXELS_PER_BYTE);
        let mut light = vec![LIGHT; row_bytes];
        if let Some(filter) = light.first_mut() {
            *filter = NO_FILTER;
        }
        let mut rows = light.repeat(grid.margin_px);
        rows.reserve(row_bytes * (grid.size_px - grid.margin_px));
        for modules in self.modules() {
            let row = bit_row(&modules, grid, &light);
            for _ in 0..grid.module_px {
                rows.extend_from_slice(&row);
            }
        }
        while rows.len() < row_bytes * grid.size_px {
            rows.extend_from_slice(&light);
        }
        rows
    }
}

fn bit_row(modules: &[bool], grid: Grid, light: &[u8]) -> Vec<u8> {
    let mut row = light.to_vec();
    for (module, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
        let left = grid.margin_px + module * grid.module_px;
        for pixel in left..left + grid.module_px {
            if let Some(byte) = row.get_mut(1 + pixel / PIXELS_PER_BYTE) {
                *byte &= !(0b1000_0000 >> (pixel % PIXELS_PER_BYTE));
            }
        }
    }
    row
}

fn write(
    grid: Grid,
    color: png::ColorType,
    depth: png::BitDepth,
    palette: &[Rgb],
    rows: &[u8],
) -> Result<Vec<u8>, QrError> {
    let side = u32::try_from(grid.size_px).unwrap_or(u32::MAX);
    PngFile { width: side, height: side, color, depth, palette, rows }.write()
}

/// A PNG file as who opens it sees it.
struct Seen {
    width: usize,
    channels: usize,
    pixels: Vec<u8>,
}

impl Seen {
    fn open(file: &[u8]) -> Result<Self, QrError> {
        let broken = |error: png::DecodingError| QrError::Broken { reason: error.to_string() };
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().map_err(broken)?;
        let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
        let frame = reader.next_frame(&mut pixels).map_err(broken)?;
        let width = usize::try_from(frame.width).unwrap_or_default();
        Ok(Self { width, channels: frame.color_type.samples(), pixels })
    }

    fn luma(&self, x: usize, y: usize) -> u8 {
        let start = (y * self.width + x) * self.channels;
        match self.pixels.get(start..start + self.channels) {
            Some([grey]) => *grey,
            Some([red, green, blue]) => Rgb(*red, *green, *blue).luma(),
            _ => u8::MAX,
        }
    }
}
