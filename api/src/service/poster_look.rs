//! How a poster is asked for, in words that stand in queries, bodies, rows and on the command line.

use clap::ValueEnum;
use domain::vocabulary::CodeKind;
use qr::poster::{Margin, Paper, PosterKind, Print};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which poster of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum PosterTemplate {
    /// Hangs at a station and in stairwells.
    Station,
    /// A member's card, 90 × 54 mm; of a member's code only.
    MemberCard,
    /// The notice of the month's reception days.
    ReceptionDays,
    /// Stands folded on a counter.
    TableTent,
    /// A sheet of stickers for windows and doors.
    Stickers,
}

impl From<PosterTemplate> for PosterKind {
    fn from(template: PosterTemplate) -> Self {
        match template {
            PosterTemplate::Station => Self::Station,
            PosterTemplate::MemberCard => Self::MemberCard,
            PosterTemplate::ReceptionDays => Self::ReceptionDays,
            PosterTemplate::TableTent => Self::TableTent,
            PosterTemplate::Stickers => Self::Stickers,
        }
    }
}

/// What it is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum PosterPaper {
    /// 148 × 210 mm.
    A5,
    /// 210 × 297 mm.
    A4,
    /// 297 × 420 mm.
    A3,
}

impl From<PosterPaper> for Paper {
    fn from(paper: PosterPaper) -> Self {
        match paper {
            PosterPaper::A5 => Self::A5,
            PosterPaper::A4 => Self::A4,
            PosterPaper::A3 => Self::A3,
        }
    }
}

/// What is added for who cuts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum PosterMargin {
    /// Nothing.
    #[default]
    None,
    /// 3 mm beyond each edge.
    Bleed,
    /// 3 mm beyond each edge, and marks where to cut.
    CropMarks,
}

impl From<PosterMargin> for Margin {
    fn from(margin: PosterMargin) -> Self {
        match margin {
            PosterMargin::None => Self::None,
            PosterMargin::Bleed => Self::Bleed,
            PosterMargin::CropMarks => Self::CropMarks,
        }
    }
}

/// The poster of a code when nothing is said.
pub(super) fn usual_kind(code: CodeKind) -> PosterKind {
    match code {
        CodeKind::Member => PosterKind::MemberCard,
        CodeKind::Station => PosterKind::Station,
    }
}

/// How a poster is printed in a batch: what has a size of its own keeps it, whatever paper the others get.
pub(super) fn print_of(kind: PosterKind, paper: Option<PosterPaper>, margin: PosterMargin) -> Print {
    let wanted = paper.map_or(Paper::A4, Paper::from);
    let paper = if kind.papers().contains(&Paper::Own) { Paper::Own } else { wanted };
    Print { paper, margin: margin.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_keeps_its_size_among_posters_on_large_paper() {
        let paper = |kind| print_of(kind, Some(PosterPaper::A3), PosterMargin::Bleed).paper;
        assert_eq!((paper(PosterKind::MemberCard), paper(PosterKind::Station)), (Paper::Own, Paper::A3));
    }
}
