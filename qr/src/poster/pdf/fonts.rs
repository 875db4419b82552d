//! The fonts of a document: which glyphs it uses, and at its end each font cut down to those.

use std::collections::BTreeMap;
use std::io::Write;

use harfrust::GlyphId;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, Str};
use serde::{Deserialize, Serialize};
use subsetter::GlyphRemapper;

use crate::drawing::zlib;
use crate::poster::error::PosterError;
use crate::poster::fonts::{Face, Fonts};
use crate::poster::pdf::output::Output;
use crate::poster::shaping::Glyph;

const UNITS: f32 = 1000.0;
/// What a code of a font's glyph is: its number in the cut down font.
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// The thickness of stems is asked for by the format, and used by nobody who has the font.
const STEM: f32 = 80.0;

/// What a document has used of its fonts so far.
#[derive(Default)]
pub(super) struct UsedFonts {
    faces: BTreeMap<usize, UsedFace>,
}

#[derive(Default)]
struct UsedFace {
    glyphs: GlyphRemapper,
    /// What each glyph of the cut down font stands for.
    texts: BTreeMap<u16, String>,
}

/// What a document has used of one font, fit to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PausedFont {
    face: usize,
    /// Its own name: the numbers of faces and glyphs are those of the installed files.
    name: String,
    glyphs: Vec<u16>,
    texts: Vec<(u16, String)>,
}

impl UsedFonts {
    /// All of it, to go on with later.
    pub(super) fn pause(self, fonts: &Fonts) -> Vec<PausedFont> {
        let name_of = |face| fonts.get(face).map(|face| face.name.clone()).unwrap_or_default();
        let faces = self.faces.into_iter().map(|(face, used)| PausedFont {
            face,
            name: name_of(face),
            glyphs: used.glyphs.remapped_gids().collect(),
            texts: used.texts.into_iter().collect(),
        });
        faces.collect()
    }

    /// Goes on with it.
    ///
    /// # Errors
    /// [`PosterError::BadFont`] when a face is not the one that it was.
    pub(super) fn resume(fonts: &Fonts, paused: Vec<PausedFont>) -> Result<Self, PosterError> {
        let mut faces = BTreeMap::new();
        for PausedFont { face, name, glyphs, texts } in paused {
            if fonts.get(face).is_none_or(|known| known.name != name) {
                let reason = "the document was begun with other fonts".to_owned();
                return Err(PosterError::BadFont { name, reason });
            }
            let mut used = UsedFace { glyphs: GlyphRemapper::new(), texts: texts.into_iter().collect() };
            for glyph in glyphs {
                used.glyphs.remap(glyph);
            }
            faces.insert(face, used);
        }
        Ok(Self { faces })
    }

    /// The name by which pages ask for a face.
    pub(super) fn name(face: usize) -> String {
        format!("F{face}")
    }

    /// Notes a glyph, and gives its number in the cut down font.
    pub(super) fn take(&mut self, face: usize, glyph: &Glyph) -> u16 {
        let used = self.faces.entry(face).or_default();
        let new = used.glyphs.remap(glyph.id);
        if !glyph.text.is_empty() {
            used.texts.entry(new).or_insert_with(|| glyph.text.clone());
        }
        new
    }

    /// How far a reader moves on after a glyph, in thousandths of the size.
    pub(super) fn width(fonts: &Fonts, face: usize, glyph: u16) -> f32 {
        fonts.get(face).map_or(0.0, |face| width(face, glyph))
    }

    /// Writes all fonts, and `dictionary`, which names them for the pages.
    ///
    /// # Errors
    /// [`PosterError::BadFont`] and [`PosterError::Write`].
    pub(super) fn write<W: Write>(
        &self,
        fonts: &Fonts,
        output: &mut Output<W>,
        dictionary: Ref,
    ) -> Result<(), PosterError> {
        let mut names = Vec::new();
        for (number, used) in &self.faces {
            if let Some(face) = fonts.get(*number) {
                names.push((Self::name(*number), used.write(face, output)?));
            }
        }
        let mut chunk = Chunk::new();
        let mut named = chunk.indirect(dictionary).dict();
        for (name, font) in names {
            named.pair(Name(name.as_bytes()), font);
        }
        named.finish();
        Ok(output.object(&chunk)?)
    }
}

fn width(face: &Face, glyph: u16) -> f32 {
    face.font.glyph_metrics().h_advance(GlyphId::from(glyph)) * UNITS / f32::from(face.font.units_per_em())
}

