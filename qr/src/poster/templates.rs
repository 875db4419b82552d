//! The templates that come with the program, and which paper each is for.

use crate::poster::error::PosterError;
use crate::poster::paper::Paper;
use crate::poster::template::Template;
use crate::poster::values::Poster;

/// The kinds of posters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PosterKind {
    /// The station's poster.
    Station,
    /// A member's card.
    MemberCard,
    /// The notice of a month's reception days.
    ReceptionDays,
    /// The table tent.
    TableTent,
    /// A sheet of stickers.
    Stickers,
    /// The slip of a case.
    Slip,
}

impl PosterKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Station, Self::MemberCard, Self::ReceptionDays, Self::TableTent, Self::Stickers, Self::Slip];

    /// Its word in addresses and file names.
    pub fn word(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::MemberCard => "member-card",
            Self::ReceptionDays => "reception-days",
            Self::TableTent => "table-tent",
            Self::Stickers => "stickers",
            Self::Slip => "slip",
        }
    }

    /// The papers that it is printed on.
    pub fn papers(self) -> &'static [Paper] {
        match self {
            Self::MemberCard | Self::Slip => &[Paper::Own],
            Self::Station | Self::ReceptionDays | Self::TableTent | Self::Stickers => {
                &[Paper::A5, Paper::A4, Paper::A3]
            }
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Station => include_str!("../../templates/station.svg"),
            Self::MemberCard => include_str!("../../templates/member-card.svg"),
            Self::ReceptionDays => include_str!("../../templates/reception-days.svg"),
            Self::TableTent => include_str!("../../templates/table-tent.svg"),
            Self::Stickers => include_str!("../../templates/stickers.svg"),
            Self::Slip => include_str!("../../templates/slip.svg"),
        }
    }
}

impl Poster {
    /// Which kind it is.
    pub fn kind(&self) -> PosterKind {
        match self {
            Self::Station { .. } => PosterKind::Station,
            Self::MemberCard { .. } => PosterKind::MemberCard,
            Self::ReceptionDays { .. } => PosterKind::ReceptionDays,
            Self::TableTent { .. } => PosterKind::TableTent,
            Self::Stickers { .. } => PosterKind::Stickers,
            Self::Slip { .. } => PosterKind::Slip,
        }
    }
}

/// All templates, parsed.
#[derive(Debug)]
pub(crate) struct Templates {
    parsed: Vec<Template>,
    /// What stands for a portrait that is missing.
    pub(crate) silhouette: usvg::Tree,
}

impl Templates {
    /// # Errors
    /// [`PosterError::BadTemplate`].
    pub(crate) fn load() -> Result<Self, PosterError> {
        let parsed = PosterKind::ALL.map(|kind| Template::parse(kind.source()));
        let silhouette = include_str!("../../templates/silhouette.svg");
        let silhouette = crate::vector::parse(silhouette);
        Ok(Self {
            parsed: parsed.into_iter().collect::<Result<_, _>>()?,
            silhouette: silhouette.map_err(crate::poster::template::bad)?,
        })
    }

    /// The template of a kind and its number.
    ///
    /// # Errors
    /// [`PosterError::BadTemplate`].
    pub(crate) fn of(&self, kind: PosterKind) -> Result<(usize, &Template), PosterError> {
        let found = PosterKind::ALL.iter().position(|one| *one == kind);
        found
            .and_then(|at| self.parsed.get(at).map(|template| (at, template)))
            .ok_or_else(|| crate::poster::template::bad("it is missing"))
    }
}
