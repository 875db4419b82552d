//! Posters as a PDF document, page after page: nothing of a page stays in memory but which glyphs it used, so that
//! thousands of them cost no more memory than one.

mod fonts;
mod output;
mod paths;
mod paused;
mod text;

use std::collections::BTreeMap;
use std::io::Write;

use pdf_writer::{Chunk, Content, Filter, Finish, Name, Rect, Ref, TextStr};

use crate::drawing::{Rgb, zlib};
use crate::numbers::count_to_f32;
use crate::poster::error::PosterError;
use crate::poster::fonts::Fonts;
use crate::poster::page::{Item, Page, What};
use crate::poster::template::Place;
use fonts::UsedFonts;
use output::Output;
pub use paused::PausedDocument;

const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// A document that is being written.
pub(crate) struct Document<'a, W> {
    fonts: &'a Fonts,
    output: Output<W>,
    used: UsedFonts,
    /// The templates that were written, by their number.
    art: BTreeMap<usize, Ref>,
    pages: Vec<Ref>,
    tree: Ref,
    font_names: Ref,
}

impl<'a, W: Write> Document<'a, W> {
    /// # Errors
    /// [`PosterError::Write`].
    pub(crate) fn new(fonts: &'a Fonts, sink: W) -> Result<Self, PosterError> {
        let mut output = Output::new(sink)?;
        let (tree, font_names) = (output.reserve(), output.reserve());
        Ok(Self {
            fonts,
            output,
            used: UsedFonts::default(),
            art: BTreeMap::new(),
            pages: Vec::new(),
            tree,
            font_names,
        })
    }

    /// Writes a page.
    ///
    /// # Errors
    /// [`PosterError::Write`].
    pub(crate) fn add(&mut self, page: &Page<'_>) -> Result<(), PosterError> {
        let art = self.art_of(page)?;
        let pictures = self.pictures_of(page)?;
        let content = self.content_of(page)?;
        let [id, stream] = [(); 2].map(|()| self.output.reserve());
        let mut chunk = Chunk::new();
        let packed = zlib(&content)?;
        chunk.stream(stream, &packed).filter(Filter::FlateDecode);
        self.output.object(&chunk)?;

        let mut chunk = Chunk::new();
        let mut entry = chunk.page(id);
        let (width, height) = page.media_mm();
        let margin = page.margin.width_mm();
        let inner = |from_edge: f32| {
            let (right, top) = (width - from_edge, height - from_edge);
            Rect::new(
                from_edge * POINTS_PER_MM,
                from_edge * POINTS_PER_MM,
                right * POINTS_PER_MM,
                top * POINTS_PER_MM,
            )
        };
        entry.parent(self.tree).media_box(inner(0.0)).trim_box(inner(margin));
        entry.bleed_box(inner(margin - page.margin.bleed_mm())).contents(stream);
        let mut resources = entry.resources();
        resources.pair(Name(b"Font"), self.font_names);
        let mut objects = resources.x_objects();
        objects.pair(Name(b"Art"), art);
        for (number, picture) in pictures.iter().enumerate() {
            objects.pair(Name(picture_name(number).as_bytes()), *picture);
        }
        objects.finish();
        resources.finish();
        entry.finish();
        self.output.object(&chunk)?;
        self.pages.push(id);
        Ok(())
    }

    /// Writes what only the end knows: fonts, the list of pages, and where everything is.
    ///
    /// # Errors
    /// [`PosterError::BadFont`] and [`PosterError::Write`].
    pub(crate) fn finish(mut self) -> Result<W, PosterError> {
        self.used.write(self.fonts, &mut self.output, self.font_names)?;
        let mut chunk = Chunk::new();
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        chunk.pages(self.tree).kids(self.pages.iter().copied()).count(count);
        self.output.object(&chunk)?;

        let [catalog, info] = [(); 2].map(|()| self.output.reserve());
        let mut chunk = Chunk::new();
        let mut root = chunk.indirect(catalog).dict();
        root.pair(Name(b"Type"), Name(b"Catalog")).pair(Name(b"Pages"), self.tree);
        root.pair(Name(b"Lang"), TextStr("zh-CN"));
        root.finish();
        self.output.object(&chunk)?;
        let mut chunk = Chunk::new();
        chunk.indirect(info).dict().pair(Name(b"Title"), TextStr("委员码上见"));
        self.output.object(&chunk)?;
        Ok(self.output.finish(catalog, info)?)
    }

