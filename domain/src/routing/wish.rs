//! Members named by a code or by the resident, and whether they may have the case.

use super::Matter;
use super::directory::{Directory, Member, Station};
use super::member::Choice;
use super::reason::{Obstacle, Reason};

/// A member whom a code or the resident names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'d> {
    /// None when nobody of that id is known.
    pub(super) member: Option<&'d Member>,
    by: WishedBy,
}

#[derive(Debug, Clone, Copy)]
enum WishedBy {
    Code,
    Resident,
}

/// The wishes of a case, the code's before the resident's.
pub(super) fn collect_wishes<'d>(matter: &Matter<'_>, directory: &'d Directory) -> Vec<Wish<'d>> {
    let scanned = matter.code.and_then(|code| code.member_id());
    let chosen = matter.chosen_member_id.filter(|&id| Some(id) != scanned);
    let wish = |by| move |id| Wish { member: directory.member(id), by };
    scanned.map(wish(WishedBy::Code)).into_iter().chain(chosen.map(wish(WishedBy::Resident))).collect()
}

/// The member whose stations come first when none is named: whose wish can be granted, else any who is
/// known, as their colleagues are close at hand.
pub(super) fn guide<'d>(wishes: &[Wish<'d>], choice: &Choice<'_>) -> Option<&'d Member> {
    let known = || wishes.iter().filter_map(|wish| wish.member);
    known().find(|member| choice.obstacle(member).is_none()).or_else(|| known().next())
}

impl<'d> Wish<'d> {
    /// The member, if the case may go to them; neither load nor duty counts here.
    pub(super) fn grant(&self, choice: &Choice<'_>, station: &Station) -> Result<&'d Member, Obstacle> {
        let member = self.member.ok_or(Obstacle::Left)?;
        match choice.obstacle(member) {
            Some(obstacle) => Err(obstacle),
            None if member.serves(station.id) || choice.rules.named_member_crosses_stations => Ok(member),
            None => Err(Obstacle::OtherStation),
        }
    }

    /// Why this member has the case.
    pub(super) fn reason(&self, member: &Member) -> Reason {
        let member = member.name.as_str().to_owned();
        match self.by {
            WishedBy::Code => Reason::MemberScanned { member },
            WishedBy::Resident => Reason::MemberChosen { member },
        }
    }
}
