//! From a text to a line of glyphs: which font, which direction, which glyph where. All lengths are parts of the
//! size at which the line will be set.

use harfrust::{Buffer, Direction, GlyphId, ShapeOptions, ShaperFont, shape};
use unicode_bidi::BidiInfo;

use crate::poster::error::PosterError;
use crate::poster::fonts::{Face, Fonts, Weight};

/// A glyph and where the next one begins.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// How far the pen moves on.
    pub(crate) advance: f32,
    /// How far the glyph is moved from the pen, right and up.
    pub(crate) offset: (f32, f32),
    /// The characters that it stands for; empty where a glyph before it stands for them.
    pub(crate) text: String,
}

/// Glyphs of one font, from left to right.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) face: usize,
    pub(crate) glyphs: Vec<Glyph>,
    /// The text, where several glyphs stand for one piece of it.
    pub(crate) read_as: Option<String>,
}

/// One line of text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    /// From the first pen position to the last.
    pub(crate) width: f32,
    /// What is inked, relative to the first pen position on the base line.
    pub(crate) ink: Ink,
}

/// Bounds of ink; up is positive.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Ink {
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
}

/// Shapes a text of one paragraph, with `spacing` between its glyphs.
///
/// # Errors
/// [`PosterError::NoGlyph`] and [`PosterError::BadFont`].
pub(crate) fn shape_line(
    fonts: &Fonts,
    weight: Weight,
    text: &str,
    spacing: f32,
) -> Result<Line, PosterError> {
    let bidi = BidiInfo::new(text, None);
    let mut line = Line::default();
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let rightwards = levels.get(run.start).is_none_or(|level| level.is_ltr());
            let part = text.get(run).unwrap_or_default();
            let mut pieces = pieces(fonts, weight, part)?;
            if !rightwards {
                pieces.reverse();
            }
            for (face, piece) in pieces {
                line.runs.push(shape_run(fonts, face, piece, rightwards)?);
            }
        }
    }
    space(&mut line, spacing);
    measure(fonts, &mut line);
    Ok(line)
}

/// Cuts a text where another font has to take over. Blanks and marks stay in the font before them if it has them.
fn pieces<'a>(fonts: &Fonts, weight: Weight, text: &'a str) -> Result<Vec<(usize, &'a str)>, PosterError> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for (at, character) in text.char_indices() {
        let face = match pieces.last() {
            Some((face, _)) if !character.is_alphabetic() && fonts.has(*face, character) => *face,
            _ => fonts.face_for(weight, character)?,
        };
        if pieces.last().is_none_or(|(last, _)| *last != face) {
            pieces.push((face, at));
        }
    }
    let ends = pieces.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
    Ok(pieces
        .iter()
        .zip(ends)
        .map(|((face, start), end)| (*face, text.get(*start..end).unwrap_or_default()))
        .collect())
}

fn shape_run(fonts: &Fonts, face: usize, text: &str, rightwards: bool) -> Result<Run, PosterError> {
    let Some(found) = fonts.get(face) else { return Ok(Run { face, glyphs: Vec::new(), read_as: None }) };
    let bad = |reason: String| PosterError::BadFont { name: found.name.clone(), reason };
    let mut buffer = Buffer::new();
    buffer.push_str(text);
    buffer.set_direction(if rightwards { Direction::LeftToRight } else { Direction::RightToLeft });
    buffer.guess_segment_properties();
    shape(&ShaperFont::new(&found.font), &mut buffer, ShapeOptions::new())
        .map_err(|error| bad(error.to_string()))?;
    let per_em = f32::from(found.font.units_per_em());
    let part = |units: i32| i16::try_from(units).map_or(0.0, f32::from) / per_em;
    let mut glyphs = Vec::new();
    for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
        glyphs.push(Glyph {
            id: u16::try_from(info.glyph_id).map_err(|_| bad("it has too many glyphs".to_owned()))?,
            advance: part(position.x_advance),
            offset: (part(position.x_offset), part(position.y_offset)),
            text: String::new(),
        });
    }
    let clusters: Vec<usize> =
        buffer.glyph_infos().iter().map(|info| usize::try_from(info.cluster).unwrap_or_default()).collect();
    attribute(&mut glyphs, &clusters, text);
    // Readers put letters that run leftwards in order themselves.
    let plain = glyphs.iter().all(|glyph| !glyph.text.is_empty());
    Ok(Run { face, glyphs, read_as: (!plain).then(|| text.to_owned()) })
}

/// Gives each cluster's characters to its first glyph.
fn attribute(glyphs: &mut [Glyph], clusters: &[usize], text: &str) {
    let mut starts = clusters.to_vec();
    starts.sort_unstable();
    starts.dedup();
    let mut taken = Vec::new();
    for (glyph, cluster) in glyphs.iter_mut().zip(clusters) {
        if taken.contains(cluster) {
            continue;
        }
        taken.push(*cluster);
        let end = starts.iter().find(|start| *start > cluster).copied().unwrap_or(text.len());
        glyph.text = text.get(*cluster..end).unwrap_or_default().to_owned();
    }
}

fn space(line: &mut Line, spacing: f32) {
    let glyphs = line.runs.iter_mut().flat_map(|run| &mut run.glyphs);
    for glyph in glyphs.filter(|glyph| glyph.advance > 0.0) {
        glyph.advance += spacing;
    }
    // Nothing is spaced from what follows the line.
    if let Some(last) = line.runs.last_mut().and_then(|run| run.glyphs.last_mut()) {
        last.advance -= spacing;
    }
}

fn measure(fonts: &Fonts, line: &mut Line) {
    let mut pen = 0.0;
    let mut ink: Option<Ink> = None;
    for run in &line.runs {
        for glyph in &run.glyphs {
            if let Some(own) = fonts.get(run.face).and_then(|face| extents(face, glyph.id)) {
                let (x, y) = (pen + glyph.offset.0, glyph.offset.1);
                let so_far =
                    ink.unwrap_or(Ink { left: f32::MAX, right: f32::MIN, top: f32::MIN, bottom: f32::MAX });
                ink = Some(Ink {
                    left: so_far.left.min(x + own.left),
                    right: so_far.right.max(x + own.right),
                    top: so_far.top.max(y + own.top),
                    bottom: so_far.bottom.min(y + own.bottom),
                });
            }
            pen += glyph.advance;
        }
    }
    line.width = pen;
    line.ink = ink.unwrap_or_default();
}

/// What a glyph inks, or nothing for a blank.
fn extents(face: &Face, id: u16) -> Option<Ink> {
    let extents = face.font.outline_glyphs().get(GlyphId::from(id))?.extents().ok()?;
    let per_em = f32::from(face.font.units_per_em());
    let (left, top) = (extents.x_bearing / per_em, extents.y_bearing / per_em);
    let (width, height) = (extents.width / per_em, extents.height / per_em);
    (width > 0.0 && height > 0.0).then_some(Ink { left, right: left + width, top, bottom: top - height })
}
