//! A district of three stations and four members (all invented) that the stories start from.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::super::*;
use crate::geo::Area;
use crate::ids::SectorId;

pub(super) const EAST: u128 = 1;
pub(super) const WEST: u128 = 2;
pub(super) const SOUTH: u128 = 3;
pub(super) const TEACHING: u128 = 1;
pub(super) const HEALTH: u128 = 2;
pub(super) const HOUSING: u128 = 1;
pub(super) const DOCTORS: u128 = 2;
/// At the east station: a teacher without a speciality.
pub(super) const JIA: u128 = 1;
/// At the east station: a doctor without a speciality.
pub(super) const YI: u128 = 2;
/// At the east station: a teacher who knows housing.
pub(super) const BING: u128 = 3;
/// At the west station.
pub(super) const DING: u128 = 4;

pub(super) fn station_id(n: u128) -> StationId {
    StationId(Uuid::from_u128(n))
}

pub(super) fn member_id(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

pub(super) fn category_id(n: u128) -> CategoryId {
    CategoryId(Uuid::from_u128(n))
}

pub(super) fn sector_id(n: u128) -> SectorId {
    SectorId(Uuid::from_u128(n))
}

pub(super) fn point(lat: f64, lng: f64) -> Point {
    Point::new(lat, lng).unwrap()
}

/// A square of that many degrees to each side of its middle.
pub(super) fn square(lat: f64, lng: f64, half: f64) -> Area {
    let corner = |up: f64, right: f64| point(lat + up * half, lng + right * half);
    Area::new(vec![corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0)]).unwrap()
}

/// Ten in the morning in China.
pub(super) fn now() -> DateTime<Utc> {
    "2026-03-02T02:00:00Z".parse().unwrap()
}

/// From an hour ago to an hour from now.
pub(super) fn around_now() -> (DateTime<Utc>, DateTime<Utc>) {
    (now() - TimeDelta::hours(1), now() + TimeDelta::hours(1))
}

pub(super) fn shift(station: u128, member: u128) -> Shift {
    let (starts_at, ends_at) = around_now();
    Shift { station_id: station_id(station), member_id: member_id(member), starts_at, ends_at }
}

pub(super) fn member(id: u128, name: &str, sector: u128, station: u128) -> Member {
    Member {
        id: member_id(id),
        name: name.into(),
        sector_id: sector_id(sector),
        specialities: vec![],
        stations: vec![station_id(station)],
        capacity: 10.try_into().unwrap(),
        absences: vec![],
        left: false,
        may_receive: true,
    }
}

/// A district and one case in it; stories change what they are about.
#[derive(Debug, Clone)]
pub(super) struct District {
    pub(super) directory: Directory,
    pub(super) loads: Vec<(MemberId, u32)>,
    pub(super) rules: Rules,
    pub(super) text: String,
    pub(super) excluded: Vec<MemberId>,
    pub(super) code: Option<CodeTarget>,
    pub(super) chosen_station: Option<u128>,
    pub(super) chosen_member: Option<u128>,
    pub(super) category: Option<u128>,
    pub(super) place: Option<Point>,
    pub(super) returns: u32,
}

