//! A document between two of its parts: what the rest of it has to know, fit to be kept anywhere.

use std::io::Write;

use pdf_writer::Ref;
use serde::{Deserialize, Serialize};

use super::Document;
use super::fonts::{PausedFont, UsedFonts};
use super::output::Output;
use crate::poster::error::PosterError;
use crate::poster::fonts::Fonts;

/// Where a document stands after some of its pages; the bytes that were written until then are kept by whoever
/// paused it, and the rest comes right behind them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PausedDocument {
    written: u64,
    places: Vec<u64>,
    art: Vec<(usize, i32)>,
    pages: Vec<i32>,
    tree: i32,
    font_names: i32,
    fonts: Vec<PausedFont>,
}

impl<'a, W: Write> Document<'a, W> {
    /// Leaves the document where it is.
    ///
    /// # Errors
    /// [`PosterError::Write`].
    pub(crate) fn pause(self) -> Result<(PausedDocument, W), PosterError> {
        let fonts = self.used.pause(self.fonts);
        let (sink, written, places) = self.output.pause()?;
        let paused = PausedDocument {
            written,
            places,
            art: self.art.into_iter().map(|(number, id)| (number, id.get())).collect(),
            pages: self.pages.into_iter().map(Ref::get).collect(),
            tree: self.tree.get(),
            font_names: self.font_names.get(),
            fonts,
        };
        Ok((paused, sink))
    }

    /// Goes on with a document.
    ///
    /// # Errors
    /// [`PosterError::BadFont`] when the fonts are others than those that it was begun with.
    pub(crate) fn resume(fonts: &'a Fonts, paused: PausedDocument, sink: W) -> Result<Self, PosterError> {
        Ok(Self {
            fonts,
            used: UsedFonts::resume(fonts, paused.fonts)?,
            output: Output::resume(sink, paused.written, paused.places),
            art: paused.art.into_iter().map(|(number, id)| (number, Ref::new(id))).collect(),
            pages: paused.pages.into_iter().map(Ref::new).collect(),
            tree: Ref::new(paused.tree),
            font_names: Ref::new(paused.font_names),
        })
    }
}
