//! Founds the demo district: turns the names of the plan into rows with ids, and remembers who is who.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::calendar::{WorkCalendar, shanghai_date, start_of_day};
use domain::case::Case;
use domain::ids::{AccountId, CategoryId, CodeId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use domain::role::{Binding, Party, Role};
use domain::routing::Absence;
use domain::vocabulary::{AccountState, CodeKind, CodeState};
use entity::{
    absence, account, category, category_sector, code, committee, department, member, member_speciality,
    member_station, role_binding, sector, station,
};

use super::DemoError;
use super::plan::{District, MemberCodePlan};
use super::roster::{self, Span, Team};
use super::scans::spread;
use crate::ids::Ids;
use crate::service::names::{name_initials, name_pinyin};
use crate::store::demo::DistrictRows;

/// What the plan calls by name, and the ids behind the names.
#[derive(Debug)]
pub(super) struct Names<Id>(HashMap<String, Id>);

impl<Id: Copy> Names<Id> {
    fn new(entries: impl Iterator<Item = (String, Id)>) -> Self {
        Self(entries.collect())
    }

    /// The id behind a name.
    ///
    /// # Errors
    /// The plan has nothing of this name.
    pub(super) fn get(&self, name: &str) -> Result<Id, DemoError> {
        self.0.get(name).copied().ok_or_else(|| DemoError::UnknownName(name.to_owned()))
    }
}

/// Who and what is in the district.
#[derive(Debug)]
pub(super) struct Founded {
    pub(super) committee_id: CommitteeId,
    pub(super) stations: Names<StationId>,
    pub(super) members: Names<MemberId>,
    pub(super) categories: Names<CategoryId>,
    pub(super) departments: Names<DepartmentId>,
    /// By login.
    pub(super) users: Names<AccountId>,
    pub(super) station_codes: HashMap<StationId, CodeId>,
    /// With the station where it hangs.
    pub(super) member_codes: HashMap<MemberId, (CodeId, StationId)>,
    /// The accounts that act, by what they act for.
    actors: HashMap<Binding, AccountId>,
}

impl Founded {
    /// The account that acts in this capacity on the case, if there is one.
    pub(super) fn account_of(&self, party: Party, case: &Case) -> Option<AccountId> {
        let actor = |role, scope_id| self.actors.get(&Binding { role, scope_id }).copied();
        match party {
            Party::System => None,
            Party::Resident => case.resident_id,
            Party::ItsMember => actor(Role::Member, case.member_id?.0),
            Party::Officer => actor(Role::DepartmentOfficer, case.department_id?.0),
            Party::Manager => actor(Role::StationManager, case.station_id.0)
                .or_else(|| actor(Role::CommitteeAdmin, case.committee_id.0)),
        }
    }
}

/// What founding needs besides the plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    /// The id of the committee: fixed, so that there is one demo district at most.
    pub(super) committee_id: CommitteeId,
    pub(super) calendar: &'a WorkCalendar,
    pub(super) code_keys: &'a qr::TokenKeys,
    /// Ids of the day on which the district was founded.
    pub(super) ids: &'a Ids,
    /// That day's beginning.
    pub(super) founded_at: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
}

/// The first day of the district's life.
pub(super) fn founding_day(plan: &District, now: DateTime<Utc>) -> NaiveDate {
    let today = shanghai_date(now);
    today.checked_sub_days(Days::new(u64::from(plan.roster.weeks_back) * 7)).unwrap_or(today)
}

/// Founds the district.
///
/// # Errors
/// The plan names something that it doesn't have.
pub(super) fn found(plan: &District, site: Site<'_>) -> Result<(Founded, DistrictRows), DemoError> {
    let mut rows = DistrictRows::new(committee::Model {
        id: site.committee_id,
        parent_id: None,
        name: plan.committee.name.clone(),
        level: plan.committee.level,
        created_at: site.founded_at,
    });
    let sectors = add_sectors(plan, site, &mut rows);
    let categories = add_categories(plan, site, &sectors, &mut rows)?;
    let departments = add_departments(plan, site, &mut rows);
    let stations = add_stations(plan, site, &mut rows)?;
    let members = add_members(plan, site, (&sectors, &categories, &stations), &mut rows)?;
    add_absences(plan, site, &members, &mut rows)?;
    let today = shanghai_date(site.now);
    let last = today.checked_add_days(Days::new(u64::from(plan.roster.weeks_ahead) * 7)).unwrap_or(today);
    let span = Span { first: shanghai_date(site.founded_at), last };
    rows.duty_shifts = roster::shifts(&teams(&rows), span, site.calendar, site.ids);
    let mut founded = Founded {
        committee_id: site.committee_id,
        users: Names(HashMap::new()),
        station_codes: HashMap::new(),
        member_codes: HashMap::new(),
        actors: HashMap::new(),
        stations,
        members,
        categories,
        departments,
    };
    add_accounts(plan, site, &mut founded, &mut rows)?;
    add_codes(plan, site, &mut founded, &mut rows)?;
    Ok((founded, rows))
}

