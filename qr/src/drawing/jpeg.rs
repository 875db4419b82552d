//! A code as a JPEG picture, only where WeChat takes nothing else: it is larger, and blurs the edges.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};

use crate::drawing::{Drawing, Rgb, raster};
use crate::error::QrError;

/// High enough that no wave around an edge reaches the middle of a module.
const QUALITY: u8 = 90;

impl Drawing {
    /// The code in the middle of a square JPEG picture of exactly `size_px`, 64 to 2048.
    ///
    /// # Errors
    /// [`QrError::SizeOutOfRange`], [`QrError::SizeTooSmall`], [`QrError::Emblem`], [`QrError::NotReadBack`] and
    /// [`QrError::Broken`].
    pub fn jpeg(&self, size_px: u16) -> Result<Vec<u8>, QrError> {
        let broken = |error: image::ImageError| QrError::Broken { reason: error.to_string() };
        let grid = self.grid(size_px)?;
        let pixels = match &self.emblem {
            Some(emblem) => raster::colours(self, grid, emblem)?,
            None => raster::shades(self, grid)
                .into_iter()
                .flat_map(|shade| {
                    let Rgb(red, green, blue) = self.shade(shade);
                    [red, green, blue]
                })
                .collect(),
        };
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, QUALITY)
            .encode(&pixels, size_px.into(), size_px.into(), ExtendedColorType::Rgb8)
            .map_err(broken)?;
        let seen =
            image::load_from_memory_with_format(&file, ImageFormat::Jpeg).map_err(broken)?.into_luma8();
        self.confirm(grid, |x, y| {
            let pixel = u32::try_from(x).ok().zip(u32::try_from(y).ok());
            pixel.and_then(|(x, y)| seen.get_pixel_checked(x, y)).map_or(u8::MAX, |luma| luma.0[0])
        })?;
        Ok(file)
    }
}