impl UsedFace {
    fn write<W: Write>(&self, face: &Face, output: &mut Output<W>) -> Result<Ref, PosterError> {
        let bad = |reason: String| PosterError::BadFont { name: face.name.clone(), reason };
        let cut = subsetter::subset(&face.file, face.index, &self.glyphs)
            .map_err(|error| bad(error.to_string()))?;
        let program = table(&cut, *b"CFF ");
        let [font, cid_font, descriptor, file, unicode] = [(); 5].map(|()| output.reserve());
        let name = format!("{}+{}", self.tag(), face.name);

        let mut chunk = Chunk::new();
        let mut outer = chunk.type0_font(font);
        outer.base_font(Name(name.as_bytes())).encoding_predefined(Name(b"Identity-H"));
        outer.descendant_font(cid_font).to_unicode(unicode);
        outer.finish();
        output.object(&chunk)?;

        let mut chunk = Chunk::new();
        let mut inner = chunk.cid_font(cid_font);
        inner.subtype(if program.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
        inner
            .base_font(Name(name.as_bytes()))
            .system_info(IDENTITY)
            .font_descriptor(descriptor)
            .default_width(0.0);
        if program.is_none() {
            inner.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        inner.widths().consecutive(0, self.glyphs.remapped_gids().map(|glyph| width(face, glyph)));
        inner.finish();
        output.object(&chunk)?;

        self.write_descriptor(face, output, descriptor, file, (&name, program.is_some()))?;
        let mut chunk = Chunk::new();
        let packed = zlib(program.unwrap_or(&cut))?;
        let mut stream = chunk.stream(file, &packed);
        stream.filter(Filter::FlateDecode);
        if program.is_some() {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
        stream.finish();
        output.object(&chunk)?;
        self.write_unicode(output, unicode)?;
        Ok(font)
    }

    fn write_descriptor<W: Write>(
        &self,
        face: &Face,
        output: &mut Output<W>,
        id: Ref,
        file: Ref,
        (name, is_cff): (&str, bool),
    ) -> Result<(), PosterError> {
        let metrics = face.font.metrics();
        let units = |value: f64| value_to_f32(value * 1000.0 / f64::from(metrics.units_per_em));
        let line = metrics.hhea_line;
        let ascent = line.map_or(880.0, |line| units(line.ascender.to_f64()));
        let descent = line.map_or(-120.0, |line| units(line.descender.to_f64()));
        let bounds = metrics.bounds;
        let mut chunk = Chunk::new();
        let mut descriptor = chunk.font_descriptor(id);
        descriptor
            .name(Name(name.as_bytes()))
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                units(bounds.x_min.to_f64()),
                units(bounds.y_min.to_f64()),
                units(bounds.x_max.to_f64()),
                units(bounds.y_max.to_f64()),
            ))
            .italic_angle(0.0)
            .ascent(ascent)
            .descent(descent)
            .cap_height(metrics.cap_height.map_or(ascent, |height| units(height.to_f64())))
            .stem_v(STEM);
        if is_cff {
            descriptor.font_file3(file);
        } else {
            descriptor.font_file2(file);
        }
        descriptor.finish();
        Ok(output.object(&chunk)?)
    }

    /// What each glyph stands for, so that text can be copied.
    fn write_unicode<W: Write>(&self, output: &mut Output<W>, id: Ref) -> Result<(), PosterError> {
        let mut map = UnicodeCmap::<u16>::new(Name(b"Custom"), IDENTITY);
        for (glyph, text) in &self.texts {
            map.pair_with_multiple(*glyph, text.chars());
        }
        let packed = zlib(map.finish().as_slice())?;
        let mut chunk = Chunk::new();
        chunk.stream(id, &packed).filter(Filter::FlateDecode);
        Ok(output.object(&chunk)?)
    }

    /// Six letters that tell cut down fonts of one name apart: they follow from the glyphs that are left.
    fn tag(&self) -> String {
        let mut hash = 0_u32;
        for glyph in self.glyphs.remapped_gids() {
            hash = hash.wrapping_mul(31).wrapping_add(u32::from(glyph));
        }
        (0..6)
            .map(|place| {
                let letter = hash / 26_u32.pow(place) % 26;
                char::from(u8::try_from(letter).map_or(b'A', |letter| b'A' + letter))
            })
            .collect()
    }
}

#[allow(clippy::cast_possible_truncation, reason = "font metrics have five digits")]
fn value_to_f32(value: f64) -> f32 {
    value as f32
}

/// A table of an OpenType file (<https://learn.microsoft.com/typography/opentype/spec/otff>): each record after the
/// header of 12 bytes has its tag, a checksum, where it begins and how long it is.
fn table(file: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let count = u16::from_be_bytes(file.get(4..6)?.try_into().ok()?);
    let records = file.get(12..)?.chunks_exact(16).take(count.into());
    let record = records.into_iter().find(|record| record.starts_with(&tag))?;
    let number = |range: std::ops::Range<usize>| {
        let bytes = record.get(range)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let (start, length) = (number(8..12)?, number(12..16)?);
    file.get(start..start + length)
}
