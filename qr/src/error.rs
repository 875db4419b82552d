//! Why a code is not drawn.

/// Why a link can't be encoded or drawn.
#[derive(Debug, thiserror::Error)]
pub enum QrError {
    /// There is nothing to scan in an empty link.
    #[error("the link is empty")]
    EmptyLink,
    /// No symbol holds this link; the largest takes 1,273 to 2,953 bytes, depending on the level.
    #[error("a link of {bytes} bytes is too long for a QR code of this level")]
    LinkTooLong {
        /// Length of the link.
        bytes: usize,
    },
    /// The picture asked for is outside of what is drawn.
    #[error("{size_px} px is outside of the sizes that are drawn")]
    SizeOutOfRange {
        /// The width asked for.
        size_px: u16,
    },
    /// The picture asked for has less than one pixel for each module.
    #[error("{size_px} px is too small for this code; it needs {needed_px} px")]
    SizeTooSmall {
        /// The width asked for.
        size_px: u16,
        /// The smallest width that holds the symbol and its quiet zone.
        needed_px: usize,
    },
    /// Scanners could not tell the two colours apart, or would take one for the other.
    #[error("the colours have a contrast of {ratio:.1}; dark on light needs {needed:.1}")]
    LowContrast {
        /// The contrast of the colours asked for; below 1 when the modules are lighter than the ground.
        ratio: f64,
        /// The smallest contrast that is drawn.
        needed: f64,
    },
    /// What should stand in the middle is no picture that can be drawn.
    #[error("the picture for the middle can't be drawn: {reason}")]
    Emblem {
        /// What the decoder said.
        reason: String,
    },
    /// The drawn picture was read again, and did not give the link.
    #[error("the picture does not read back; draw it larger, plainer or without a picture in the middle")]
    NotReadBack,
    /// The PNG encoder failed.
    #[error("the PNG encoder failed")]
    Png(#[from] png::EncodingError),
    /// The drawn picture can't be opened again, or its rows can't be compressed.
    #[error("the picture can't be written: {reason}")]
    Broken {
        /// What the codec said.
        reason: String,
    },
}
