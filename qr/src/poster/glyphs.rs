//! The outline of a glyph as a path, one unit high.

use harfrust::GlyphId;
use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use resvg::tiny_skia::{Path, PathBuilder, Transform};

use crate::poster::error::PosterError;
use crate::poster::fonts::Fonts;

/// A glyph's outline, its size being 1 and up being positive; nothing for a blank.
///
/// # Errors
/// [`PosterError::BadFont`].
pub(crate) fn glyph_path(fonts: &Fonts, face: usize, id: u16) -> Result<Option<Path>, PosterError> {
    let Some(face) = fonts.get(face) else { return Ok(None) };
    let Some(glyph) = face.font.outline_glyphs().get(GlyphId::from(id)) else { return Ok(None) };
    let mut sink = Sink(PathBuilder::new());
    glyph
        .draw(&DrawOptions::new(), DrawMemory::default(), &mut sink)
        .map_err(|error| PosterError::BadFont { name: face.name.clone(), reason: error.to_string() })?;
    let scale = 1.0 / f32::from(face.font.units_per_em());
    Ok(sink.0.finish().and_then(|path| path.transform(Transform::from_scale(scale, scale))))
}

struct Sink(PathBuilder);

impl PathSink for Sink {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.0.quad_to(cx0, cy0, x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.cubic_to(cx0, cy0, cx1, cy1, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
