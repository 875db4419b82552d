//! What stands in the middle of a code: decoded and cleaned once, drawn at any size.

use data_encoding::BASE64;
use image::{ImageFormat, ImageReader, Limits, RgbaImage, imageops};
use std::io::Cursor;

use crate::drawing::look::Emblem;
use crate::error::QrError;
use crate::vector;

/// A phone's photo has 12 megapixels of 4 bytes.
const LARGEST_DECODED_BYTES: u64 = 100 << 20;
/// Embedded in an SVG or a poster, a picture is kept at this width: 20 mm at 600 dpi.
pub(crate) const EMBEDDED_PX: u32 = 480;

/// An emblem that can be drawn.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// The middle square of a picture.
    Image(RgbaImage),
    /// Shapes.
    Shapes(Box<usvg::Tree>),
}

impl Prepared {
    /// # Errors
    /// [`QrError::Emblem`].
    pub(crate) fn new(emblem: &Emblem) -> Result<Self, QrError> {
        match emblem {
            Emblem::Image(bytes) => Ok(Self::Image(middle_square(decode(bytes)?))),
            Emblem::Svg(text) => {
                let tree = vector::parse(text).map_err(refuse)?;
                Ok(Self::Shapes(Box::new(tree)))
            }
        }
    }

    /// Its pixels, `size_px` wide and high.
    ///
    /// # Errors
    /// [`QrError::Emblem`].
    pub(crate) fn pixels(&self, size_px: u32) -> Result<RgbaImage, QrError> {
        match self {
            Self::Image(image) => Ok(resized(image, size_px)),
            Self::Shapes(tree) => rendered(tree, size_px),
        }
    }

    /// As an element of an SVG, in a square of `width` units from (`left`, `left`).
    ///
    /// # Errors
    /// [`QrError::Broken`].
    pub(crate) fn svg(&self, left: f64, width: f64) -> Result<String, QrError> {
        match self {
            Self::Image(image) => {
                let mut bytes = Cursor::new(Vec::new());
                resized(image, EMBEDDED_PX.min(image.width()))
                    .write_to(&mut bytes, ImageFormat::Png)
                    .map_err(|error| QrError::Broken { reason: error.to_string() })?;
                let data = BASE64.encode(bytes.get_ref());
                Ok(format!(
                    r#"<image x="{left}" y="{left}" width="{width}" height="{width}" href="data:image/png;base64,{data}"/>"#
                ))
            }
            Self::Shapes(tree) => {
                let options =
                    usvg::WriteOptions { id_prefix: Some("emblem-".to_owned()), ..Default::default() };
                let inner = tree.to_string(&options);
                let placed = format!(
                    r#"<svg x="{left}" y="{left}" viewBox="0 0 {} {}" "#,
                    tree.size().width(),
                    tree.size().height()
                );
                // The writer gives the tree's own size; here it fills the square.
                let (_, rest) = inner.split_once("<svg ").unwrap_or(("", &inner));
                let (_, body) = rest.split_once('>').unwrap_or(("", rest));
                let names =
                    r#"xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink""#;
                Ok(format!(r#"{placed}width="{width}" height="{width}" {names}>{body}"#))
            }
        }
    }
}

fn refuse(error: impl std::fmt::Display) -> QrError {
    QrError::Emblem { reason: error.to_string() }
}

/// The picture as its pixels, turned as its camera wanted.
///
/// # Errors
/// [`QrError::Emblem`].
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbaImage, QrError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(refuse)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(LARGEST_DECODED_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    let orientation = image::ImageDecoder::orientation(&mut decoder).map_err(refuse)?;
    let mut picture = image::DynamicImage::from_decoder(decoder).map_err(refuse)?;
    picture.apply_orientation(orientation);
    Ok(picture.into_rgba8())
}

fn middle_square(image: RgbaImage) -> RgbaImage {
    let (width, height) = image.dimensions();
    let side = width.min(height);
    imageops::crop_imm(&image, (width - side) / 2, (height - side) / 2, side, side).to_image()
}

fn resized(image: &RgbaImage, size_px: u32) -> RgbaImage {
    imageops::resize(image, size_px.max(1), size_px.max(1), imageops::FilterType::Triangle)
}

fn rendered(tree: &usvg::Tree, size_px: u32) -> Result<RgbaImage, QrError> {
    let mut pixmap =
        resvg::tiny_skia::Pixmap::new(size_px, size_px).ok_or_else(|| refuse("there is no room for it"))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = crate::numbers::pixels_to_f32(size_px) / width.max(height);
    let shift = |length: f32| (crate::numbers::pixels_to_f32(size_px) - length * scale) / 2.0;
    let place = usvg::Transform::from_row(scale, 0.0, 0.0, scale, shift(width), shift(height));
    resvg::render(tree, place, &mut pixmap.as_mut());
    let pixels = pixmap.pixels().iter().flat_map(|pixel| {
        let plain = pixel.demultiply();
        [plain.red(), plain.green(), plain.blue(), plain.alpha()]
    });
    RgbaImage::from_raw(size_px, size_px, pixels.collect()).ok_or_else(|| refuse("its pixels are incomplete"))
}
