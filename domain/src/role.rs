//! Roles, the scopes they hold in, and what a caller is to one case.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::case::CasePart;
use crate::ids::{AccountId, CommitteeId, DepartmentId, MemberId, StationId};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What somebody may be in the service.
    Role {
        /// Everybody with an account.
        Resident = "resident" "群众",
        /// A member of a committee.
        Member = "member" "委员",
        /// Runs one station.
        StationManager = "station_manager" "站长",
        /// Answers for one department.
        DepartmentOfficer = "department_officer" "承办人员",
        /// Runs a committee and everything below it.
        CommitteeAdmin = "committee_admin" "政协办",
        /// Keeps the service running; sees no case.
        Operator = "operator" "运维",
    }
}

vocabulary! {
    /// What a role's scope id names.
    ScopeKind {
        /// The account itself.
        Account = "account" "本人",
        /// A member's record.
        Member = "member" "委员",
        /// A station.
        Station = "station" "工作站",
        /// A department.
        Department = "department" "承办单位",
        /// A committee and those below it.
        Committee = "committee" "政协委员会",
        /// The whole installation.
        System = "system" "系统",
    }
}

impl Role {
    /// The kind of scope that this role is given in.
    #[must_use]
    pub const fn scope_kind(self) -> ScopeKind {
        match self {
            Self::Resident => ScopeKind::Account,
            Self::Member => ScopeKind::Member,
            Self::StationManager => ScopeKind::Station,
            Self::DepartmentOfficer => ScopeKind::Department,
            Self::CommitteeAdmin => ScopeKind::Committee,
            Self::Operator => ScopeKind::System,
        }
    }
}

/// One role in one scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Binding {
    /// The role.
    pub role: Role,
    /// The id of what the role is for; its kind follows from the role.
    pub scope_id: Uuid,
}

impl Binding {
    /// Whether it lets somebody run this station: as its manager, or as an admin of one of `committees`
    /// (the station's committee, then those above it).
    #[must_use]
    pub fn manages(self, station_id: StationId, committees: &[CommitteeId]) -> bool {
        match self.role {
            Role::StationManager => station_id.0 == self.scope_id,
            Role::CommitteeAdmin => committees.contains(&CommitteeId(self.scope_id)),
            Role::Resident | Role::Member | Role::DepartmentOfficer | Role::Operator => false,
        }
    }
}

vocabulary! {
    /// What a caller is to one case; the columns of the transition table.
    Party {
        /// The service itself.
        System = "system" "系统",
        /// The one who raised the case, by account or by ticket.
        Resident = "resident" "群众",
        /// The member who is responsible now.
        ItsMember = "its_member" "责任委员",
        /// The manager of the case's station, or an admin of its committee or of one above.
        Manager = "manager" "管理员",
        /// An officer of the department that the case, or a part of it, is dispatched to.
        Officer = "officer" "承办人员",
    }
}

impl Party {
    /// Whether the party works for the service (and may see notes).
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::ItsMember | Self::Manager | Self::Officer)
    }
}

/// The parts of a case that decide what somebody is to it.
#[derive(Debug, Clone, Copy)]
pub struct CaseScope<'a> {
    /// The account that raised it, if any.
    pub resident_id: Option<AccountId>,
    /// The responsible member.
    pub member_id: Option<MemberId>,
    /// The department it is dispatched to.
    pub department_id: Option<DepartmentId>,
    /// The parts that it was split into.
    pub parts: &'a [CasePart],
    /// Its station.
    pub station_id: StationId,
    /// Its committee, then the committees above it.
    pub committees: &'a [CommitteeId],
}

/// All that a caller is to one case: a small set of [`Party`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    parties: u8,
    /// One bit for each part of a split case that an officer has, by its ordinal.
    parts: u64,
}

impl Standing {
    /// Nothing: for this caller the case does not exist.
    pub const STRANGER: Self = Self { parties: 0, parts: 0 };

    /// Just this party.
    #[must_use]
    pub const fn of(party: Party) -> Self {
        Self { parties: 1 << party as u8, parts: 0 }
    }

    /// This and one more.
    #[must_use]
    pub const fn and(self, party: Party) -> Self {
        Self { parties: self.parties | 1 << party as u8, ..self }
    }

