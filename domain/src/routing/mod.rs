//! Routing (派件): which station takes a case and which member answers it, and why.
//!
//! One pure function, [`route`], from the case ([`Matter`]), the committee's [`Directory`], the members'
//! [`Loads`] and the [`Rules`] to a [`Routing`]. It must not know how any of these are stored. The order:
//!
//! 1. station: the one scanned, else the one chosen, else one of the named member's, else by place;
//! 2. category: the one given, else the one that the text hints at;
//! 3. member: the one whose code was scanned, else the one chosen, else of the station's members the one who
//!    fits the category best, is on duty, has the fewest open cases for their capacity, was entered first;
//! 4. nobody suitable, or handed back twice: the manager's queue, at once.
//!
//! A member whom the text names never gets the case. The outcome doesn't depend on the order of any list.

mod category;
mod directory;
mod member;
mod reason;
mod rules;
mod simulation;
mod station;
#[cfg(test)]
mod tests;
mod text;
mod wish;

use chrono::{DateTime, Utc};

pub use self::directory::{Absence, Category, Directory, Loads, Member, Sector, Shift, Station};
pub use self::reason::{Landmark, NoPlaceCause, Obstacle, QueueCause, Reason};
pub use self::rules::{OwnRules, RETURNS_BEFORE_MANAGER, Rules};
pub use self::simulation::{DeskCase, PastCase, simulate};
pub use self::text::Word;
use crate::geo::Point;
use crate::ids::{CategoryId, MemberId, StationId};

/// A case as far as routing needs it.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// What the scanned code points to; none on re-routing, as the code has had its say.
    pub code: Option<CodeTarget>,
    /// The station that the resident chose; on re-routing, the station of the case.
    pub chosen_station_id: Option<StationId>,
    /// The member that the resident chose; none on re-routing.
    pub chosen_member_id: Option<MemberId>,
    /// What the case is about, when the resident said so.
    pub category_id: Option<CategoryId>,
    /// Where the matter is.
    pub place: Option<Point>,
    /// The moment of routing.
    pub at: DateTime<Utc>,
    /// What the resident wrote.
    pub text: &'a str,
    /// Members who must not get it, because they handed it back.
    pub excluded: &'a [MemberId],
    /// How often it was handed back; from [`RETURNS_BEFORE_MANAGER`] on only the manager decides.
    pub returns: u32,
}

/// What a scanned code (码) points to; the code of an event counts as its station's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeTarget {
    /// A station.
    Station(StationId),
    /// A member, and the station where the code hangs if it is bound to one.
    Member(MemberId, Option<StationId>),
}

impl CodeTarget {
    fn station_id(self) -> Option<StationId> {
        match self {
            Self::Station(station_id) => Some(station_id),
            Self::Member(_, station_id) => station_id,
        }
    }

    fn member_id(self) -> Option<MemberId> {
        match self {
            Self::Station(_) => None,
            Self::Member(member_id, _) => Some(member_id),
        }
    }
}

/// Where a case goes, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routing {
    /// The station that takes it.
    pub station_id: StationId,
    /// Who has it.
    pub assignment: Assignment,
    /// The category that the text hints at, when the case had none.
    pub hinted_category_id: Option<CategoryId>,
    /// The explanation in reading order: station, category, member. Never empty.
    pub reasons: Vec<Reason>,
}

/// Who has the case after routing: always somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// This member.
    Assigned(MemberId),
    /// The station's manager, for this cause.
    Queue(QueueCause),
}

/// Why a case can't be routed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoutingError {
    /// The committee has no open station.
    #[error("no station is open")]
    NoStation,
}

/// Routes a case.
///
/// # Errors
/// [`RoutingError::NoStation`] when the committee has no open station.
pub fn route(
    matter: &Matter<'_>,
    directory: &Directory,
    loads: &Loads,
    rules: &Rules,
) -> Result<Routing, RoutingError> {
    let text = text::FoldedText::new(matter.text);
    let wishes = wish::collect_wishes(matter, directory);
    let choice = member::Choice { matter, directory, loads, rules, text: &text };
    let mut reasons = Vec::new();

    let guide = wish::guide(&wishes, &choice);
    let station = station::choose_station(matter, directory, guide, &mut reasons)?;

    let given = matter.category_id.and_then(|id| directory.category(id));
    let hinted = match given {
        Some(_) => None,
        None => category::hint_category(directory, &text, &mut reasons),
    };
    let routing = |assignment, reasons| Routing {
        station_id: station.id,
        assignment,
        hinted_category_id: hinted.map(|category| category.id),
        reasons,
    };

    if matter.returns >= RETURNS_BEFORE_MANAGER {
        let cause = QueueCause::ReturnedTwice;
        reasons.push(Reason::Queued { cause });
        return Ok(routing(Assignment::Queue(cause), reasons));
    }
    let mut named = Vec::new();
    for wish in wishes {
        match wish.grant(&choice, station) {
            Ok(member) => {
                member::explain_named(named, &mut reasons);
                reasons.push(wish.reason(member));
                return Ok(routing(Assignment::Assigned(member.id), reasons));
            }
            Err(Obstacle::Named) => named.extend(wish.member),
            Err(because) => reasons.push(Reason::MemberPassedOver {
                member: wish.member.map(|member| member.name.as_str().to_owned()),
                because,
            }),
        }
    }
    let assignment = choice.choose_member(station, given.or(hinted), named, &mut reasons);
    Ok(routing(assignment, reasons))
}
