//! What a poster tells: one struct for each kind, and the names by which templates ask for it.

use std::collections::BTreeMap;

use crate::drawing::Emblem;

/// The printed code of a poster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosterCode {
    /// What somebody gets who scans it.
    pub link: String,
    /// The token in plain letters, for who can't scan; grouped for reading.
    pub token: String,
    /// Where it hangs.
    pub place: String,
    /// The batch it was printed in; may be empty.
    pub batch: String,
    /// What stands in the middle of the code.
    pub emblem: Option<Emblem>,
    /// WeChat's own kind of code (小程序码) as WeChat has drawn it, printed instead of ours. No reader but WeChat
    /// reads those, so that nothing here can check it.
    pub mini_program_code: Option<Vec<u8>>,
}

/// Where a poster belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosterStation {
    /// The committee, as it signs.
    pub committee: String,
    /// The station's name.
    pub name: String,
    /// Where it is.
    pub address: String,
}

/// A member on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosterMember {
    /// The name, in whatever script the member writes it.
    pub name: String,
    /// The sector that the member stands for.
    pub sector: String,
    /// When the member is on duty, in words.
    pub duty: String,
    /// A PNG, JPEG or WebP picture; without one there is a silhouette.
    pub portrait: Option<Vec<u8>>,
}

/// One line of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// `12月3日 周三`
    pub day: String,
    /// `9:00–11:30`
    pub time: String,
    /// Who receives.
    pub members: String,
}

/// What is handed to somebody without a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipText {
    /// The case's number, grouped.
    pub number: String,
    /// When it was taken in.
    pub received: String,
    /// Until when it will be answered.
    pub answer_by: String,
    /// The responsible member; may be empty.
    pub member: String,
}

/// A poster with all that it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poster {
    /// Hangs at a station and in stairwells.
    Station {
        /// Where it belongs to.
        station: PosterStation,
        /// Its code.
        code: PosterCode,
    },
    /// A member's card, 90 × 54 mm.
    MemberCard {
        /// Where the member receives.
        station: PosterStation,
        /// Whose card it is.
        member: PosterMember,
        /// Its code.
        code: PosterCode,
    },
    /// The notice of a month's reception days.
    ReceptionDays {
        /// Where they are.
        station: PosterStation,
        /// `2026年12月`
        month: String,
        /// The month's roster; what finds no room is told to be online.
        roster: Vec<RosterRow>,
        /// Its code.
        code: PosterCode,
    },
    /// Stands folded on a counter, readable from both sides.
    TableTent {
        /// Where it belongs to.
        station: PosterStation,
        /// Its code.
        code: PosterCode,
    },
    /// A sheet of stickers for windows and doors.
    Stickers {
        /// Where they belong to.
        station: PosterStation,
        /// Their code.
        code: PosterCode,
    },
    /// The slip of a case, 80 × 150 mm.
    Slip {
        /// Where the case was taken in.
        station: PosterStation,
        /// What it says.
        slip: SlipText,
        /// The code by which the case is followed.
        code: PosterCode,
    },
}

/// The words and pictures of a poster, by the names that templates use.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    texts: BTreeMap<String, &'a str>,
    counted: BTreeMap<String, String>,
    pub(crate) portrait: Option<&'a [u8]>,
}

/// How many lines of a roster its template has room for.
pub(crate) const ROSTER_ROWS: usize = 10;

impl<'a> Values<'a> {
    /// Everything that a poster tells.
    pub(crate) fn of(poster: &'a Poster) -> Self {
        let mut values = Self::default();
        values.add_station(poster.station());
        values.add_code(poster.code());
        match poster {
            Poster::MemberCard { member, .. } => {
                values.portrait = member.portrait.as_deref();
                values.add([("member", &member.name), ("sector", &member.sector), ("duty", &member.duty)]);
            }
            Poster::ReceptionDays { month, roster, .. } => values.add_roster(month, roster),
            Poster::Slip { slip, .. } => values.add([
                ("number", &slip.number),
                ("received", &slip.received),
                ("answer_by", &slip.answer_by),
                ("member", &slip.member),
            ]),
            Poster::Station { .. } | Poster::TableTent { .. } | Poster::Stickers { .. } => {}
        }
        values
    }

    /// The words of a value; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.texts
            .get(name)
            .copied()
            .or_else(|| self.counted.get(name).map(String::as_str))
            .unwrap_or_default()
    }

    /// `words` with every `{name}` filled; nothing when one of them is empty, so that no label stands alone.
    pub(crate) fn fill(&self, words: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}')?;
            let text = self.text(name.trim());
            if text.trim().is_empty() {
                return None;
            }
            filled.push_str(before);
            filled.push_str(text);
            rest = tail;
        }
        filled.push_str(rest);
        Some(filled)
    }

    fn add<const N: usize>(&mut self, texts: [(&str, &'a String); N]) {
        self.texts.extend(texts.map(|(name, text)| (name.to_owned(), text.as_str())));
    }

    fn add_station(&mut self, station: &'a PosterStation) {
        self.add([
            ("committee", &station.committee),
            ("station", &station.name),
            ("address", &station.address),
        ]);
    }

    fn add_code(&mut self, code: &'a PosterCode) {
        self.add([("token", &code.token), ("place", &code.place), ("batch", &code.batch)]);
    }

    fn add_roster(&mut self, month: &'a String, roster: &'a [RosterRow]) {
        self.add([("month", month)]);
        for (row, number) in roster.iter().take(ROSTER_ROWS).zip(1..) {
            for (name, text) in [("day", &row.day), ("time", &row.time), ("members", &row.members)] {
                self.texts.insert(format!("{name}{number}"), text);
            }
        }
        let more = roster.len().saturating_sub(ROSTER_ROWS);
        if more > 0 {
            self.counted.insert("more".to_owned(), more.to_string());
        }
    }
}

impl Poster {
    /// Where it belongs to.
    pub fn station(&self) -> &PosterStation {
        match self {
            Self::Station { station, .. }
            | Self::MemberCard { station, .. }
            | Self::ReceptionDays { station, .. }
            | Self::TableTent { station, .. }
            | Self::Stickers { station, .. }
            | Self::Slip { station, .. } => station,
        }
    }

    /// Its code.
    pub fn code(&self) -> &PosterCode {
        match self {
            Self::Station { code, .. }
            | Self::MemberCard { code, .. }
            | Self::ReceptionDays { code, .. }
            | Self::TableTent { code, .. }
            | Self::Stickers { code, .. }
            | Self::Slip { code, .. } => code,
        }
    }
}