fn add_sectors(plan: &District, site: Site<'_>, rows: &mut DistrictRows) -> Names<SectorId> {
    rows.sectors = (0..)
        .zip(&plan.sectors)
        .map(|(sort, sector)| sector::Model {
            id: site.ids.next(),
            committee_id: site.committee_id,
            name: sector.name.clone(),
            sort,
            created_at: site.founded_at,
        })
        .collect();
    Names::new(rows.sectors.iter().map(|row| (row.name.clone(), row.id)))
}

fn add_categories(
    plan: &District,
    site: Site<'_>,
    sectors: &Names<SectorId>,
    rows: &mut DistrictRows,
) -> Result<Names<CategoryId>, DemoError> {
    for (sort, category) in (0..).zip(&plan.categories) {
        let id = site.ids.next();
        rows.categories.push(category::Model {
            id,
            committee_id: site.committee_id,
            name: category.name.clone(),
            keywords: category.keywords.clone().into(),
            sort,
            accept_days: None,
            respond_days: category.respond_days,
            closed_at: None,
            created_at: site.founded_at,
        });
        for name in &category.sectors {
            let sector_id = sectors.get(name)?;
            rows.category_sectors.push(category_sector::Model { category_id: id, sector_id });
        }
    }
    Ok(Names::new(rows.categories.iter().map(|row| (row.name.clone(), row.id))))
}

fn add_departments(plan: &District, site: Site<'_>, rows: &mut DistrictRows) -> Names<DepartmentId> {
    let row = |name: &String| department::Model {
        id: site.ids.next(),
        committee_id: site.committee_id,
        name: name.clone(),
        closed_at: None,
        created_at: site.founded_at,
    };
    rows.departments = plan.departments.iter().map(|department| row(&department.name)).collect();
    Names::new(rows.departments.iter().map(|row| (row.name.clone(), row.id)))
}

fn add_stations(
    plan: &District,
    site: Site<'_>,
    rows: &mut DistrictRows,
) -> Result<Names<StationId>, DemoError> {
    for station in &plan.stations {
        rows.stations.push(station::Model {
            id: site.ids.next(),
            committee_id: site.committee_id,
            kind: station.kind,
            name: station.name.clone(),
            address: station.address.clone(),
            phone: None,
            opening_hours: Some(station.opening_hours.clone()),
            lat: Some(station.lat),
            lng: Some(station.lng),
            service_area: station.area.as_ref().map(serde_json::to_value).transpose()?,
            notice: station.notice.clone(),
            members_may_dispatch: station.members_may_dispatch,
            answers_signed_off: false,
            closed_at: None,
            created_at: site.founded_at,
        });
    }
    Ok(Names::new(rows.stations.iter().map(|row| (row.name.clone(), row.id))))
}

fn add_members(
    plan: &District,
    site: Site<'_>,
    (sectors, categories, stations): (&Names<SectorId>, &Names<CategoryId>, &Names<StationId>),
    rows: &mut DistrictRows,
) -> Result<Names<MemberId>, DemoError> {
    for member in &plan.members {
        let member_id = site.ids.next();
        rows.members.push(member::Model {
            id: member_id,
            committee_id: site.committee_id,
            sector_id: sectors.get(&member.sector)?,
            name: member.name.clone(),
            name_pinyin: name_pinyin(&member.name),
            name_initials: name_initials(&member.name),
            level: member.level,
            post: Some(member.post.clone()),
            bio: Some(member.bio.clone()),
            photo_id: None,
            capacity: member.capacity,
            left_on: None,
            created_at: site.founded_at,
        });
        for name in &member.stations {
            rows.member_stations.push(member_station::Model { member_id, station_id: stations.get(name)? });
        }
        for name in &member.specialities {
            let category_id = categories.get(name)?;
            rows.member_specialities.push(member_speciality::Model { member_id, category_id });
        }
    }
    Ok(Names::new(rows.members.iter().map(|row| (row.name.clone(), row.id))))
}