impl District {
    /// Somebody scanned the east station's code and wrote something that hints at nothing.
    pub(super) fn new() -> Self {
        let station = |id, name: &str, lat, lng, area| Station {
            id: station_id(id),
            name: name.to_owned(),
            point: Some(point(lat, lng)),
            area,
            open: true,
        };
        let category = |id, name: &str, keywords: &[&str], sectors| Category {
            id: category_id(id),
            name: name.to_owned(),
            keywords: keywords.iter().map(|&word| word.into()).collect(),
            sectors,
        };
        let health = Sector { id: sector_id(HEALTH), name: "医药卫生".to_owned() };
        let mut bing = member(BING, "丙三元", TEACHING, EAST);
        bing.specialities.push(category_id(HOUSING));
        Self {
            directory: Directory {
                stations: vec![
                    station(EAST, "东街工作站", 36.0, 103.0, Some(square(36.0, 103.0, 0.01))),
                    station(WEST, "西街工作站", 36.0, 103.1, Some(square(36.0, 103.1, 0.01))),
                    station(SOUTH, "南街工作站", 35.9, 103.05, None),
                ],
                members: vec![
                    member(JIA, "甲一明", TEACHING, EAST),
                    member(YI, "乙二方", HEALTH, EAST),
                    bing,
                    member(DING, "丁四海", TEACHING, WEST),
                ],
                categories: vec![
                    category(HOUSING, "物业管理", &["物业", "电梯", "楼顶漏水"], vec![]),
                    category(DOCTORS, "看病就医", &["医院", "看病", "挂不上号"], vec![health]),
                ],
                roster: vec![],
            },
            loads: vec![],
            rules: Rules::default(),
            text: "请帮忙看一看。".to_owned(),
            excluded: vec![],
            code: Some(CodeTarget::Station(station_id(EAST))),
            chosen_station: None,
            chosen_member: None,
            category: None,
            place: None,
            returns: 0,
        }
    }

    pub(super) fn station(&mut self, id: u128) -> &mut Station {
        self.directory.stations.iter_mut().find(|station| station.id == station_id(id)).unwrap()
    }

    pub(super) fn member(&mut self, id: u128) -> &mut Member {
        self.directory.members.iter_mut().find(|member| member.id == member_id(id)).unwrap()
    }

    pub(super) fn is_away(&mut self, id: u128) {
        let (from, until) = around_now();
        self.member(id).absences.push(Absence { from, until });
    }

    pub(super) fn has_open(&mut self, id: u128, cases: u32) {
        self.loads.push((member_id(id), cases));
    }

    pub(super) fn scans_member(&mut self, id: u128) {
        self.code = Some(CodeTarget::Member(member_id(id), None));
    }

    pub(super) fn is_on_duty(&mut self, id: u128) {
        self.directory.roster.push(shift(EAST, id));
    }

    pub(super) fn try_route(&self) -> Result<Routing, RoutingError> {
        let matter = Matter {
            code: self.code,
            chosen_station_id: self.chosen_station.map(station_id),
            chosen_member_id: self.chosen_member.map(member_id),
            category_id: self.category.map(category_id),
            place: self.place,
            at: now(),
            text: &self.text,
            excluded: &self.excluded,
            returns: self.returns,
        };
        let loads = self.loads.iter().copied().collect();
        route(&matter, &self.directory, &loads, &self.rules)
    }

    pub(super) fn route(&self) -> Routing {
        self.try_route().unwrap()
    }

    /// The case goes to this member, and these are the sentences that say why.
    #[track_caller]
    pub(super) fn goes_to(&self, member: u128, why: &[&str]) {
        self.ends_as(Assignment::Assigned(member_id(member)), why);
    }

    /// The case waits for the manager, and these are the sentences that say why.
    #[track_caller]
    pub(super) fn waits(&self, cause: QueueCause, why: &[&str]) {
        self.ends_as(Assignment::Queue(cause), why);
    }

    #[track_caller]
    fn ends_as(&self, assignment: Assignment, why: &[&str]) {
        let routing = self.route();
        let sentences: Vec<_> = routing.reasons.iter().map(Reason::sentence).collect();
        assert_eq!(sentences, why);
        assert_eq!(routing.assignment, assignment);
    }

    /// The case goes to this station, and this is the reason.
    #[track_caller]
    pub(super) fn lands_at(&self, station: u128, why: &[&str]) {
        let routing = self.route();
        let sentences: Vec<_> = routing.reasons.iter().take(why.len()).map(Reason::sentence).collect();
        assert_eq!(sentences, why);
        assert_eq!(routing.station_id, station_id(station));
    }
}
