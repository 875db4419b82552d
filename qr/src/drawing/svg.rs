//! A code as an SVG picture for print shops and large posters: measured in modules, sharp at any size.

use std::fmt::Write as _;

use image::RgbaImage;
use resvg::tiny_skia::{Path, PathBuilder, Rect};

use crate::drawing::emblem::EMBEDDED_PX;
use crate::drawing::grid::{Grid, emblem_box, is_corner};
use crate::drawing::raster::{self, LIGHTEST};
use crate::drawing::{Drawing, Look, Shape};
use crate::error::QrError;
use crate::matrix::Matrix;
use crate::numbers::count_to_f32;
use crate::reading;

/// The width of a module when the drawing is checked.
const CHECKED_MODULE_PX: usize = 6;

/// Draws `matrix` as one black path on white.
///
/// # Errors
/// [`QrError::NotReadBack`].
pub fn svg(matrix: &Matrix) -> Result<String, QrError> {
    Drawing::of(matrix.clone(), Look::default())?.svg()
}

impl Drawing {
    /// The code as one path on its ground; the emblem, where there is one, is an element of its own.
    ///
    /// The picture has no size of its own: it fills whatever box it is placed in.
    ///
    /// # Errors
    /// [`QrError::Emblem`], [`QrError::NotReadBack`] and [`QrError::Broken`].
    pub fn svg(&self) -> Result<String, QrError> {
        self.confirm_modules()?;
        let margin = usize::from(self.look.quiet_zone_modules);
        let side = self.matrix.side() + 2 * margin;
        let edges = match self.look.shape {
            Shape::Square => r#" shape-rendering="crispEdges""#,
            Shape::Round => "",
        };
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"{edges}><rect width="{side}" height="{side}" fill="{}"/><path fill="{}" d=""#,
            self.look.light.hex(),
            self.look.dark.hex()
        );
        self.write_path(&mut svg, margin);
        svg.push_str(r#""/>"#);
        if let Some(emblem) = &self.emblem {
            let (first, width) = emblem_box(self.matrix.side());
            let left = f64::from(count_to_f32(margin + first)) + 0.5;
            svg.push_str(&emblem.svg(left, f64::from(count_to_f32(width - 1)))?);
        }
        svg.push_str("</svg>");
        Ok(svg)
    }

    /// The path of all dark modules, the first of them at (`margin`, `margin`).
    fn write_path(&self, svg: &mut String, margin: usize) {
        for (y, piece) in self.pieces() {
            let y = y + margin;
            // Writing into a String can't fail.
            let _ = match piece {
                Piece::Run(x, length) => write!(svg, "M{} {y}h{length}v1h-{length}z", x + margin),
                Piece::Dot(x) => write!(svg, "M{} {y}.5a.5 .5 0 1 0 1 0a.5 .5 0 1 0-1 0z", x + margin),
            };
        }
    }

    /// The same for a renderer, quiet zone included; one unit is a module.
    pub(crate) fn path(&self) -> Option<Path> {
        let margin = usize::from(self.look.quiet_zone_modules);
        let mut path = PathBuilder::new();
        for (y, piece) in self.pieces() {
            let (x, length) = match piece {
                Piece::Run(x, length) => (x, length),
                Piece::Dot(x) => (x, 1),
            };
            let place = Rect::from_xywh(
                count_to_f32(x + margin),
                count_to_f32(y + margin),
                count_to_f32(length),
                1.0,
            )?;
            match piece {
                Piece::Run(..) => path.push_rect(place),
                Piece::Dot(_) => path.push_oval(place),
            }
        }
        path.finish()
    }

    /// All dark modules row by row: runs of squares, and dots.
    fn pieces(&self) -> Vec<(usize, Piece)> {
        let side = self.matrix.side();
        let mut all = Vec::new();
        for (y, modules) in self.modules().enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|a, b| a == b) {
                let columns = column..column + run.len();
                column = columns.end;
                if run.first() == Some(&true) {
                    let is_dot = |x| self.look.shape == Shape::Round && !is_corner(side, x, y);
                    all.extend(pieces(columns, is_dot).into_iter().map(|piece| (y, piece)));
                }
            }
        }
        all
    }

    /// What stands in the middle: how far from the symbol's edge it begins and how wide it is, in modules, and its
    /// pixels.
    ///
    /// # Errors
    /// [`QrError::Emblem`].
    pub(crate) fn emblem_picture(&self) -> Result<Option<(f32, f32, RgbaImage)>, QrError> {
        let Some(emblem) = &self.emblem else { return Ok(None) };
        let (first, width) = emblem_box(self.matrix.side());
        Ok(Some((count_to_f32(first) + 0.5, count_to_f32(width - 1), emblem.pixels(EMBEDDED_PX)?)))
    }

    /// Reads the modules again: plain squares as they are, all else as pixels that a reader has to find them in.
    ///
    /// # Errors
    /// [`QrError::Emblem`] and [`QrError::NotReadBack`].
    pub(crate) fn confirm_modules(&self) -> Result<(), QrError> {
        if self.emblem.is_none() && self.look.shape == Shape::Square {
            return reading::confirm_matrix(&self.matrix);
        }
        let margin_px = usize::from(self.look.quiet_zone_modules) * CHECKED_MODULE_PX;
        let size_px = self.matrix.side() * CHECKED_MODULE_PX + 2 * margin_px;
        let grid = Grid { size_px, module_px: CHECKED_MODULE_PX, margin_px };
        let luma: Vec<u8> = match &self.emblem {
            Some(emblem) => raster::colours(self, grid, emblem)?
                .chunks_exact(3)
                .map(|pixel| match pixel {
                    [red, green, blue] => super::Rgb(*red, *green, *blue).luma(),
                    _ => u8::MAX,
                })
                .collect(),
            None => raster::shades(self, grid).into_iter().map(|shade| self.shade(shade).luma()).collect(),
        };
        debug_assert!(self.shade(LIGHTEST) == self.look.light);
        self.confirm(grid, |x, y| luma.get(y * size_px + x).copied().unwrap_or(u8::MAX))
    }
}

/// A part of a run of dark modules.
enum Piece {
    /// The first module and how many follow each other.
    Run(usize, usize),
    Dot(usize),
}

/// A run of dark modules as dots and unbroken squares.
fn pieces(columns: std::ops::Range<usize>, is_dot: impl Fn(usize) -> bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for x in columns {
        match pieces.last_mut() {
            _ if is_dot(x) => pieces.push(Piece::Dot(x)),
            Some(Piece::Run(_, length)) => *length += 1,
            _ => pieces.push(Piece::Run(x, 1)),
        }
    }
    pieces
}
