//! Lines of glyphs as the text operators of PDF, so that a reader can select and search them.

use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Content, Name, Str, TextStr};

use crate::drawing::Rgb;
use crate::poster::fitting::Fitted;
use crate::poster::fonts::Fonts;
use crate::poster::pdf::fonts::UsedFonts;
use crate::poster::pdf::paths::fill_colour;
use crate::poster::shaping::Run;

/// Text space counts in thousandths of the size.
const PER_SIZE: f32 = 1000.0;
/// Smaller moves than this are not seen.
const SAME: f32 = 0.05;

/// Draws lines, each from where its pen begins; the page's `y` grows downwards.
pub(super) fn lines(
    content: &mut Content,
    fonts: &Fonts,
    used: &mut UsedFonts,
    text: &Fitted,
    pens: &[(f32, f32)],
    colour: Rgb,
) {
    content.begin_text();
    fill_colour(content, colour);
    content.set_text_rendering_mode(TextRenderingMode::Fill);
    for (line, (x, y)) in text.lines.iter().zip(pens) {
        let mut pen = *x;
        for run in &line.runs {
            draw_run(content, fonts, used, run, text.size, (pen, *y));
            pen += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * text.size;
        }
    }
    content.end_text();
}

fn draw_run(
    content: &mut Content,
    fonts: &Fonts,
    used: &mut UsedFonts,
    run: &Run,
    size: f32,
    (x, y): (f32, f32),
) {
    if let Some(text) = &run.read_as {
        let mut span = content.begin_marked_content_with_properties(Name(b"Span"));
        span.properties().actual_text(TextStr(text));
    }
    content.set_font(Name(UsedFonts::name(run.face).as_bytes()), 1.0);
    let mut pen = 0.0;
    for level in run.glyphs.chunk_by(|a, b| a.offset.1.total_cmp(&b.offset.1).is_eq()) {
        let rise = level.first().map_or(0.0, |glyph| glyph.offset.1);
        content.set_text_matrix([size, 0.0, 0.0, -size, x + pen * size, y - rise * size]);
        let mut shown = content.show_positioned();
        let mut items = shown.items();
        // How far the reader's pen, which knows the font's widths only, is behind ours.
        let mut behind = 0.0;
        for glyph in level {
            let new = used.take(run.face, glyph);
            let before = behind + glyph.offset.0 * PER_SIZE;
            if before.abs() > SAME {
                items.adjust(-before);
                behind -= before;
            }
            items.show(Str(&new.to_be_bytes()));
            behind += glyph.advance * PER_SIZE - UsedFonts::width(fonts, run.face, glyph.id);
            pen += glyph.advance;
        }
    }
    if run.read_as.is_some() {
        content.end_marked_content();
    }
}
