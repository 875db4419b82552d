//! Puts what a poster tells into the places of its template.

use usvg::Transform;

use crate::drawing::{Drawing, Look, Rgb, decode_picture};
use crate::numbers::count_to_f32;
use crate::poster::error::PosterError;
use crate::poster::fitting::{Fitted, Setting, fit};
use crate::poster::fonts::Fonts;
use crate::poster::page::{Cell, Item, Page, What};
use crate::poster::paper::{BLEED_MM, Paper, Print, check_code, check_width};
use crate::poster::template::{Anchor, Place, Slot, SlotKind, Template};
use crate::poster::templates::Templates;
use crate::poster::values::{Poster, Values};

/// Pictures are kept at this density on paper; finer is lost in print.
const PICTURE_PX_PER_MM: f32 = 12.0;
/// And never wider than this.
const LARGEST_PICTURE_PX: f32 = 1200.0;

/// Lays a poster out.
///
/// # Errors
/// See [`PosterError`].
pub(crate) fn lay_out<'a>(
    fonts: &Fonts,
    templates: &'a Templates,
    poster: &Poster,
    print: Print,
) -> Result<Page<'a>, PosterError> {
    let kind = poster.kind();
    if !kind.papers().contains(&print.paper) {
        return Err(PosterError::WrongPaper { paper: print.paper });
    }
    let (template_number, template) = templates.of(kind)?;
    let size_mm = print.paper.size_mm().unwrap_or(template.size_mm);
    let (cells, scale) = cells(template, print.paper, size_mm);
    let mut filling = Filling { fonts, values: Values::of(poster), poster, scale, items: Vec::new() };
    for slot in &template.slots {
        filling.fill(slot)?;
    }
    let page = Page {
        size_mm,
        margin: print.margin,
        template,
        template_number,
        items: filling.items,
        cells,
        silhouette: &templates.silhouette,
    };
    for code in page.codes() {
        check_code(code.symbol_mm, code.module_mm)?;
    }
    Ok(page)
}

/// The places of the template on the page, and how much larger it is there.
fn cells(template: &Template, paper: Paper, (width, height): (f32, f32)) -> (Vec<Cell>, f32) {
    let (across, down) = template.cells;
    let (cell_width, cell_height) = (width / count_to_f32(across), height / count_to_f32(down));
    let (own_width, own_height) = template.size_mm;
    let scale = (cell_width / own_width).min(cell_height / own_height);
    let mut cells = Vec::new();
    for row in 0..down {
        for column in 0..across {
            let (x, y) = (count_to_f32(column) * cell_width, count_to_f32(row) * cell_height);
            let (left, top) =
                (x + (cell_width - own_width * scale) / 2.0, y + (cell_height - own_height * scale) / 2.0);
            let upright = Transform::from_row(scale, 0.0, 0.0, scale, left, top);
            let turned = template.first_row_turned && row == 0;
            cells.push(Cell {
                transform: if turned {
                    upright.pre_concat(Transform::from_row(-1.0, 0.0, 0.0, -1.0, own_width, own_height))
                } else {
                    upright
                },
                clip: clip((x, y, cell_width, cell_height), (width, height)),
            });
        }
    }
    debug_assert!(paper != Paper::Own || (scale - 1.0).abs() < 1e-3);
    (cells, scale)
}

/// A cell with the bleed on those sides that are edges of the paper: none reaches into its neighbour.
fn clip((x, y, width, height): (f32, f32, f32, f32), (paper_width, paper_height): (f32, f32)) -> Place {
    let beyond = |is_edge: bool| if is_edge { BLEED_MM } else { 0.0 };
    let is_at = |a: f32, b: f32| (a - b).abs() < 0.01;
    let (left, top) = (beyond(is_at(x, 0.0)), beyond(is_at(y, 0.0)));
    let (right, bottom) = (beyond(is_at(x + width, paper_width)), beyond(is_at(y + height, paper_height)));
    Place { x: x - left, y: y - top, width: left + width + right, height: top + height + bottom }
}

