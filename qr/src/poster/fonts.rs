//! The fonts that posters are set in: found on the system once, then only memory. Chinese first, then what other
//! names of the country are written in.

use std::sync::Arc;

use fontdb::{Database, Family, Query, Source};
use harfrust::Font;

use crate::poster::error::PosterError;

/// Families with simplified Chinese, best first: Debian's, Adobe's names for the same, and older ones.
const CHINESE: [&str; 6] = [
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
];
/// Families for what those lack: Uyghur and Kazakh, Tibetan, Latin with all its accents.
const OTHER_SCRIPTS: [&str; 6] =
    ["Noto Sans Arabic", "Noto Naskh Arabic", "Noto Serif Tibetan", "Jomolhari", "Noto Sans", "DejaVu Sans"];

/// How heavy a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// One font of one weight.
pub(crate) struct Face {
    /// For shaping, measuring and drawing.
    pub(crate) font: Font,
    /// The file, from which a subset is cut.
    pub(crate) file: Arc<Vec<u8>>,
    /// Its number in a file of several fonts.
    pub(crate) index: u32,
    /// The PostScript name.
    pub(crate) name: String,
}

/// All fonts that posters are set in. Loading takes some tens of milliseconds and keeps the files in memory, for
/// Debian's fonts about 40 MB: load once, share.
pub struct Fonts {
    faces: Vec<Face>,
    regular: Vec<usize>,
    bold: Vec<usize>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.faces.iter().map(|face| &face.name)).finish()
    }
}

impl Fonts {
    /// Loads the system's fonts.
    ///
    /// # Errors
    /// [`PosterError::NoChineseFont`] and [`PosterError::BadFont`].
    pub fn load() -> Result<Self, PosterError> {
        let mut database = Database::new();
        database.load_system_fonts();
        Self::from_database(&database)
    }

    /// Takes fonts out of a database that was filled by somebody else.
    ///
    /// # Errors
    /// [`PosterError::NoChineseFont`] and [`PosterError::BadFont`].
    pub fn from_database(database: &Database) -> Result<Self, PosterError> {
        let mut fonts = Self { faces: Vec::new(), regular: Vec::new(), bold: Vec::new() };
        let mut chinese = None;
        for family in CHINESE {
            if chinese.is_none() {
                chinese = fonts.add(database, family)?;
            }
        }
        chinese.ok_or(PosterError::NoChineseFont)?;
        for family in OTHER_SCRIPTS {
            fonts.add(database, family)?;
        }
        Ok(fonts)
    }

    /// Adds a family, if it is there: both weights, or one for both.
    fn add(&mut self, database: &Database, family: &str) -> Result<Option<()>, PosterError> {
        let Some(regular) = self.face(database, family, fontdb::Weight::NORMAL)? else { return Ok(None) };
        let bold = self.face(database, family, fontdb::Weight::BOLD)?.unwrap_or(regular);
        self.regular.push(regular);
        self.bold.push(bold);
        Ok(Some(()))
    }

    /// The number of a face of that family, loaded if it is not yet.
    fn face(
        &mut self,
        database: &Database,
        family: &str,
        weight: fontdb::Weight,
    ) -> Result<Option<usize>, PosterError> {
        let query = Query { families: &[Family::Name(family)], weight, ..Query::default() };
        let found = database.query(&query).and_then(|id| database.face(id));
        let Some(info) = found else { return Ok(None) };
        if let Some(known) = self.faces.iter().position(|face| face.name == info.post_script_name) {
            return Ok(Some(known));
        }
        let bad = |reason: String| PosterError::BadFont { name: info.post_script_name.clone(), reason };
        let file = self.file(info).map_err(|error| bad(error.to_string()))?;
        let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::<Vec<u8>>::clone(&file);
        let font = Font::new(harfrust::font::Blob::Shared(shared), info.index)
            .ok_or_else(|| bad("its format is unknown".to_owned()))?;
        // A variable font would be cut down to its lightest instance, which nobody reads from afar.
        if font.axes().iter().next().is_some() {
            return Ok(None);
        }
        self.faces.push(Face { font, file, index: info.index, name: info.post_script_name.clone() });
        Ok(Some(self.faces.len() - 1))
    }

    /// The bytes of a face's file; faces of one file share them.
    fn file(&self, info: &fontdb::FaceInfo) -> std::io::Result<Arc<Vec<u8>>> {
        match &info.source {
            Source::File(path) | Source::SharedFile(path, _) => {
                let bytes = std::fs::read(path)?;
                let known = self.faces.iter().find(|face| *face.file == bytes);
                Ok(known.map_or_else(|| Arc::new(bytes), |face| Arc::clone(&face.file)))
            }
            Source::Binary(bytes) => Ok(Arc::new(bytes.as_ref().as_ref().to_vec())),
        }
    }

    /// A face by its number.
    pub(crate) fn get(&self, number: usize) -> Option<&Face> {
        self.faces.get(number)
    }

    /// The number of the first face of this weight that has the character.
    ///
    /// # Errors
    /// [`PosterError::NoGlyph`].
    pub(crate) fn face_for(&self, weight: Weight, character: char) -> Result<usize, PosterError> {
        let chain = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        let has = |number: &&usize| self.has(**number, character);
        chain.iter().find(has).copied().ok_or(PosterError::NoGlyph { character })
    }

    /// Whether a face has the character.
    pub(crate) fn has(&self, number: usize, character: char) -> bool {
        self.get(number).is_some_and(|face| face.font.charmap().map_unicode(character).is_some())
    }
}
