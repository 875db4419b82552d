//! Numbers between pixels, millimetres and font units, without a silent loss.

/// A length in pixels for the renderer; no picture here is wide enough to lose one.
pub(crate) fn pixels_to_f32(pixels: u32) -> f32 {
    u16::try_from(pixels).map_or(f32::from(u16::MAX), f32::from)
}

/// A count of modules or pixels as a length.
pub(crate) fn count_to_f32(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

/// A length in pixels as a whole number of them; what is no length is none.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the one place where lengths become pixels; clamped before"
)]
pub(crate) fn whole_pixels(length: f32) -> u32 {
    length.round().clamp(0.0, 65_535.0) as u32
}
