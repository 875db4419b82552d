//! Which of the station's members gets the case, or why none of them.

use std::cmp::Ordering;

use super::directory::{Category, Directory, Loads, Member, Sector, Station};
use super::reason::{Obstacle, QueueCause, Reason};
use super::text::FoldedText;
use super::{Assignment, Matter, Rules};

/// A name of one character is a word like any other.
const SHORTEST_NAME: usize = 2;

/// Whom routing may choose from, and by what.
pub(super) struct Choice<'a> {
    pub(super) matter: &'a Matter<'a>,
    pub(super) directory: &'a Directory,
    pub(super) loads: &'a Loads,
    pub(super) rules: &'a Rules,
    pub(super) text: &'a FoldedText,
}

impl<'a> Choice<'a> {
    /// What keeps the member from any case like this, even if a code or the resident names them.
    pub(super) fn obstacle(&self, member: &Member) -> Option<Obstacle> {
        if member.left {
            Some(Obstacle::Left)
        } else if !member.may_receive {
            Some(Obstacle::NotReceiving)
        } else if member.name.length() >= SHORTEST_NAME && self.text.contains(&member.name) {
            Some(Obstacle::Named)
        } else if self.matter.excluded.contains(&member.id) {
            Some(Obstacle::Returned)
        } else if member.is_absent(self.matter.at) {
            Some(Obstacle::Absent)
        } else {
            None
        }
    }

    /// Chooses among all members of the station and adds the reasons, with `named` the names already found
    /// in the text.
    pub(super) fn choose_member(
        &self,
        station: &Station,
        category: Option<&'a Category>,
        mut named: Vec<&'a Member>,
        reasons: &mut Vec<Reason>,
    ) -> Assignment {
        let on_duty = self.directory.on_duty(station.id, self.matter.at);
        let mut candidates = Vec::new();
        let mut obstacles = Obstacles::None;
        for member in self.directory.members.iter().filter(|member| member.serves(station.id)) {
            let candidate = Candidate {
                member,
                fit: Fit::of(member, category),
                on_duty: on_duty.contains(&member.id),
                open_cases: self.loads.open_cases(member.id),
            };
            match self.obstacle(member).or_else(|| candidate.burden(self.rules)) {
                None => candidates.push(candidate),
                Some(Obstacle::Left | Obstacle::NotReceiving) => {}
                Some(obstacle) => {
                    obstacles.add(obstacle);
                    if obstacle == Obstacle::Named {
                        named.push(member);
                    }
                }
            }
        }
        explain_named(named, reasons);
        match candidates.iter().min_by(|a, b| a.compare(b)) {
            Some(best) => {
                best.explain(&candidates, category, reasons);
                Assignment::Assigned(best.member.id)
            }
            None => {
                let cause = obstacles.cause();
                reasons.push(Reason::Queued { cause });
                Assignment::Queue(cause)
            }
        }
    }
}

/// Adds the reason for members whom the text names, if there are any.
pub(super) fn explain_named(mut named: Vec<&Member>, reasons: &mut Vec<Reason>) {
    named.sort_by_key(|member| member.id);
    named.dedup_by_key(|member| member.id);
    if !named.is_empty() {
        let members = named.iter().map(|member| member.name.as_str().to_owned()).collect();
        reasons.push(Reason::NamedInCase { members });
    }
}

/// How well a member knows the category, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    None,
    Sector,
    Speciality,
}

impl Fit {
    fn of(member: &Member, category: Option<&Category>) -> Self {
        match category {
            Some(category) if member.specialities.contains(&category.id) => Self::Speciality,
            Some(category) if sector_of(member, category).is_some() => Self::Sector,
            _ => Self::None,
        }
    }
}

fn sector_of<'c>(member: &Member, category: &'c Category) -> Option<&'c Sector> {
    category.sectors.iter().find(|sector| sector.id == member.sector_id)
}

