//! Numbers between pixels, millimetres and font units, without a silent loss.

/// A length in pixels for the renderer; no picture here is wide enough to lose one.
pub(crate) fn pixels_to_f32(pixels: u32) -> f32 {
    u16::try_from(pixels).map_or(f32::from(u16::MAX), f32::from)
}

/// A count of modules or pixels as a length.
pub(crate) fn count_to_f32(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}
