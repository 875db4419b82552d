//! The little of JPEG that the decoder does not tell: how it is coded, and whether it is whole.
//!
//! The decoder paints what is missing from a cut file grey and calls it a success; a resident
//! should rather hear that the photo did not arrive.

use super::PictureError;

const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;

/// The frame header (ISO 10918-1, B.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Pixels across.
    pub(super) width: u16,
    /// Pixels down.
    pub(super) height: u16,
    /// Coded in several passes over the whole picture.
    pub(super) progressive: bool,
}

impl Frame {
    /// Reads the frame header and checks that the file goes on to its end.
    ///
    /// # Errors
    /// `Unsupported` for lossless and arithmetic coding, `Broken` when something is missing.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        let mut segments = Segments { rest: bytes.get(2..).unwrap_or_default() };
        let mut frame = None;
        loop {
            let (marker, body) = segments.next().ok_or(PictureError::Broken)?;
            match marker {
                0xC0..=0xC2 => frame = Some(Self::parse(marker, body).ok_or(PictureError::Broken)?),
                // 0xC4, 0xC8 and 0xCC are no frames but tables and an extension.
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(PictureError::Unsupported),
                START_OF_SCAN => break,
                END_OF_IMAGE => return Err(PictureError::Broken),
                _ => {}
            }
        }
        // Within a scan 0xFF is always followed by zero or a restart mark: this can only be the end.
        let whole = segments.rest.windows(2).rposition(|pair| pair == [0xFF, END_OF_IMAGE]).is_some();
        frame.filter(|_| whole).ok_or(PictureError::Broken)
    }

    fn parse(marker: u8, body: &[u8]) -> Option<Self> {
        let [_precision, h1, h0, w1, w0, ..] = *body else { return None };
        Some(Self {
            width: u16::from_be_bytes([w1, w0]),
            height: u16::from_be_bytes([h1, h0]),
            progressive: marker == 0xC2,
        })
    }
}

/// Marker segments, up to and including the start of the first scan.
struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&0xFF, mut rest) = self.rest.split_first()? else { return None };
        // Any number of 0xFF may fill the gap before a marker.
        while let Some((0xFF, after)) = rest.split_first() {
            rest = after;
        }
        let (&marker, rest) = rest.split_first()?;
        if marker == END_OF_IMAGE {
            return Some((marker, &[]));
        }
        let (length, _) = rest.split_first_chunk::<2>()?;
        let (segment, after) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        self.rest = after;
        Some((marker, segment.get(2..)?))
    }
}