    /// The template of a page, written once for all pages.
    fn art_of(&mut self, page: &Page<'_>) -> Result<Ref, PosterError> {
        if let Some(known) = self.art.get(&page.template_number) {
            return Ok(*known);
        }
        let id = self.output.reserve();
        let mut content = Content::new();
        let unit = page.template.mm_per_unit;
        content.transform([unit, 0.0, 0.0, unit, 0.0, 0.0]);
        paths::art(&mut content, page.template.art.root());
        let packed = zlib(content.finish().as_slice())?;
        let mut chunk = Chunk::new();
        let mut form = chunk.form_xobject(id, &packed);
        // Templates reach a little beyond their edge, for the bleed.
        let ((width, height), beyond) = (page.template.size_mm, 10.0);
        form.bbox(Rect::new(-beyond, -beyond, width + beyond, height + beyond));
        form.filter(Filter::FlateDecode);
        form.resources().finish();
        form.finish();
        self.output.object(&chunk)?;
        self.art.insert(page.template_number, id);
        Ok(id)
    }

    /// The pictures of a page.
    fn pictures_of(&mut self, page: &Page<'_>) -> Result<Vec<Ref>, PosterError> {
        let mut written = Vec::new();
        for item in &page.items {
            let What::Picture { picture, .. } = &item.what else { continue };
            let id = self.output.reserve();
            let pixels: Vec<u8> = picture.pixels().flat_map(|pixel| on_white(*pixel)).collect();
            let packed = zlib(&pixels)?;
            let mut chunk = Chunk::new();
            let mut image = chunk.image_xobject(id, &packed);
            let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
            image.width(side(picture.width())).height(side(picture.height())).bits_per_component(8);
            image.color_space().device_rgb();
            image.filter(Filter::FlateDecode);
            image.finish();
            self.output.object(&chunk)?;
            written.push(id);
        }
        Ok(written)
    }

    fn content_of(&mut self, page: &Page<'_>) -> Result<Vec<u8>, PosterError> {
        let mut content = Content::new();
        let margin = page.margin.width_mm();
        let (_, height) = page.media_mm();
        let scale = POINTS_PER_MM;
        // From millimetres downwards from the cut corner to points upwards from the sheet's.
        content.transform([scale, 0.0, 0.0, -scale, margin * scale, (height - margin) * scale]);
        for cell in &page.cells {
            content.save_state();
            rect(&mut content, cell.clip);
            content.clip_nonzero().end_path();
            content.transform(paths::matrix(cell.transform));
            content.x_object(Name(b"Art"));
            let mut pictures = 0;
            for item in &page.items {
                content.save_state();
                content.transform(paths::matrix(item.transform));
                self.draw(&mut content, page, item, &mut pictures);
                content.restore_state();
            }
            content.restore_state();
        }
        for mark in page.crop_marks() {
            paths::fill_colour(&mut content, Rgb::BLACK);
            rect(&mut content, mark);
            content.fill_nonzero();
        }
        Ok(content.finish().as_slice().to_vec())
    }

    fn draw(&mut self, content: &mut Content, page: &Page<'_>, item: &Item, pictures: &mut usize) {
        let place = item.place;
        match &item.what {
            What::Text { text, pens, colour } => {
                text::lines(content, self.fonts, &mut self.used, text, pens, *colour);
            }
            What::Code { drawing } => {
                paths::fill_colour(content, Rgb::WHITE);
                rect(content, place);
                content.fill_nonzero();
                let look = drawing.look();
                let side = drawing.matrix().side() + 2 * usize::from(look.quiet_zone_modules);
                let module = place.width / count_to_f32(side);
                content.transform([module, 0.0, 0.0, module, place.x, place.y]);
                paths::fill_colour(content, look.dark);
                if let Some(path) = drawing.path() {
                    paths::outline(content, &path);
                    content.fill_nonzero();
                }
            }
            What::Picture { round, .. } => {
                if *round {
                    paths::circle(content, place.x, place.y, place.width);
                    content.clip_nonzero().end_path();
                }
                content.transform([place.width, 0.0, 0.0, -place.height, place.x, place.y + place.height]);
                content.x_object(Name(picture_name(*pictures).as_bytes()));
                *pictures += 1;
            }
            What::Silhouette => {
                let unit = place.width / page.silhouette.size().width();
                content.transform([unit, 0.0, 0.0, unit, place.x, place.y]);
                paths::art(content, page.silhouette.root());
            }
            What::Area { colour } => {
                paths::fill_colour(content, *colour);
                rect(content, place);
                content.fill_nonzero();
            }
        }
    }
}

fn rect(content: &mut Content, place: Place) {
    content.rect(place.x, place.y, place.width, place.height);
}

fn picture_name(number: usize) -> String {
    format!("P{number}")
}

/// Paper is white.
fn on_white(image::Rgba([red, green, blue, alpha]): image::Rgba<u8>) -> [u8; 3] {
    let Rgb(red, green, blue) = Rgb::WHITE.towards(Rgb(red, green, blue), alpha, u8::MAX);
    [red, green, blue]
}
