//! Develops a picture: decoded, turned upright, freed of its metadata, in two sizes.
//!
//! Pure: bytes in, bytes out; it knows neither HTTP nor storage. Both renditions are JPEG, whatever
//! came: transparent parts turn white. Only pixels are carried over, so EXIF with its GPS position,
//! XMP, ICC profiles and trailing bytes stay behind.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageError, RgbImage};

use super::{Header, Rendition};

/// JPEG quality of both renditions: no visible loss on photos of streets and papers.
const QUALITY: u8 = 82;

/// Why a picture was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It is no JPEG, PNG or WebP picture, or of a rare kind of these.
    #[error("no JPEG, PNG or WebP picture")]
    Unsupported,
    /// It can't be read to its end.
    #[error("the picture can't be read to its end")]
    Broken,
    /// It has more pixels, or needs more memory, than allowed.
    #[error("the picture is too large")]
    TooLarge,
}

impl From<ImageError> for PictureError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(_) => Self::Unsupported,
            ImageError::Decoding(_)
            | ImageError::Encoding(_)
            | ImageError::Parameter(_)
            | ImageError::IoError(_) => Self::Broken,
        }
    }
}

/// A picture ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it came as.
    pub header: Header,
    /// Pixels across of the original, upright.
    pub width: u32,
    /// Pixels down of the original, upright.
    pub height: u32,
    large: Vec<u8>,
    small: Vec<u8>,
}

impl Picture {
    /// Develops `bytes`, whose header has been read.
    ///
    /// Takes a quarter of a second of one core for 12 megapixels: not for an async thread.
    ///
    /// # Errors
    /// [`PictureError`]
    pub fn develop(bytes: &[u8], header: Header) -> Result<Self, PictureError> {
        let mut decoder = header.decoder(bytes)?;
        if decoder.dimensions() != (header.width, header.height) {
            return Err(PictureError::Broken);
        }
        // A picture with unreadable EXIF is still a picture.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let original = DynamicImage::from_decoder(decoder)?;
        let mut large = DynamicImage::ImageRgb8(flatten(shrink(original, Rendition::Large)?));
        large.apply_orientation(orientation);
        let large_bytes = encode(&large)?;
        let small = shrink(large, Rendition::Small)?;
        let (width, height) =
            if lies(orientation) { (header.height, header.width) } else { (header.width, header.height) };
        Ok(Self { header, width, height, large: large_bytes, small: encode(&small)? })
    }

    /// The JPEG file of a rendition.
    #[must_use]
    pub fn file(&self, rendition: Rendition) -> &[u8] {
        match rendition {
            Rendition::Large => &self.large,
            Rendition::Small => &self.small,
        }
    }
}

/// Whether turning it upright swaps its sides.
fn lies(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Scales down to the longest side of the rendition; never up.
fn shrink(image: DynamicImage, rendition: Rendition) -> Result<DynamicImage, PictureError> {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    let side = rendition.longest_side();
    if longest <= side {
        return Ok(image);
    }
    let scaled = |length: u32| {
        let rounded = (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(rounded).unwrap_or(side).max(1)
    };
    let mut smaller = DynamicImage::new(scaled(width), scaled(height), image.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    // Only a pair of unlike pixel types can fail, and both are the same here.
    Resizer::new().resize(&image, &mut smaller, Some(&options)).map_err(|_| PictureError::Unsupported)?;
    Ok(smaller)
}

/// Lays the picture on white paper.
fn flatten(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let mut paper = RgbImage::new(image.width(), image.height());
    for (on, from) in paper.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let over =
            |channel: u32| u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        on.0 = [over(red), over(green), over(blue)];
    }
    paper
}

fn encode(image: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY).encode(
        image.as_bytes(),
        image.width(),
        image.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(file)
}

#[cfg(test)]
mod tests;
