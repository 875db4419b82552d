//! Paths and a template's art as the drawing operators of PDF.

use pdf_writer::Content;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use resvg::tiny_skia::{Path, PathSegment};
use usvg::{Group, Node, Paint, Transform};

use crate::drawing::Rgb;

/// A circle's quarter as a Bézier curve: its handles are so much of the radius long.
const QUARTER: f32 = 0.552_284_8;

/// Draws whatever a template shows as it is.
pub(super) fn art(content: &mut Content, group: &Group) {
    for node in group.children() {
        match node {
            Node::Group(inner) => {
                content.save_state();
                content.transform(matrix(inner.transform()));
                art(content, inner);
                content.restore_state();
            }
            Node::Path(path) if path.is_visible() => shape(content, path),
            // Refused when the template was read.
            _ => {}
        }
    }
}

fn shape(content: &mut Content, path: &usvg::Path) {
    let colour = |paint: &Paint| match paint {
        Paint::Color(colour) => Some(Rgb(colour.red, colour.green, colour.blue)),
        _ => None,
    };
    if let Some((fill, Some(plain))) = path.fill().map(|fill| (fill, colour(fill.paint()))) {
        fill_colour(content, plain);
        outline(content, path.data());
        match fill.rule() {
            usvg::FillRule::NonZero => content.fill_nonzero(),
            usvg::FillRule::EvenOdd => content.fill_even_odd(),
        };
    }
    if let Some((stroke, Some(plain))) = path.stroke().map(|stroke| (stroke, colour(stroke.paint()))) {
        let [red, green, blue] = parts(plain);
        content.set_stroke_rgb(red, green, blue);
        content.set_line_width(stroke.width().get());
        content.set_line_cap(match stroke.linecap() {
            usvg::LineCap::Butt => LineCapStyle::ButtCap,
            usvg::LineCap::Round => LineCapStyle::RoundCap,
            usvg::LineCap::Square => LineCapStyle::ProjectingSquareCap,
        });
        content.set_line_join(match stroke.linejoin() {
            usvg::LineJoin::Round => LineJoinStyle::RoundJoin,
            usvg::LineJoin::Bevel => LineJoinStyle::BevelJoin,
            _ => LineJoinStyle::MiterJoin,
        });
        content.set_miter_limit(stroke.miterlimit().get());
        let dashes = stroke.dasharray().unwrap_or_default();
        content.set_dash_pattern(dashes.iter().copied(), stroke.dashoffset());
        outline(content, path.data());
        content.stroke();
    }
}

/// A path, not yet filled or stroked. PDF knows cubic curves only.
pub(super) fn outline(content: &mut Content, path: &Path) {
    let mut from = (0.0, 0.0);
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => {
                content.move_to(to.x, to.y);
                from = (to.x, to.y);
            }
            PathSegment::LineTo(to) => {
                content.line_to(to.x, to.y);
                from = (to.x, to.y);
            }
            PathSegment::QuadTo(over, to) => {
                let third = |end: f32, middle: f32| end + (middle - end) * 2.0 / 3.0;
                content.cubic_to(
                    third(from.0, over.x),
                    third(from.1, over.y),
                    third(to.x, over.x),
                    third(to.y, over.y),
                    to.x,
                    to.y,
                );
                from = (to.x, to.y);
            }
            PathSegment::CubicTo(first, second, to) => {
                content.cubic_to(first.x, first.y, second.x, second.y, to.x, to.y);
                from = (to.x, to.y);
            }
            PathSegment::Close => {
                content.close_path();
            }
        }
    }
}

/// The circle in a square, not yet filled.
pub(super) fn circle(content: &mut Content, x: f32, y: f32, width: f32) {
    let radius = width / 2.0;
    let (x, y) = (x + radius, y + radius);
    let handle = radius * QUARTER;
    content.move_to(x + radius, y);
    content.cubic_to(x + radius, y + handle, x + handle, y + radius, x, y + radius);
    content.cubic_to(x - handle, y + radius, x - radius, y + handle, x - radius, y);
    content.cubic_to(x - radius, y - handle, x - handle, y - radius, x, y - radius);
    content.cubic_to(x + handle, y - radius, x + radius, y - handle, x + radius, y);
    content.close_path();
}

pub(super) fn fill_colour(content: &mut Content, colour: Rgb) {
    let [red, green, blue] = parts(colour);
    content.set_fill_rgb(red, green, blue);
}

fn parts(Rgb(red, green, blue): Rgb) -> [f32; 3] {
    [red, green, blue].map(|part| f32::from(part) / 255.0)
}

pub(super) fn matrix(transform: Transform) -> [f32; 6] {
    [transform.sx, transform.ky, transform.kx, transform.sy, transform.tx, transform.ty]
}
