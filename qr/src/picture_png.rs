//! A matrix as a PNG picture for screens and office printers: one bit a pixel, whole pixels a module.

use crate::matrix::{Matrix, QrError};

/// Smaller pictures can't be scanned; larger ones are better made from the SVG.
const SIZES_PX: std::ops::RangeInclusive<u16> = 64..=2048;
const PIXELS_PER_BYTE: usize = 8;
/// One byte of white pixels; in one-bit greyscale a set bit is white.
const WHITE: u8 = 0xFF;

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
        Self { size_px: 512, quiet_zone_modules: 4 }
    }
}

/// Draws `matrix` in the middle of a white square of exactly `size_px`.
///
/// Each module is the same whole number of pixels wide, or scanners would see a wavering grid; what remains
/// goes to the quiet zone.
///
/// # Errors
/// [`QrError::SizeOutOfRange`], [`QrError::SizeTooSmall`] and [`QrError::Png`].
pub fn png(matrix: &Matrix, options: PngOptions) -> Result<Vec<u8>, QrError> {
    let PngOptions { size_px, quiet_zone_modules } = options;
    if !SIZES_PX.contains(&size_px) {
        return Err(QrError::SizeOutOfRange { size_px });
    }
    let size = usize::from(size_px);
    let needed_px = matrix.side() + 2 * usize::from(quiet_zone_modules);
    let scale = size / needed_px;
    if scale == 0 {
        return Err(QrError::SizeTooSmall { size_px, needed_px });
    }

    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, size_px.into(), size_px.into());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    // Rows repeat, so `Up` leaves mostly zeros, which the fast encoder packs best: a sixth of the size without it,
    // for a fifteenth of zlib's time. The order matters: setting the compression resets the filter.
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels(matrix, size, scale))?;
    writer.finish()?;
    Ok(picture)
}

/// The packed rows of the whole picture.
fn pixels(matrix: &Matrix, size: usize, scale: usize) -> Vec<u8> {
    let row_bytes = size.div_ceil(PIXELS_PER_BYTE);
    let margin = (size - matrix.side() * scale) / 2;

    let mut pixels = Vec::with_capacity(row_bytes * size);
    pixels.resize(row_bytes * margin, WHITE);
    for modules in matrix.rows() {
        let row = pixel_row(modules, margin, scale, row_bytes);
        for _ in 0..scale {
            pixels.extend_from_slice(&row);
        }
    }
    pixels.resize(row_bytes * size, WHITE);
    pixels
}

fn pixel_row(modules: &[bool], margin: usize, scale: usize, row_bytes: usize) -> Vec<u8> {
    let mut row = vec![WHITE; row_bytes];
    for (module, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
        let left = margin + module * scale;
        for pixel in left..left + scale {
            if let Some(byte) = row.get_mut(pixel / PIXELS_PER_BYTE) {
                *byte &= !(0b1000_0000 >> (pixel % PIXELS_PER_BYTE));
            }
        }
    }
    row
}
