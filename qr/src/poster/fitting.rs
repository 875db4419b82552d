//! Makes a text fit its box: smaller down to a floor, then in two lines, at last with an ellipsis.

use unicode_linebreak::{BreakOpportunity, linebreaks};

use crate::poster::error::PosterError;
use crate::poster::fonts::{Fonts, Weight};
use crate::poster::shaping::{Line, shape_line};

/// What a line of Chinese takes above and below the base line, in parts of its size.
pub(crate) const ABOVE: f32 = 0.88;
pub(crate) const BELOW: f32 = 0.12;
/// What stays free between two lines.
const GAP: f32 = 0.25;
const ELLIPSIS: char = '…';
/// Sizes are cut by this much, so that rounding never leads out of the box.
const SAFETY: f32 = 0.999;

/// How a text is set, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Setting {
    pub(crate) weight: Weight,
    /// The size that it should have.
    pub(crate) size: f32,
    /// The size that it must not fall below for its length.
    pub(crate) floor: f32,
    /// The room that it has.
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// At most so many lines, one or two.
    pub(crate) lines: usize,
    /// Between the glyphs, in parts of the size.
    pub(crate) spacing: f32,
}

/// A text that fits.
#[derive(Debug, Clone)]
pub(crate) struct Fitted {
    pub(crate) lines: Vec<Line>,
    pub(crate) size: f32,
}

impl Fitted {
    /// The height of all lines.
    pub(crate) fn height(&self) -> f32 {
        block(&self.lines) * self.size
    }

    /// How far below the top of the first line each base line lies.
    pub(crate) fn base_lines(&self) -> Vec<f32> {
        let mut top = 0.0;
        let base = |line: &Line| {
            let base = top + above(line);
            top = base + below(line) + GAP;
            base * self.size
        };
        self.lines.iter().map(base).collect()
    }
}

fn above(line: &Line) -> f32 {
    line.ink.top.max(ABOVE)
}

fn below(line: &Line) -> f32 {
    (-line.ink.bottom).max(BELOW)
}

/// The height of lines, in parts of their size.
fn block(lines: &[Line]) -> f32 {
    let gaps = crate::numbers::count_to_f32(lines.len().saturating_sub(1)) * GAP;
    lines.iter().map(|line| above(line) + below(line)).sum::<f32>() + gaps
}

/// What a line needs from left to right, ink included.
fn breadth(line: &Line) -> f32 {
    line.width.max(line.ink.right) - line.ink.left.min(0.0)
}

/// The largest size, up to the wanted one, at which the lines fit.
fn largest(setting: &Setting, lines: &[Line]) -> f32 {
    let widest = lines.iter().map(breadth).fold(f32::EPSILON, f32::max);
    let by_width = setting.width / widest * SAFETY;
    by_width.min(by_height(setting, lines))
}

fn by_height(setting: &Setting, lines: &[Line]) -> f32 {
    setting.size.min(setting.height / block(lines).max(f32::EPSILON) * SAFETY)
}

/// Makes `text` fit.
///
/// # Errors
/// [`PosterError::NoGlyph`] and [`PosterError::BadFont`].
pub(crate) fn fit(fonts: &Fonts, setting: &Setting, text: &str) -> Result<Fitted, PosterError> {
    let text = &one_paragraph(text);
    let shape = |text: &str| shape_line(fonts, setting.weight, text.trim_end(), setting.spacing);
    let one = vec![shape(text)?];
    // A script that reaches far up and down is set smaller for that; the floor is about length.
    let floor = |lines: &[Line]| setting.floor.min(by_height(setting, lines));
    let size = largest(setting, &one);
    if size >= floor(&one) {
        return Ok(Fitted { lines: one, size });
    }
    if setting.lines < 2 {
        let size = floor(&one);
        let line = shortened(setting, size, text, &shape)?;
        return Ok(Fitted { lines: vec![line], size });
    }
    match in_two_lines(setting, text, &shape, floor)? {
        Some(fitted) => Ok(fitted),
        None => in_two_lines_shortened(setting, text, &shape, &one),
    }
}

/// The break at which the size is largest, and of several such ones that at which the lines are most alike.
fn in_two_lines(
    setting: &Setting,
    text: &str,
    shape: &impl Fn(&str) -> Result<Line, PosterError>,
    floor: impl Fn(&[Line]) -> f32,
) -> Result<Option<Fitted>, PosterError> {
    let mut best: Option<(f32, Fitted)> = None;
    for at in breaks(text) {
        let (head, tail) = text.split_at(at);
        let lines = vec![shape(head)?, shape(tail)?];
        let size = largest(setting, &lines);
        let widest = lines.iter().map(breadth).fold(0.0, f32::max);
        let is_better = best.as_ref().is_none_or(|(narrower, best)| {
            size > best.size * 1.01 || (size > best.size * 0.99 && widest < *narrower)
        });
        if size >= floor(&lines) && is_better {
            best = Some((widest, Fitted { lines, size }));
        }
    }
    Ok(best.map(|(_, fitted)| fitted))
}

/// Breaks, blanks and what can't be printed become one blank; the wide one of Chinese is kept.
fn one_paragraph(text: &str) -> String {
    let is_blank =
        |character: char| character.is_control() || (character.is_whitespace() && character != '\u{3000}');
    text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where a line may end inside the text.
fn breaks(text: &str) -> Vec<usize> {
    let inside = |(at, kind): (usize, BreakOpportunity)| {
        (kind == BreakOpportunity::Allowed && at < text.len()).then_some(at)
    };
    linebreaks(text).filter_map(inside).collect()
}

/// As much of the text as fits into one line of `size`, with an ellipsis.
fn shortened(
    setting: &Setting,
    size: f32,
    text: &str,
    shape: &impl Fn(&str) -> Result<Line, PosterError>,
) -> Result<Line, PosterError> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let line_to = |end: usize| {
        let kept = text.get(..end).unwrap_or_default().trim_end();
        shape(&format!("{kept}{ELLIPSIS}"))
    };
    // The longest that fits, found by halving.
    let (mut fits, mut too_long) = (0, ends.len());
    while too_long - fits > 1 {
        let middle = usize::midpoint(fits, too_long);
        let line = line_to(ends.get(middle).copied().unwrap_or_default())?;
        if breadth(&line) * size <= setting.width * SAFETY {
            fits = middle;
        } else {
            too_long = middle;
        }
    }
    line_to(ends.get(fits).copied().unwrap_or_default())
}

fn in_two_lines_shortened(
    setting: &Setting,
    text: &str,
    shape: &impl Fn(&str) -> Result<Line, PosterError>,
    one: &[Line],
) -> Result<Fitted, PosterError> {
    // Two lines of this script at the size at which both fit into the height.
    let pair: Vec<Line> = one.iter().chain(one).cloned().collect();
    let size = setting.floor.min(by_height(setting, &pair));
    let mut first = None;
    for at in breaks(text) {
        let line = shape(text.get(..at).unwrap_or_default())?;
        if breadth(&line) * size > setting.width * SAFETY {
            break;
        }
        first = Some((at, line));
    }
    let lines = match first {
        Some((at, line)) => {
            let rest = text.get(at..).unwrap_or_default();
            vec![line, shortened(setting, size, rest, shape)?]
        }
        // One word that is longer than a line.
        None => vec![shortened(setting, size, text, shape)?],
    };
    Ok(Fitted { lines, size })
}