/// A template that is being filled.
struct Filling<'a> {
    fonts: &'a Fonts,
    values: Values<'a>,
    poster: &'a Poster,
    scale: f32,
    items: Vec<Item>,
}

impl Filling<'_> {
    fn fill(&mut self, slot: &Slot) -> Result<(), PosterError> {
        match &slot.kind {
            SlotKind::Text { words, setting, anchor } => {
                if let Some(words) = self.values.fill(words) {
                    let text = fit(self.fonts, setting, &words)?;
                    let pens = pens(&text, setting, *anchor, slot.place);
                    self.put(slot, slot.place, What::Text { text, pens, colour: slot.colour });
                }
            }
            SlotKind::Code => self.put_code(slot)?,
            SlotKind::Portrait { round } => match self.values.portrait {
                Some(bytes) => {
                    let what = What::Picture { picture: self.picture(bytes, slot.place)?, round: *round };
                    self.put(slot, slot.place, what);
                }
                None => self.put(slot, slot.place.square(), What::Silhouette),
            },
            SlotKind::Area { with } => {
                if !self.values.text(with).trim().is_empty() {
                    self.put(slot, slot.place, What::Area { colour: slot.colour });
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, slot: &Slot, place: Place, what: What) {
        self.items.push(Item { place, transform: slot.transform, what });
    }

    fn put_code(&mut self, slot: &Slot) -> Result<(), PosterError> {
        let code = self.poster.code();
        if let Some(bytes) = &code.mini_program_code {
            return self.put_mini_program_code(slot, bytes);
        }
        let drawing = Drawing::new(&code.link, Look { emblem: code.emblem.clone(), ..Look::default() })?;
        drawing.confirm_modules()?;
        let place = slot.place.square();
        let quiet = usize::from(drawing.look().quiet_zone_modules);
        let module = place.width / count_to_f32(drawing.matrix().side() + 2 * quiet);
        let emblem = drawing.emblem_picture()?;
        self.put(slot, place, What::Code { drawing: Box::new(drawing) });
        if let Some((first, modules, picture)) = emblem {
            let inset = module * (count_to_f32(quiet) + first);
            let width = module * modules;
            let middle = Place { x: place.x + inset, y: place.y + inset, width, height: width };
            self.put(slot, middle, What::Picture { picture, round: false });
        }
        Ok(())
    }

    fn put_mini_program_code(&mut self, slot: &Slot, bytes: &[u8]) -> Result<(), PosterError> {
        let place = slot.place.square();
        let (across, down) = slot.transform.get_scale();
        check_width(place.width * self.scale * across.min(down))?;
        let picture = self.picture(bytes, place)?;
        self.put(slot, place, What::Area { colour: Rgb::WHITE });
        self.put(slot, place, What::Picture { picture, round: false });
        Ok(())
    }

    /// The middle of a picture, in the shape and about the number of pixels that its place needs.
    fn picture(&self, bytes: &[u8], place: Place) -> Result<image::RgbaImage, PosterError> {
        let picture = image::DynamicImage::from(decode_picture(bytes)?);
        let width = (place.width * self.scale * PICTURE_PX_PER_MM).clamp(1.0, LARGEST_PICTURE_PX);
        let height = width * place.height / place.width;
        let (width, height) = (crate::numbers::whole_pixels(width), crate::numbers::whole_pixels(height));
        Ok(picture.resize_to_fill(width, height, image::imageops::FilterType::Triangle).into_rgba8())
    }
}

/// Where each line's pen begins: the lines stand in the middle of the box's height.
fn pens(text: &Fitted, setting: &Setting, anchor: Anchor, place: Place) -> Vec<(f32, f32)> {
    let top = place.y + (setting.height - text.height()) / 2.0;
    let pen = |(line, base): (&crate::poster::shaping::Line, f32)| {
        let left = line.ink.left.min(0.0) * text.size;
        let free = setting.width - (line.width.max(line.ink.right) * text.size - left);
        let shift = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => free / 2.0,
            Anchor::End => free,
        };
        (place.x + shift - left, top + base)
    };
    text.lines.iter().zip(text.base_lines()).map(pen).collect()
}
