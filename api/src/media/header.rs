//! What a picture says of itself, read before a single pixel is decoded.
//!
//! The content decides the type, never a name or a declared media type. Whatever is too large is
//! refused here, so that a bomb costs no more than its header.

use std::io::Cursor;

use image::{ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{PictureError, jpeg};
use crate::config;

/// The longest side that is accepted, in px: what no camera exceeds and every decoder bears.
pub const MAX_SIDE: u32 = 20_000;

/// The types that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JPEG (ISO 10918-1).
    Jpeg,
    /// PNG (ISO 15948).
    Png,
    /// WebP (RFC 9649).
    WebP,
}

impl Kind {
    /// The type by its first bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::WebP => ImageFormat::WebP,
        }
    }
}

/// The header of a picture that is small enough to be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its type.
    pub kind: Kind,
    /// Pixels across, before turning.
    pub width: u32,
    /// Pixels down, before turning.
    pub height: u32,
    /// About how many bytes decoding it takes.
    pub memory: u64,
    /// The most bytes that its pixels may take.
    max_pixel_bytes: u64,
}

impl Header {
    /// Reads the header of `bytes`, and refuses what is no picture or too large.
    ///
    /// # Errors
    /// [`PictureError`]
    pub fn read(bytes: &[u8], limits: &config::Media) -> Result<Self, PictureError> {
        let kind = Kind::of(bytes).ok_or(PictureError::Unsupported)?;
        // Four bytes a pixel: the largest picture with transparency, 8 bits a channel.
        let max_pixel_bytes = limits.max_pixels.saturating_mul(4);
        let header = Self { kind, width: 0, height: 0, memory: 0, max_pixel_bytes };
        let header = match kind {
            Kind::Jpeg => {
                let frame = jpeg::Frame::read(bytes)?;
                let pixels = u64::from(frame.width) * u64::from(frame.height);
                // A progressive one is held as coefficients of two bytes until its last scan.
                let memory = pixels * if frame.progressive { 9 } else { 3 };
                Self { width: frame.width.into(), height: frame.height.into(), memory, ..header }
            }
            Kind::Png | Kind::WebP => {
                let decoder = header.decoder(bytes)?;
                let (width, height) = decoder.dimensions();
                // WebP is decoded into a frame of its own and then copied.
                let copies = if kind == Kind::WebP { 2 } else { 1 };
                Self { width, height, memory: decoder.total_bytes().saturating_mul(copies), ..header }
            }
        };
        let sides = 1..=MAX_SIDE;
        if header.width == 0 || header.height == 0 {
            return Err(PictureError::Broken);
        }
        let fits = sides.contains(&header.width) && sides.contains(&header.height);
        if !fits || u64::from(header.width) * u64::from(header.height) > limits.max_pixels {
            return Err(PictureError::TooLarge);
        }
        Ok(header)
    }

    /// The decoder of `bytes`, limited to what the header allows.
    pub(super) fn decoder<'a>(&self, bytes: &'a [u8]) -> Result<impl ImageDecoder + use<'a>, PictureError> {
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(self.max_pixel_bytes);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), self.kind.format());
        reader.limits(limits);
        let decoder = reader.into_decoder()?;
        if decoder.total_bytes() > self.max_pixel_bytes {
            return Err(PictureError::TooLarge);
        }
        Ok(decoder)
    }
}
