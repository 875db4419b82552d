//! A page as a PNG picture, drawn and packed strip by strip: a large poster has 100 MB of pixels, which never lie in
//! memory together.

use std::io::Write as _;

use resvg::tiny_skia::Pixmap;
use usvg::Transform;

use crate::drawing::Rgb;
use crate::error::QrError;
use crate::numbers::whole_pixels;
use crate::poster::canvas::{Canvas, rect};
use crate::poster::error::PosterError;
use crate::poster::fonts::Fonts;
use crate::poster::page::{Page, What};
use crate::reading;

const MM_PER_INCH: f32 = 25.4;
/// Below, no code reads; above, nobody sees more.
const RESOLUTIONS_DPI: std::ops::RangeInclusive<f32> = 36.0..=600.0;
/// An A3 at 400 dpi with its margin; more takes long.
const MOST_PIXELS: u32 = 36_000_000;
/// Pixels of a strip, of four bytes each. Each strip asks for the whole template anew, so that they must not be thin.
const STRIP_PIXELS: u32 = 1 << 20;
/// What a code is seen at: the reader needs a few pixels a module, and takes longer with each.
const SEEN_PX: usize = 300;

/// How many pixels a picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// So many an inch of paper, 36 to 600.
    Dpi(u16),
    /// So many from left to right, cut-off margins included, as long as that is 36 to 600 an inch.
    WidthPx(u16),
}

impl From<u16> for Resolution {
    fn from(dpi: u16) -> Self {
        Self::Dpi(dpi)
    }
}

/// Draws a page, and reads its codes again.
///
/// # Errors
/// [`PosterError::BadResolution`], [`PosterError::BadFont`] and [`PosterError::Code`].
pub(crate) fn draw(fonts: &Fonts, page: &Page<'_>, resolution: Resolution) -> Result<Vec<u8>, PosterError> {
    let bad = || PosterError::BadResolution { resolution };
    let (width, height) = page.media_mm();
    let dpi = match resolution {
        Resolution::Dpi(dpi) => f32::from(dpi),
        Resolution::WidthPx(px) => f32::from(px) * MM_PER_INCH / width,
    };
    if !RESOLUTIONS_DPI.contains(&dpi) {
        return Err(bad());
    }
    let scale = dpi / MM_PER_INCH;
    let (width, height) = (whole_pixels(width * scale), whole_pixels(height * scale));
    if width == 0 || width.saturating_mul(height) > MOST_PIXELS {
        return Err(bad());
    }
    let margin = page.margin.width_mm() * scale;
    let to_pixels = Transform::from_row(scale, 0.0, 0.0, scale, margin, margin);
    let mut codes = seen_codes(page, to_pixels);
    let mut file = Vec::new();
    let mut writer = encoder(&mut file, (width, height), dpi).write_header()?;
    let mut stream = writer.stream_writer()?;
    let strip = (STRIP_PIXELS / width).max(1);
    let mut top = 0;
    while top < height {
        let pixmap = Pixmap::new(width, strip.min(height - top)).ok_or_else(bad)?;
        let drawn = Canvas::new(fonts, page, pixmap).draw(to_pixels.post_translate(0.0, -pixels(top)))?;
        let row: Vec<u8> =
            drawn.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
        stream.write_all(&row)?;
        for code in &mut codes {
            code.look_at(&drawn, top);
        }
        top += strip;
    }
    stream.finish()?;
    writer.finish()?;
    for code in codes {
        code.confirm()?;
    }
    Ok(file)
}

fn pixels(count: u32) -> f32 {
    crate::numbers::pixels_to_f32(count)
}

/// A file that knows how densely it is printed. Most rows of a poster are like those above them.
fn encoder(file: &mut Vec<u8>, (width, height): (u32, u32), dpi: f32) -> png::Encoder<'_, &mut Vec<u8>> {
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::Up);
    let per_metre = whole_pixels(dpi / MM_PER_INCH * 1_000.0);
    let unit = png::Unit::Meter;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    encoder
}

/// A code of the page as a reader will see it: a few hundred pixels of the many that are drawn.
struct SeenCode<'a> {
    link: &'a str,
    left: usize,
    top: usize,
    /// Every how many-th pixel is taken, and how often.
    step: usize,
    times: usize,
    /// Width and height of what is seen.
    side: usize,
    luma: Vec<u8>,
}

fn seen_codes<'a>(page: &'a Page<'_>, to_pixels: Transform) -> Vec<SeenCode<'a>> {
    let mut codes = Vec::new();
    for cell in &page.cells {
        for item in &page.items {
            let What::Code { drawing } = &item.what else { continue };
            let transform = to_pixels.pre_concat(cell.transform).pre_concat(item.transform);
            let Some(bounds) = rect(item.place).and_then(|rect| rect.transform(transform)) else { continue };
            let whole = |length: f32| usize::try_from(whole_pixels(length)).unwrap_or_default();
            let size = whole(bounds.width()).min(whole(bounds.height())).max(1);
            let (step, times) = ((size / SEEN_PX).max(1), (SEEN_PX / 2).div_ceil(size));
            let side = size * times / step;
            codes.push(SeenCode {
                link: drawing.matrix().link(),
                left: whole(bounds.left()),
                top: whole(bounds.top()),
                step,
                times,
                side,
                luma: vec![Rgb::WHITE.luma(); side * side],
            });
        }
    }
    codes
}

impl SeenCode<'_> {
    /// Takes what of the code lies on a strip that begins at `strip_top`.
    fn look_at(&mut self, strip: &Pixmap, strip_top: u32) {
        let number = |pixels: u32| usize::try_from(pixels).unwrap_or_default();
        let (width, strip_top) = (number(strip.width()), number(strip_top));
        let place = |at: usize| at * self.step / self.times + self.step / 2;
        for (y, seen) in self.luma.chunks_exact_mut(self.side).enumerate() {
            let Some(row) = (self.top + place(y)).checked_sub(strip_top) else { continue };
            let Some(row) = strip.pixels().chunks_exact(width).nth(row) else { continue };
            for (x, luma) in seen.iter_mut().enumerate() {
                if let Some(pixel) = row.get(self.left + place(x)) {
                    *luma = Rgb(pixel.red(), pixel.green(), pixel.blue()).luma();
                }
            }
        }
    }

    /// # Errors
    /// [`QrError::NotReadBack`].
    fn confirm(self) -> Result<(), QrError> {
        let luma = |x: usize, y: usize| self.luma.get(y * self.side + x).copied().unwrap_or(u8::MAX);
        let texts = reading::read_codes(self.side, self.side, luma);
        if texts.iter().any(|text| text == self.link) { Ok(()) } else { Err(QrError::NotReadBack) }
    }
}