fn add_absences(
    plan: &District,
    site: Site<'_>,
    members: &Names<MemberId>,
    rows: &mut DistrictRows,
) -> Result<(), DemoError> {
    let today = start_of_day(shanghai_date(site.now));
    for absence in &plan.absences {
        rows.absences.push(absence::Model {
            id: site.ids.next(),
            member_id: members.get(&absence.member)?,
            starts_at: today + TimeDelta::days(absence.from_day),
            ends_at: today + TimeDelta::days(absence.until_day),
            reason: Some(absence.reason.clone()),
            created_at: site.founded_at,
        });
    }
    Ok(())
}

/// The members of each station in the order of the plan, with their absences.
fn teams(rows: &DistrictRows) -> Vec<Team> {
    let absences_of = |id: MemberId| {
        let own = rows.absences.iter().filter(|absence| absence.member_id == id);
        own.map(|absence| Absence { from: absence.starts_at, until: absence.ends_at }).collect()
    };
    let team = |station_id: StationId| {
        let serving = rows.member_stations.iter().filter(|row| row.station_id == station_id);
        Team { station_id, members: serving.map(|row| (row.member_id, absences_of(row.member_id))).collect() }
    };
    rows.stations.iter().map(|station| team(station.id)).collect()
}

/// The accounts of the users, and of the members who are neither users nor still to be invited.
fn add_accounts(
    plan: &District,
    site: Site<'_>,
    founded: &mut Founded,
    rows: &mut DistrictRows,
) -> Result<(), DemoError> {
    let mut add = |name: &str, binding: Option<Binding>| {
        let account_id = site.ids.next();
        rows.accounts.push(account::Model {
            id: account_id,
            state: AccountState::Active,
            display_name: Some(name.to_owned()),
            created_at: site.founded_at,
            erased_at: None,
        });
        if let Some(binding) = binding {
            rows.role_bindings.push(role_binding::Model {
                id: site.ids.next(),
                account_id,
                role: binding.role,
                scope_id: binding.scope_id,
                created_at: site.founded_at,
                revoked_at: None,
            });
            founded.actors.insert(binding, account_id);
        }
        account_id
    };
    for user in &plan.users {
        let scope_id = match (user.role, user.scope.as_deref().unwrap_or_default()) {
            (Role::Resident | Role::Operator, _) => None,
            (Role::Member, name) => Some(founded.members.get(name)?.0),
            (Role::StationManager, name) => Some(founded.stations.get(name)?.0),
            (Role::DepartmentOfficer, name) => Some(founded.departments.get(name)?.0),
            (Role::CommitteeAdmin, _) => Some(site.committee_id.0),
        };
        let binding = scope_id.map(|scope_id| Binding { role: user.role, scope_id });
        founded.users.0.insert(user.login.clone(), add(&user.name, binding));
    }
    let is_user = |name: &str| plan.users.iter().any(|user| user.scope.as_deref() == Some(name));
    for member in plan.members.iter().filter(|member| !member.invited && !is_user(&member.name)) {
        let scope_id = founded.members.get(&member.name)?.0;
        add(&member.name, Some(Binding { role: Role::Member, scope_id }));
    }
    Ok(())
}

/// A code for every station, and for the members who have one.
fn add_codes(
    plan: &District,
    site: Site<'_>,
    founded: &mut Founded,
    rows: &mut DistrictRows,
) -> Result<(), DemoError> {
    let mut add = |station_id, member_id: Option<MemberId>, placed_at: &str, scan_count| {
        let id: CodeId = site.ids.next();
        rows.code_scans.extend(spread(id, scan_count, (site.founded_at, site.now)));
        rows.codes.push(code::Model {
            id,
            token: site.code_keys.mint(site.ids.bytes()).as_ref().to_owned(),
            committee_id: site.committee_id,
            kind: if member_id.is_some() { CodeKind::Member } else { CodeKind::Station },
            station_id,
            member_id,
            state: CodeState::Live,
            placed_at: Some(placed_at.to_owned()),
            batch: Some("演示".to_owned()),
            scan_count,
            replacement_id: None,
            revoked_reason: None,
            revoked_at: None,
            created_at: site.founded_at,
        });
        id
    };
    for station in &plan.stations {
        let id = founded.stations.get(&station.name)?;
        founded.station_codes.insert(id, add(id, None, &station.placed_at, station.scans));
    }
    for member in &plan.members {
        let Some(MemberCodePlan { station, placed_at, scans }) = &member.code else { continue };
        let (id, station_id) = (founded.members.get(&member.name)?, founded.stations.get(station)?);
        let code_id = add(station_id, Some(id), placed_at, *scans);
        founded.member_codes.insert(id, (code_id, station_id));
    }
    Ok(())
}
