//! A strip of a page as pixels: the template by resvg, what stands on it by the renderer underneath.

use resvg::tiny_skia::{
    Color, ColorU8, FillRule, FilterQuality, Paint, Path, PathBuilder, Pattern, Pixmap, Rect, SpreadMode,
};
use usvg::Transform;

use crate::drawing::Rgb;
use crate::numbers::{count_to_f32, pixels_to_f32};
use crate::poster::error::PosterError;
use crate::poster::fonts::Fonts;
use crate::poster::glyphs::glyph_path;
use crate::poster::page::{Item, Page, What};
use crate::poster::template::Place;

/// Farther out than anything of a page, in millimetres.
const FAR: f32 = 100.0;

/// Pixels that are drawn on.
pub(super) struct Canvas<'a> {
    fonts: &'a Fonts,
    page: &'a Page<'a>,
    pixmap: Pixmap,
}

impl<'a> Canvas<'a> {
    /// White pixels.
    pub(super) fn new(fonts: &'a Fonts, page: &'a Page<'a>, mut pixmap: Pixmap) -> Self {
        pixmap.fill(Color::WHITE);
        Self { fonts, page, pixmap }
    }

    /// Draws whatever of the page lies on these pixels; `to_pixels` leads from its millimetres there.
    ///
    /// # Errors
    /// [`PosterError::BadFont`].
    pub(super) fn draw(mut self, to_pixels: Transform) -> Result<Pixmap, PosterError> {
        let page = self.page;
        for cell in &page.cells {
            let place = to_pixels.pre_concat(cell.transform);
            let unit = page.template.mm_per_unit;
            resvg::render(&page.template.art, place.pre_scale(unit, unit), &mut self.pixmap.as_mut());
            for item in &page.items {
                let transform = place.pre_concat(item.transform);
                if self.shows(item.place, transform) {
                    self.item(item, transform)?;
                }
            }
        }
        self.trim(to_pixels);
        Ok(self.pixmap)
    }

    /// Whether a place lies on these pixels at all.
    fn shows(&self, place: Place, transform: Transform) -> bool {
        let height = pixels_to_f32(self.pixmap.height());
        let bounds = rect(place).and_then(|rect| rect.transform(transform));
        bounds.is_some_and(|bounds| bounds.bottom() >= 0.0 && bounds.top() <= height)
    }

    fn item(&mut self, item: &Item, transform: Transform) -> Result<(), PosterError> {
        match &item.what {
            What::Text { text, pens, colour } => {
                for (line, (x, y)) in text.lines.iter().zip(pens) {
                    let mut pen = *x;
                    for run in &line.runs {
                        for glyph in &run.glyphs {
                            let (right, up) = glyph.offset;
                            let at = transform
                                .pre_translate(pen + right * text.size, y - up * text.size)
                                .pre_scale(text.size, -text.size);
                            pen += glyph.advance * text.size;
                            if let Some(path) = glyph_path(self.fonts, run.face, glyph.id)? {
                                self.fill(&path, &plain(*colour), at);
                            }
                        }
                    }
                }
            }
            What::Code { drawing } => {
                self.area(item.place, Rgb::WHITE, transform);
                let look = drawing.look();
                let side = drawing.matrix().side() + 2 * usize::from(look.quiet_zone_modules);
                let module = item.place.width / count_to_f32(side);
                let at = transform.pre_translate(item.place.x, item.place.y).pre_scale(module, module);
                if let Some(path) = drawing.path() {
                    self.fill(&path, &plain(look.dark), at);
                }
            }
            What::Picture { picture, round } => self.picture(item.place, picture, *round, transform),
            What::Silhouette => {
                let silhouette = self.page.silhouette;
                let unit = item.place.width / silhouette.size().width();
                let at = transform.pre_translate(item.place.x, item.place.y).pre_scale(unit, unit);
                resvg::render(silhouette, at, &mut self.pixmap.as_mut());
            }
            What::Area { colour } => self.area(item.place, *colour, transform),
        }
        Ok(())
    }

    fn fill(&mut self, path: &Path, paint: &Paint<'_>, transform: Transform) {
        self.pixmap.fill_path(path, paint, FillRule::Winding, transform, None);
    }

    fn area(&mut self, place: Place, colour: Rgb, transform: Transform) {
        if let Some(rect) = rect(place) {
            self.fill(&PathBuilder::from_rect(rect), &plain(colour), transform);
        }
    }

    fn picture(&mut self, place: Place, picture: &image::RgbaImage, round: bool, transform: Transform) {
        let Some(mut source) = Pixmap::new(picture.width(), picture.height()) else { return };
        for (target, image::Rgba([red, green, blue, alpha])) in
            source.pixels_mut().iter_mut().zip(picture.pixels())
        {
            *target = ColorU8::from_rgba(*red, *green, *blue, *alpha).premultiply();
        }
        let fitted = Transform::from_row(
            place.width / pixels_to_f32(picture.width()),
            0.0,
            0.0,
            place.height / pixels_to_f32(picture.height()),
            place.x,
            place.y,
        );
        let shader = Pattern::new(source.as_ref(), SpreadMode::Pad, FilterQuality::Bilinear, 1.0, fitted);
        let paint = Paint { shader, anti_alias: true, ..Paint::default() };
        let outline = rect(place).and_then(|rect| {
            if round { PathBuilder::from_oval(rect) } else { Some(PathBuilder::from_rect(rect)) }
        });
        if let Some(outline) = outline {
            self.fill(&outline, &paint, transform);
        }
    }

    /// Clears what lies beyond the bleed, and draws the crop marks there.
    fn trim(&mut self, to_pixels: Transform) {
        let ground = self.page.bleed_place();
        let (right, bottom) = (ground.x + ground.width, ground.y + ground.height);
        let (wide, high) = (ground.width + 2.0 * FAR, ground.height + 2.0 * FAR);
        for (x, y, width, height) in [
            (ground.x - FAR, ground.y - FAR, wide, FAR),
            (ground.x - FAR, bottom, wide, FAR),
            (ground.x - FAR, ground.y - FAR, FAR, high),
            (right, ground.y - FAR, FAR, high),
        ] {
            self.area(Place { x, y, width, height }, Rgb::WHITE, to_pixels);
        }
        for mark in self.page.crop_marks() {
            self.area(mark, Rgb::BLACK, to_pixels);
        }
    }
}

/// A place as the renderer knows it.
pub(super) fn rect(place: Place) -> Option<Rect> {
    Rect::from_xywh(place.x, place.y, place.width, place.height)
}

fn plain(Rgb(red, green, blue): Rgb) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, u8::MAX);
    paint.anti_alias = true;
    paint
}
