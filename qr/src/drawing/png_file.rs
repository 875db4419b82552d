//! PNG files out of rows that are packed already, compressed by libdeflate.

use libdeflater::{CompressionLvl, Compressor};

use crate::drawing::Rgb;
use crate::error::QrError;

/// Rows repeat, so the fastest level finds all there is to find.
const FAST: i32 = 1;
/// The filter that leaves a row as it is.
pub(crate) const NO_FILTER: u8 = 0;

/// What a PNG file holds.
pub(crate) struct PngFile<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) color: png::ColorType,
    pub(crate) depth: png::BitDepth,
    /// The colours, where the pixels are numbers of colours.
    pub(crate) palette: &'a [Rgb],
    /// The rows, each behind its filter byte.
    pub(crate) rows: &'a [u8],
}

impl PngFile<'_> {
    /// # Errors
    /// [`QrError::Png`] and [`QrError::Broken`].
    pub(crate) fn write(&self) -> Result<Vec<u8>, QrError> {
        let packed = zlib(self.rows)?;
        let mut file = Vec::with_capacity(packed.len() + 128);
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(self.color);
        encoder.set_depth(self.depth);
        encoder.validate_sequence(false);
        if !self.palette.is_empty() {
            let palette: Vec<u8> = self.palette.iter().flat_map(|Rgb(r, g, b)| [*r, *g, *b]).collect();
            encoder.set_palette(palette);
        }
        let mut writer = encoder.write_header()?;
        writer.write_chunk(png::chunk::IDAT, &packed)?;
        writer.finish()?;
        Ok(file)
    }
}

/// `bytes` as a zlib stream.
///
/// # Errors
/// [`QrError::Broken`].
pub(crate) fn zlib(bytes: &[u8]) -> Result<Vec<u8>, QrError> {
    let broken = |error: &dyn std::fmt::Debug| QrError::Broken { reason: format!("{error:?}") };
    let level = CompressionLvl::new(FAST).map_err(|error| broken(&error))?;
    let mut compressor = Compressor::new(level);
    let mut packed = vec![0; compressor.zlib_compress_bound(bytes.len())];
    let length = compressor.zlib_compress(bytes, &mut packed).map_err(|error| broken(&error))?;
    packed.truncate(length);
    Ok(packed)
}
