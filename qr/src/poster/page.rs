//! A laid out page: what stands where, in millimetres, before it is pixels or a document.

use image::RgbaImage;
use usvg::Transform;

use crate::drawing::{Drawing, Rgb};
use crate::numbers::count_to_f32;
use crate::poster::fitting::Fitted;
use crate::poster::paper::{Margin, reading_distance_m};
use crate::poster::template::{Place, Template};

/// A page with one template on it, once or several times.
pub(crate) struct Page<'a> {
    /// Width and height after cutting.
    pub(crate) size_mm: (f32, f32),
    pub(crate) margin: Margin,
    /// The template and its number.
    pub(crate) template: &'a Template,
    pub(crate) template_number: usize,
    /// What is drawn over the template.
    pub(crate) items: Vec<Item>,
    /// Where the template lies, each time with all its items.
    pub(crate) cells: Vec<Cell>,
    /// What stands for a missing portrait.
    pub(crate) silhouette: &'a usvg::Tree,
}

/// One place of the template on the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// From the template to the page.
    pub(crate) transform: Transform,
    /// What is not drawn over, on the page.
    pub(crate) clip: Place,
}

/// Something that a poster put into a place of the template.
pub(crate) struct Item {
    /// The place.
    pub(crate) place: Place,
    /// From the place to the template.
    pub(crate) transform: Transform,
    pub(crate) what: What,
}

/// What was put there.
pub(crate) enum What {
    /// Lines of text, each from where its pen begins.
    Text { text: Fitted, pens: Vec<(f32, f32)>, colour: Rgb },
    /// A code with its quiet zone.
    Code { drawing: Box<Drawing> },
    /// A picture that fills the place.
    Picture { picture: RgbaImage, round: bool },
    /// What stands for a missing portrait.
    Silhouette,
    /// A plain area.
    Area { colour: Rgb },
}

impl Page<'_> {
    /// Width and height of what is printed, the margin included.
    pub(crate) fn media_mm(&self) -> (f32, f32) {
        let margin = 2.0 * self.margin.width_mm();
        (self.size_mm.0 + margin, self.size_mm.1 + margin)
    }

    /// The part of the page that its ground fills.
    pub(crate) fn bleed_place(&self) -> Place {
        let bleed = self.margin.bleed_mm();
        Place {
            x: -bleed,
            y: -bleed,
            width: self.size_mm.0 + 2.0 * bleed,
            height: self.size_mm.1 + 2.0 * bleed,
        }
    }

    /// Where its codes are printed.
    pub(crate) fn codes(&self) -> Vec<PrintedCode> {
        let margin = self.margin.width_mm();
        let mut codes = Vec::new();
        for cell in &self.cells {
            for item in &self.items {
                let What::Code { drawing } = &item.what else { continue };
                let place = item.place;
                let rect = usvg::Rect::from_xywh(place.x, place.y, place.width, place.height);
                let Some(rect) =
                    rect.and_then(|rect| rect.transform(cell.transform.pre_concat(item.transform)))
                else {
                    continue;
                };
                let side = drawing.matrix().side();
                let modules = side + 2 * usize::from(drawing.look().quiet_zone_modules);
                let module_mm = rect.width() / count_to_f32(modules);
                codes.push(PrintedCode {
                    left_mm: rect.left() + margin,
                    top_mm: rect.top() + margin,
                    width_mm: rect.width(),
                    symbol_mm: module_mm * count_to_f32(side),
                    module_mm,
                });
            }
        }
        codes
    }

    /// Thin bars at the corners that show where to cut.
    pub(crate) fn crop_marks(&self) -> Vec<Place> {
        if self.margin != Margin::CropMarks {
            return Vec::new();
        }
        let bleed = self.margin.bleed_mm();
        let length = self.margin.width_mm() - bleed;
        let thin = 0.1;
        let (width, height) = self.size_mm;
        let mut marks = Vec::new();
        for x in [0.0, width] {
            for y in [-bleed - length, height + bleed] {
                marks.push(Place { x: x - thin / 2.0, y, width: thin, height: length });
            }
        }
        for y in [0.0, height] {
            for x in [-bleed - length, width + bleed] {
                marks.push(Place { x, y: y - thin / 2.0, width: length, height: thin });
            }
        }
        marks
    }
}

/// A code on paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrintedCode {
    /// From the left edge of the printed page to the quiet zone, in millimetres.
    pub left_mm: f32,
    /// From the upper edge.
    pub top_mm: f32,
    /// Width and height with the quiet zone.
    pub width_mm: f32,
    /// Width and height of the symbol alone.
    pub symbol_mm: f32,
    /// Width of a module.
    pub module_mm: f32,
}

impl PrintedCode {
    /// From how far a phone reads it, in metres.
    pub fn reading_distance_m(self) -> f32 {
        reading_distance_m(self.symbol_mm)
    }
}

impl Place {
    /// The square in its middle.
    pub(crate) fn square(self) -> Self {
        let side = self.width.min(self.height);
        Self {
            x: self.x + (self.width - side) / 2.0,
            y: self.y + (self.height - side) / 2.0,
            width: side,
            height: side,
        }
    }
}
