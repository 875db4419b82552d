//! Posters (海报): print layouts around a code, from values to bytes. Templates are SVG files that designers edit
//! (`docs/POSTERS.md`); fitting, fonts, codes and both outputs are ours. Start reading in `layout.rs`.
//!
//! ```no_run
//! use qr::poster::{Margin, Paper, Poster, PosterCode, PosterStation, Posters, Print};
//!
//! let posters = Posters::load()?;
//! let poster = Poster::Station {
//!     station: PosterStation {
//!         committee: "青禾区政协".into(),
//!         name: "青禾街道委员工作站".into(),
//!         address: "稻香路 8 号便民服务中心一楼".into(),
//!     },
//!     code: PosterCode {
//!         link: "https://code.example.cn/c/1ABCDEFGH0123456".into(),
//!         token: "1ABC DEFG H012 3456".into(),
//!         place: "便民服务中心正门".into(),
//!         batch: "2026-12".into(),
//!         emblem: None,
//!         mini_program_code: None,
//!     },
//! };
//! let pdf = posters.pdf(&poster, Print { paper: Paper::A4, margin: Margin::None })?;
//! assert!(pdf.starts_with(b"%PDF"));
//! # Ok::<(), qr::poster::PosterError>(())
//! ```

mod art;
mod canvas;
mod error;
mod fitting;
mod fonts;
mod glyphs;
mod layout;
mod page;
mod paper;
mod pdf;
mod pixels;
mod shaping;
mod svg_text;
mod template;
mod templates;
#[cfg(test)]
mod tests;
mod values;

use std::io::Write;

pub use error::PosterError;
pub use fonts::Fonts;
pub use page::PrintedCode;
pub use paper::{Margin, Paper, Print, reading_distance_m};
pub use pixels::Resolution;
pub use templates::PosterKind;
pub use values::{Poster, PosterCode, PosterMember, PosterStation, RosterRow, SlipText};

use pdf::Document;
pub use pdf::PausedDocument;
use templates::Templates;

/// Fonts and templates, loaded once; draws any poster.
#[derive(Debug)]
pub struct Posters {
    fonts: Fonts,
    templates: Templates,
}

impl Posters {
    /// Loads the system's fonts and the templates.
    ///
    /// # Errors
    /// [`PosterError::NoChineseFont`], [`PosterError::BadFont`] and [`PosterError::BadTemplate`].
    pub fn load() -> Result<Self, PosterError> {
        Self::with_fonts(Fonts::load()?)
    }

    /// The same with given fonts.
    ///
    /// # Errors
    /// [`PosterError::BadTemplate`].
    pub fn with_fonts(fonts: Fonts) -> Result<Self, PosterError> {
        Ok(Self { fonts, templates: Templates::load()? })
    }

    /// A poster as a PNG picture of so many pixels an inch (36 to 600) or across. Its codes are read again in the picture.
    ///
    /// # Errors
    /// See [`PosterError`].
    pub fn png(
        &self,
        poster: &Poster,
        print: Print,
        resolution: impl Into<Resolution>,
    ) -> Result<Vec<u8>, PosterError> {
        let page = layout::lay_out(&self.fonts, &self.templates, poster, print)?;
        pixels::draw(&self.fonts, &page, resolution.into())
    }

    /// A poster as a PDF document of one page, with selectable text in fonts that come with it.
    ///
    /// # Errors
    /// See [`PosterError`].
    pub fn pdf(&self, poster: &Poster, print: Print) -> Result<Vec<u8>, PosterError> {
        let mut document = self.document(Vec::new())?;
        document.add(poster, print)?;
        document.finish()
    }

    /// Where the codes of a poster are printed, and how large.
    ///
    /// # Errors
    /// See [`PosterError`].
    pub fn codes(&self, poster: &Poster, print: Print) -> Result<Vec<PrintedCode>, PosterError> {
        Ok(layout::lay_out(&self.fonts, &self.templates, poster, print)?.codes())
    }

    /// A document of many posters, written to `sink` page by page.
    ///
    /// # Errors
    /// [`PosterError::Write`].
    pub fn document<W: Write>(&self, sink: W) -> Result<PosterDocument<'_, W>, PosterError> {
        Ok(PosterDocument { posters: self, document: Document::new(&self.fonts, sink)? })
    }

    /// The rest of a document that was paused: its bytes belong right behind those that were written before.
    ///
    /// # Errors
    /// [`PosterError::BadFont`] when other fonts are installed by now.
    pub fn resume<W: Write>(
        &self,
        paused: PausedDocument,
        sink: W,
    ) -> Result<PosterDocument<'_, W>, PosterError> {
        Ok(PosterDocument { posters: self, document: Document::resume(&self.fonts, paused, sink)? })
    }
}

/// Many posters in one PDF document. Its memory grows with the characters that are used, not with the pages.
pub struct PosterDocument<'a, W> {
    posters: &'a Posters,
    document: Document<'a, W>,
}

impl<W: Write> PosterDocument<'_, W> {
    /// Adds a page.
    ///
    /// # Errors
    /// See [`PosterError`]. A poster that is refused before anything of it is written ([`PosterError::Code`],
    /// [`PosterError::NoGlyph`] and all others but [`PosterError::Write`]) leaves the document as it was.
    pub fn add(&mut self, poster: &Poster, print: Print) -> Result<(), PosterError> {
        let page = layout::lay_out(&self.posters.fonts, &self.posters.templates, poster, print)?;
        self.document.add(&page)
    }

    /// Leaves the document as it is, to go on with [`Posters::resume`], in this process or in another one.
    ///
    /// # Errors
    /// [`PosterError::Write`].
    pub fn pause(self) -> Result<(PausedDocument, W), PosterError> {
        self.document.pause()
    }

    /// Ends the document and gives its sink back.
    ///
    /// # Errors
    /// [`PosterError::BadFont`] and [`PosterError::Write`].
    pub fn finish(self) -> Result<W, PosterError> {
        self.document.finish()
    }
}
