//! A page as pixels: the template by resvg, what stands on it by the same renderer underneath.

use resvg::tiny_skia::{
    Color, FillRule, FilterQuality, Paint, Path, PathBuilder, Pattern, Pixmap, PremultipliedColorU8, Rect,
    SpreadMode,
};
use usvg::Transform;

use crate::drawing::{NO_FILTER, PngFile, Rgb};
use crate::error::QrError;
use crate::numbers::{count_to_f32, pixels_to_f32, whole_pixels};
use crate::poster::error::PosterError;
use crate::poster::fonts::Fonts;
use crate::poster::glyphs::glyph_path;
use crate::poster::page::{Item, Page, What};
use crate::poster::template::Place;
use crate::reading;

const MM_PER_INCH: f32 = 25.4;
/// Below, no code reads; above, nobody sees more.
const RESOLUTIONS_DPI: std::ops::RangeInclusive<u16> = 36..=600;
/// Four bytes each: 140 MB, an A3 at 300 dpi with its margin.
const MOST_PIXELS: u32 = 36_000_000;
/// What a code is seen at: the reader needs a few pixels a module, and takes longer with each.
const SEEN_PX: usize = 300;

/// Draws a page at `dpi`, and reads its code again.
///
/// # Errors
/// [`PosterError::BadResolution`] and [`PosterError::Code`].
pub(crate) fn draw(fonts: &Fonts, page: &Page<'_>, dpi: u16) -> Result<Vec<u8>, PosterError> {
    let bad = || PosterError::BadResolution { dpi };
    if !RESOLUTIONS_DPI.contains(&dpi) {
        return Err(bad());
    }
    let scale = f32::from(dpi) / MM_PER_INCH;
    let (width, height) = page.media_mm();
    let (width, height) = (whole_pixels(width * scale), whole_pixels(height * scale));
    if width.saturating_mul(height) > MOST_PIXELS {
        return Err(bad());
    }
    let mut pixmap = Pixmap::new(width, height).ok_or_else(bad)?;
    pixmap.fill(Color::WHITE);
    let margin = page.margin.width_mm();
    let to_pixels = Transform::from_row(scale, 0.0, 0.0, scale, margin * scale, margin * scale);
    let mut canvas = Canvas { fonts, pixmap, silhouette: page.silhouette };
    for cell in &page.cells {
        let place = to_pixels.pre_concat(cell.transform);
        let unit = page.template.mm_per_unit;
        resvg::render(&page.template.art, place.pre_scale(unit, unit), &mut canvas.pixmap.as_mut());
        for item in &page.items {
            canvas.draw(item, place.pre_concat(item.transform))?;
        }
    }
    canvas.trim(page, to_pixels);
    for cell in &page.cells {
        for item in &page.items {
            canvas.confirm(item, to_pixels.pre_concat(cell.transform).pre_concat(item.transform))?;
        }
    }
    Ok(write(&canvas.pixmap, dpi)?)
}

struct Canvas<'a> {
    fonts: &'a Fonts,
    pixmap: Pixmap,
    silhouette: &'a usvg::Tree,
}

impl Canvas<'_> {
    fn draw(&mut self, item: &Item, transform: Transform) -> Result<(), PosterError> {
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
                let unit = item.place.width / self.silhouette.size().width();
                let at = transform.pre_translate(item.place.x, item.place.y).pre_scale(unit, unit);
                resvg::render(self.silhouette, at, &mut self.pixmap.as_mut());
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
            let colour = resvg::tiny_skia::ColorU8::from_rgba(*red, *green, *blue, *alpha);
            *target = colour.premultiply();
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
    fn trim(&mut self, page: &Page<'_>, to_pixels: Transform) {
        let ground = page.bleed_place();
        let far = 100.0;
        let (right, bottom) = (ground.x + ground.width, ground.y + ground.height);
        let (wide, high) = (ground.width + 2.0 * far, ground.height + 2.0 * far);
        for (x, y, width, height) in [
            (ground.x - far, ground.y - far, wide, far),
            (ground.x - far, bottom, wide, far),
            (ground.x - far, ground.y - far, far, high),
            (right, ground.y - far, far, high),
        ] {
            self.area(Place { x, y, width, height }, Rgb::WHITE, to_pixels);
        }
        for mark in page.crop_marks() {
            self.area(mark, Rgb::BLACK, to_pixels);
        }
    }

    /// Reads a drawn code again.
    fn confirm(&self, item: &Item, transform: Transform) -> Result<(), QrError> {
        let What::Code { drawing } = &item.what else { return Ok(()) };
        let Some(bounds) = rect(item.place).and_then(|rect| rect.transform(transform)) else {
            return Err(QrError::NotReadBack);
        };
        let whole = |length: f32| usize::try_from(whole_pixels(length)).unwrap_or_default();
        let (left, top) = (whole(bounds.left().max(0.0)), whole(bounds.top().max(0.0)));
        let (width, height) = (whole(bounds.width()), whole(bounds.height()));
        let size = width.min(height);
        let stride = usize::try_from(self.pixmap.width()).unwrap_or_default();
        let pixels = self.pixmap.pixels();
        let white = Rgb::WHITE.luma();
        let luma = |x: usize, y: usize| {
            let found = pixels.get((top + y) * stride + left + x).copied();
            found.map_or(white, |pixel: PremultipliedColorU8| {
                Rgb(pixel.red(), pixel.green(), pixel.blue()).luma()
            })
        };
        let times = (SEEN_PX / 2).div_ceil(size.max(1));
        let step = (size / SEEN_PX).max(1);
        let seen = size * times / step;
        let place = |at: usize| at * step / times + step / 2;
        let texts = reading::read_codes(seen, seen, |x, y| luma(place(x), place(y)));
        if texts.iter().any(|text| text == drawing.matrix().link()) {
            Ok(())
        } else {
            Err(QrError::NotReadBack)
        }
    }
}

fn rect(place: Place) -> Option<Rect> {
    Rect::from_xywh(place.x, place.y, place.width, place.height)
}

fn plain(Rgb(red, green, blue): Rgb) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, u8::MAX);
    paint.anti_alias = true;
    paint
}

/// The pixels as a PNG file that knows how densely it is printed.
fn write(pixmap: &Pixmap, dpi: u16) -> Result<Vec<u8>, QrError> {
    let width = usize::try_from(pixmap.width()).unwrap_or(1);
    let mut rows = Vec::with_capacity((3 * width + 1) * usize::try_from(pixmap.height()).unwrap_or_default());
    for row in pixmap.pixels().chunks(width) {
        rows.push(NO_FILTER);
        rows.extend(row.iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]));
    }
    PngFile {
        width: pixmap.width(),
        height: pixmap.height(),
        color: png::ColorType::Rgb,
        depth: png::BitDepth::Eight,
        palette: &[],
        dpi: Some(dpi.into()),
        rows: &rows,
    }
    .write()
}
