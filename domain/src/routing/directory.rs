//! What routing reads: the committee's stations, members, categories and roster as of some moment, and how
//! many open cases each member has.
//!
//! A [`Directory`] changes rarely and is meant to be shared behind an `Arc` by many requests; [`Loads`]
//! change with every case and are read afresh, for the members of one station, in the transaction that
//! routes. Nothing here depends on the order of the lists.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::text::Word;
use crate::geo::{Area, Point};
use crate::ids::{CategoryId, MemberId, SectorId, StationId};

/// One committee's stations, members, categories and roster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Directory {
    /// All stations, open and closed.
    pub stations: Vec<Station>,
    /// All members, those who left included while codes of theirs may still hang.
    pub members: Vec<Member>,
    /// All categories in use.
    pub categories: Vec<Category>,
    /// The shifts around the moment of routing; past and future ones do no harm.
    pub roster: Vec<Shift>,
}

impl Directory {
    pub(super) fn station(&self, id: StationId) -> Option<&Station> {
        self.stations.iter().find(|station| station.id == id)
    }

    pub(super) fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    pub(super) fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// Who is on duty at the station at that moment.
    pub(super) fn on_duty(&self, station_id: StationId, at: DateTime<Utc>) -> Vec<MemberId> {
        let running =
            |shift: &&Shift| shift.station_id == station_id && shift.starts_at <= at && at < shift.ends_at;
        self.roster.iter().filter(running).map(|shift| shift.member_id).collect()
    }
}

/// A station (工作站) as routing sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// Its key; the lowest open one is the committee's default station.
    pub id: StationId,
    /// Its name, for the reasons.
    pub name: String,
    /// Where it is.
    pub point: Option<Point>,
    /// Which area it serves.
    pub area: Option<Area>,
    /// Whether it takes cases.
    pub open: bool,
}

/// A member (委员) as routing sees them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Their key; breaks the last tie.
    pub id: MemberId,
    /// Their name: for the reasons, and to find out who is a party to the case.
    pub name: Word,
    /// The sector (界别) they stand for.
    pub sector_id: SectorId,
    /// Categories they know best.
    pub specialities: Vec<CategoryId>,
    /// Stations they serve.
    pub stations: Vec<StationId>,
    /// How many open cases make a full load, see [`super::Rules::full_at_percent`].
    pub capacity: NonZeroU16,
    /// When they take no cases.
    pub absences: Vec<Absence>,
    /// Whether they are no longer a member.
    pub left: bool,
    /// Whether cases may be given to them at all, by anybody.
    pub may_receive: bool,
}

/// A time in which a member takes no cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// The moment of return, no longer part of it.
    pub until: DateTime<Utc>,
}

impl Member {
    pub(super) fn is_absent(&self, at: DateTime<Utc>) -> bool {
        self.absences.iter().any(|absence| absence.from <= at && at < absence.until)
    }

    pub(super) fn serves(&self, station_id: StationId) -> bool {
        self.stations.contains(&station_id)
    }
}

/// A category (诉求类别) as routing sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its key.
    pub id: CategoryId,
    /// Its name, for the reasons.
    pub name: String,
    /// Words that hint at it in a resident's text.
    pub keywords: Vec<Word>,
    /// Sectors whose members know such matters.
    pub sectors: Vec<Sector>,
}

/// A sector (界别) that a category belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sector {
    /// Its key.
    pub id: SectorId,
    /// Its name, for the reasons.
    pub name: String,
}

/// A duty shift (轮值): a member is on duty at a station from `starts_at` until just before `ends_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Where.
    pub station_id: StationId,
    /// Who.
    pub member_id: MemberId,
    /// Its first moment.
    pub starts_at: DateTime<Utc>,
    /// Its end, no longer part of it.
    pub ends_at: DateTime<Utc>,
}

/// How many open cases each member has; none for who isn't listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loads(BTreeMap<MemberId, u32>);

impl Loads {
    /// Open cases of the member.
    pub fn open_cases(&self, member_id: MemberId) -> u32 {
        self.0.get(&member_id).copied().unwrap_or(0)
    }

    /// Counts one more open case of the member.
    pub fn add(&mut self, member_id: MemberId) {
        let open_cases = self.0.entry(member_id).or_insert(0);
        *open_cases = open_cases.saturating_add(1);
    }

    /// Counts one open case of the member less.
    pub fn take(&mut self, member_id: MemberId) {
        if let Some(open_cases) = self.0.get_mut(&member_id) {
            *open_cases = open_cases.saturating_sub(1);
        }
    }
}

impl FromIterator<(MemberId, u32)> for Loads {
    fn from_iter<I: IntoIterator<Item = (MemberId, u32)>>(loads: I) -> Self {
        Self(loads.into_iter().collect())
    }
}