/// A member of the station with everything that is compared.
struct Candidate<'a> {
    member: &'a Member,
    fit: Fit,
    on_duty: bool,
    open_cases: u32,
}

impl Candidate<'_> {
    /// What keeps the member from a case that didn't come by their name.
    fn burden(&self, rules: &Rules) -> Option<Obstacle> {
        let full = u64::from(self.open_cases) * 100
            >= u64::from(self.member.capacity.get()) * u64::from(rules.full_at_percent);
        if full {
            Some(Obstacle::Full)
        } else if !rules.assign_off_duty && !self.on_duty {
            Some(Obstacle::OffDuty)
        } else {
            None
        }
    }

    /// The better candidate is the lesser: by fit, then duty, then load, then who was entered first.
    fn compare(&self, other: &Self) -> Ordering {
        other
            .merit()
            .cmp(&self.merit())
            .then_with(|| self.compare_load(other))
            .then_with(|| self.member.id.cmp(&other.member.id))
    }

    fn merit(&self) -> (Fit, bool) {
        (self.fit, self.on_duty)
    }

    /// Compares open cases / capacity exactly, by cross-multiplication.
    fn compare_load(&self, other: &Self) -> Ordering {
        let cross = |a: &Self, b: &Self| u64::from(a.open_cases) * u64::from(b.member.capacity.get());
        cross(self, other).cmp(&cross(other, self))
    }

    /// Says why this candidate was the best of them.
    fn explain(&self, candidates: &[Self], category: Option<&Category>, reasons: &mut Vec<Reason>) {
        let member = || self.member.name.as_str().to_owned();
        if let Some(category) = category {
            let name = category.name.clone();
            reasons.push(match (self.fit, sector_of(self.member, category)) {
                (Fit::Speciality, _) => Reason::Speciality { member: member(), category: name },
                (Fit::Sector, Some(sector)) => {
                    Reason::SectorMatch { member: member(), sector: sector.name.clone(), category: name }
                }
                _ => Reason::NobodyFits { category: name },
            });
        }
        if self.on_duty {
            reasons.push(Reason::OnDuty { member: member() });
        }
        if candidates.len() == 1 {
            reasons.push(Reason::OnlyMember { member: member() });
            return;
        }
        let mut rivals = candidates
            .iter()
            .filter(|other| other.member.id != self.member.id && other.merit() == self.merit())
            .peekable();
        if rivals.peek().is_some() {
            let (open_cases, capacity) = (self.open_cases, self.member.capacity.get());
            reasons.push(if rivals.any(|other| self.compare_load(other).is_eq()) {
                Reason::EqualLoad { member: member(), open_cases, capacity }
            } else {
                Reason::LightestLoad { member: member(), open_cases, capacity }
            });
        }
    }
}

/// What kept the members of a station from a case: nothing yet, one thing for all, or several.
enum Obstacles {
    None,
    All(Obstacle),
    Mixed,
}

impl Obstacles {
    fn add(&mut self, obstacle: Obstacle) {
        *self = match self {
            Self::None => Self::All(obstacle),
            Self::All(same) if *same == obstacle => return,
            Self::All(_) | Self::Mixed => Self::Mixed,
        };
    }

    fn cause(&self) -> QueueCause {
        match self {
            Self::None => QueueCause::NoMembersAtStation,
            Self::All(Obstacle::Absent) => QueueCause::AllAbsent,
            Self::All(Obstacle::Named) => QueueCause::AllNamed,
            Self::All(Obstacle::Returned) => QueueCause::AllReturned,
            Self::All(Obstacle::Full) => QueueCause::AllFull,
            Self::All(Obstacle::OffDuty) => QueueCause::AllOffDuty,
            Self::All(Obstacle::Left | Obstacle::NotReceiving | Obstacle::OtherStation) | Self::Mixed => {
                QueueCause::NobodySuitable
            }
        }
    }
}