    /// This, as an officer who has this part of a split case.
    #[must_use]
    pub const fn with_part(self, ordinal: i16) -> Self {
        let officer = self.and(Party::Officer);
        Self { parts: officer.parts | part_bit(ordinal), ..officer }
    }

    /// Whether the caller is an officer who has this part of a split case.
    #[must_use]
    pub const fn has_part(self, ordinal: i16) -> bool {
        self.parts & part_bit(ordinal) != 0
    }

    /// Whether the caller may read what other departments are asked and reply.
    #[must_use]
    pub const fn reads_part(self, ordinal: i16) -> bool {
        self.is_in_charge() || self.has_part(ordinal)
    }

    /// Whether the caller is the case's member or one of its managers.
    #[must_use]
    pub const fn is_in_charge(self) -> bool {
        self.is(Party::ItsMember) || self.is(Party::Manager)
    }

    /// Whether the caller is this party.
    #[must_use]
    pub const fn is(self, party: Party) -> bool {
        self.parties & (1 << party as u8) != 0
    }

    /// Whether the caller may know that the case exists.
    #[must_use]
    pub const fn may_see(self) -> bool {
        self.parties != 0
    }

    /// Whether the caller sees what is meant for staff.
    #[must_use]
    pub fn is_staff(self) -> bool {
        Party::ALL.iter().any(|party| party.is_staff() && self.is(*party))
    }

    /// What an account with these roles is to the case.
    #[must_use]
    pub fn of_account(account_id: AccountId, bindings: &[Binding], scope: CaseScope<'_>) -> Self {
        let mut standing = Self::STRANGER;
        if scope.resident_id == Some(account_id) {
            standing = standing.and(Party::Resident);
        }
        for binding @ Binding { role, scope_id } in bindings {
            if *role == Role::DepartmentOfficer {
                let his = |part: &&CasePart| part.is_out() && part.department_id.0 == *scope_id;
                for part in scope.parts.iter().filter(his) {
                    standing = standing.with_part(part.ordinal);
                }
            }
            let party = match role {
                _ if binding.manages(scope.station_id, scope.committees) => Party::Manager,
                Role::Member if scope.member_id == Some(MemberId(*scope_id)) => Party::ItsMember,
                Role::DepartmentOfficer if scope.department_id == Some(DepartmentId(*scope_id)) => {
                    Party::Officer
                }
                _ => continue,
            };
            standing = standing.and(party);
        }
        standing
    }
}

/// The bit of a part; none for a number that is never given.
const fn part_bit(ordinal: i16) -> u64 {
    if ordinal < 1 || ordinal > 63 { 0 } else { 1 << ordinal }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn scope(committees: &[CommitteeId]) -> CaseScope<'_> {
        CaseScope {
            resident_id: Some(AccountId(id(1))),
            member_id: Some(MemberId(id(2))),
            department_id: None,
            parts: &[],
            station_id: StationId(id(3)),
            committees,
        }
    }

    #[test]
    fn an_admin_of_a_committee_above_is_a_manager_of_the_case() {
        let committees = [CommitteeId(id(10)), CommitteeId(id(11))];
        let above = [Binding { role: Role::CommitteeAdmin, scope_id: id(11) }];
        let beside = [Binding { role: Role::CommitteeAdmin, scope_id: id(12) }];
        assert!(Standing::of_account(AccountId(id(9)), &above, scope(&committees)).is(Party::Manager));
        assert!(!Standing::of_account(AccountId(id(9)), &beside, scope(&committees)).may_see());
    }

    #[test]
    fn an_operator_and_a_foreign_manager_are_strangers() {
        let roles = [
            Binding { role: Role::Operator, scope_id: Uuid::nil() },
            Binding { role: Role::StationManager, scope_id: id(4) },
            Binding { role: Role::Member, scope_id: id(5) },
        ];
        assert_eq!(Standing::of_account(AccountId(id(9)), &roles, scope(&[])), Standing::STRANGER);
    }

    #[test]
    fn a_member_who_reported_himself_is_both() {
        let roles = [Binding { role: Role::Member, scope_id: id(2) }];
        let standing = Standing::of_account(AccountId(id(1)), &roles, scope(&[]));
        assert!(standing.is(Party::Resident) && standing.is(Party::ItsMember) && standing.is_staff());
    }
}
