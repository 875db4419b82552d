//! What holds for every district: checked on made-up ones, against rules written a second time, naively.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::super::*;
use super::district::*;
use crate::geo::Area;

const NAMES: [&str; 8] = ["甲一明", "乙二方", "丙三元", "丁四海", "戊五岳", "己六合", "Geng Qi", "辛·八方"];
const STATIONS: std::ops::RangeInclusive<u128> = 1..=4;

/// Texts are put together from these and from names; the names share no character with them.
const PHRASES: [&str; 5] = ["物业", "电梯坏了", "医院", "请帮忙", "看病"];

prop_compose! {
    /// On a coarse grid, so that equal distances and points on a boundary are common.
    fn any_place()(lat in 0_u8..4, lng in 0_u8..4) -> Point {
        point(35.8 + f64::from(lat) / 10.0, 102.8 + f64::from(lng) / 10.0)
    }
}

prop_compose! {
    fn any_area()(middle in any_place(), half in prop::sample::select(vec![0.05, 0.1, 0.2])) -> Area {
        square(middle.lat(), middle.lng(), half)
    }
}

prop_compose! {
    fn any_station(id: u128)(
        point in prop::option::of(any_place()), area in prop::option::of(any_area()),
        open in prop::bool::weighted(0.8),
    ) -> Station {
        Station { id: station_id(id), name: format!("{id}号工作站"), point, area, open }
    }
}

prop_compose! {
    fn any_absence()(from in -6_i64..6, hours in 1_i64..4) -> Absence {
        let from = now() + TimeDelta::hours(from);
        Absence { from, until: from + TimeDelta::hours(hours) }
    }
}

prop_compose! {
    fn any_member(id: u128, name: &'static str)(
        sector in 1_u128..4,
        specialities in prop::collection::vec((1_u128..4).prop_map(category_id), 0..2),
        stations in prop::collection::vec(STATIONS.prop_map(station_id), 0..8),
        capacity in prop::sample::select(vec![2_u16, 3, 5, 10]),
        absences in prop::collection::vec(any_absence(), 0..2),
        left in prop::bool::weighted(0.05),
        may_receive in prop::bool::weighted(0.95),
    ) -> Member {
        Member {
            specialities, stations, absences, left, may_receive,
            capacity: capacity.try_into().unwrap(),
            ..member(id, name, sector, EAST)
        }
    }
}

prop_compose! {
    fn any_shift()(
        station in STATIONS, member in 1_u128..9, from in -3_i64..3, hours in 1_i64..4,
    ) -> Shift {
        let starts_at = now() + TimeDelta::hours(from);
        Shift { starts_at, ends_at: starts_at + TimeDelta::hours(hours), ..shift(station, member) }
    }
}

prop_compose! {
    fn any_directory()(
        stations in prop::collection::vec(any::<bool>(), 4),
        made in STATIONS.map(any_station).collect::<Vec<_>>(),
        members in NAMES.iter().zip(1..).map(|(name, id)| any_member(id, name)).collect::<Vec<_>>(),
        present in prop::sample::select(vec![0_usize, 3, 8, 8, 8, 8]),
        roster in prop::collection::vec(any_shift(), 0..8),
    ) -> Directory {
        let kept = stations.iter().zip(made).filter(|(keep, _)| **keep).map(|(_, station)| station);
        let mut directory = District::new().directory;
        let sectors = directory.categories[1].sectors.clone();
        directory.categories.push(Category {
            id: category_id(3), name: "其他".to_owned(), keywords: vec!["帮忙".into()], sectors,
        });
        let members = members.into_iter().take(present).collect();
        Directory { stations: kept.collect(), members, roster, ..directory }
    }
}

fn any_code() -> impl Strategy<Value = CodeTarget> {
    prop_oneof![
        STATIONS.prop_map(|id| CodeTarget::Station(station_id(id))),
        (1_u128..10, prop::option::of(STATIONS))
            .prop_map(|(id, station)| CodeTarget::Member(member_id(id), station.map(station_id))),
    ]
}

prop_compose! {
    fn any_rules()(percent in prop::sample::select(vec![50, 100, 200]), off_duty in prop::bool::weighted(0.8), crosses: bool) -> Rules {
        Rules { full_at_percent: percent, assign_off_duty: off_duty, named_member_crosses_stations: crosses }
    }
}

prop_compose! {
    fn any_district()(
        directory in any_directory(),
        rules in any_rules(),
        loads in prop::collection::vec(prop::sample::select(vec![0_u32, 0, 0, 1, 3, 12]), 8),
        text in prop::collection::vec(prop::sample::select([&PHRASES[..], &PHRASES[..], &NAMES[..]].concat()), 0..4),
        excluded in prop::collection::vec((1_u128..9).prop_map(member_id), 0..2),
        code in prop::option::of(any_code()),
        (chosen_station, chosen_member) in (prop::option::of(STATIONS), prop::option::weighted(0.2, 1_u128..10)),
        category in prop::option::of(1_u128..5),
        place in prop::option::of(any_place()),
        returns in prop::sample::select(vec![0_u32, 0, 0, 1, 1, 2]),
    ) -> District {
        District {
            directory, rules, excluded, code, chosen_station, chosen_member, category, place, returns,
            loads: (1..).map(member_id).zip(loads).collect(),
            text: text.join("，"),
        }
    }
}

impl District {
    fn has_open_station(&self) -> bool {
        self.directory.stations.iter().any(|station| station.open)
    }

    /// Whether the member may have the case at all.
    fn may_have_it(&self, member: &Member) -> bool {
        let absent = member.absences.iter().any(|a| (a.from..a.until).contains(&now()));
        let named = self.text.contains(member.name.as_str());
        member.may_receive && !(member.left || absent || named || self.excluded.contains(&member.id))
    }

    fn open_cases(&self, id: MemberId) -> u32 {
        self.loads.iter().find(|(member, _)| *member == id).map_or(0, |(_, cases)| *cases)
    }

    fn is_on_duty_at(&self, station: StationId, id: MemberId) -> bool {
        self.directory.roster.iter().any(|shift| {
            shift.station_id == station
                && shift.member_id == id
                && (shift.starts_at..shift.ends_at).contains(&now())
        })
    }

    /// Whether the member may have the case at the station without being named by code or resident.
    fn is_suitable(&self, station: StationId, member: &Member) -> bool {
        let limit = u32::from(member.capacity.get()) * self.rules.full_at_percent;
        self.may_have_it(member)
            && member.stations.contains(&station)
            && self.open_cases(member.id) * 100 < limit
            && (self.rules.assign_off_duty || self.is_on_duty_at(station, member.id))
    }

    /// Smaller is better; loads in 30ths, which all capacities made here divide.
    fn rank(&self, routing: &Routing, member: &Member) -> (u8, bool, u32, MemberId) {
        let category = self.category.map(category_id).filter(|id| self.directory.category(*id).is_some());
        let category = category.or(routing.hinted_category_id);
        let knows = category.is_some_and(|id| member.specialities.contains(&id));
        let sectors = category.and_then(|id| self.directory.category(id)).map(|c| &c.sectors[..]);
        let belongs = sectors.unwrap_or_default().iter().any(|sector| sector.id == member.sector_id);
        let unfit = if knows { 0 } else { 2 - u8::from(belongs) };
        let load = self.open_cases(member.id) * 30 / u32::from(member.capacity.get());
        (unfit, !self.is_on_duty_at(routing.station_id, member.id), load, member.id)
    }

    fn is_named_by_code_or_resident(&self, id: MemberId) -> bool {
        let scanned = self.code.and_then(CodeTarget::member_id);
        scanned == Some(id) || self.chosen_member.map(member_id) == Some(id)
    }
}

/// What a member may have against them, applied to one who is otherwise the best of all.
#[derive(Debug, Clone, Copy)]
enum Flaw {
    Left,
    NotReceiving,
    Absent,
    Named,
    Returned,
    Full,
    Elsewhere,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn every_case_gets_an_open_station_if_there_is_one(district in any_district()) {
        match district.try_route() {
            Ok(routing) => {
                let station = district.directory.station(routing.station_id);
                prop_assert!(station.is_some_and(|station| station.open));
            }
            Err(RoutingError::NoStation) => prop_assert!(!district.has_open_station()),
        }
    }

    #[test]
    fn the_reasons_say_where_the_case_went(district in any_district()) {
        prop_assume!(district.has_open_station());
        let routing = district.route();
        prop_assert!((1..=12).contains(&routing.reasons.len()));
        let queued = |reason: &Reason| matches!(reason, Reason::Queued { .. });
        match routing.assignment {
            Assignment::Queue(cause) => {
                prop_assert_eq!(routing.reasons.last(), Some(&Reason::Queued { cause }));
                prop_assert_eq!(routing.reasons.iter().filter(|reason| queued(reason)).count(), 1);
            }
            Assignment::Assigned(id) => {
                prop_assert!(!routing.reasons.iter().any(queued));
                let name = district.directory.member(id).unwrap().name.as_str().to_owned();
                prop_assert!(routing.reasons.last().unwrap().sentence().contains(&name));
            }
        }
    }

    #[test]
    fn who_is_away_gone_named_or_excluded_never_gets_it(district in any_district()) {
        prop_assume!(district.has_open_station());
        let routing = district.route();
        if let Assignment::Assigned(id) = routing.assignment {
            let member = district.directory.member(id).unwrap();
            prop_assert!(district.may_have_it(member));
            prop_assert!(
                district.is_named_by_code_or_resident(id)
                    || district.is_suitable(routing.station_id, member)
            );
        }
    }

    #[test]
    fn the_best_suitable_member_gets_it_whenever_there_is_one(district in any_district()) {
        prop_assume!(district.has_open_station() && district.returns < RETURNS_BEFORE_MANAGER);
        let routing = district.route();
        let best = district
            .directory
            .members
            .iter()
            .filter(|member| district.is_suitable(routing.station_id, member))
            .min_by_key(|member| district.rank(&routing, member));
        match (routing.assignment, best) {
            (Assignment::Queue(_), best) => prop_assert_eq!(best, None),
            (Assignment::Assigned(id), _) if district.is_named_by_code_or_resident(id) => {}
            (Assignment::Assigned(id), best) => prop_assert_eq!(Some(id), best.map(|member| member.id)),
        }
    }

    #[test]
    fn the_order_of_the_lists_does_not_matter(district in any_district(), turn in 0_usize..8) {
        let mut turned = district.clone();
        fn shuffle<T>(list: &mut [T], turn: usize) {
            list.reverse();
            let len = list.len();
            list.rotate_left(if len == 0 { 0 } else { turn % len });
        }
        shuffle(&mut turned.directory.stations, turn);
        shuffle(&mut turned.directory.members, turn);
        shuffle(&mut turned.directory.categories, turn);
        shuffle(&mut turned.directory.roster, turn);
        shuffle(&mut turned.loads, turn);
        shuffle(&mut turned.excluded, turn);
        for member in &mut turned.directory.members {
            shuffle(&mut member.stations, turn);
            shuffle(&mut member.specialities, turn);
            shuffle(&mut member.absences, turn);
        }
        for category in &mut turned.directory.categories {
            shuffle(&mut category.keywords, turn);
            shuffle(&mut category.sectors, turn);
        }
        prop_assert_eq!(district.try_route(), turned.try_route());
    }

    #[test]
    fn an_unsuitable_colleague_changes_nothing(
        district in any_district(),
        id in prop::sample::select(vec![0_u128, 1000]),
        flaw in prop::sample::select(vec![
            Flaw::Left, Flaw::NotReceiving, Flaw::Absent, Flaw::Named, Flaw::Returned, Flaw::Full,
            Flaw::Elsewhere,
        ]),
    ) {
        prop_assume!(district.has_open_station());
        let mut district = district;
        if matches!(flaw, Flaw::Named) {
            district.text.push_str("壬九州");
        }
        let before = district.route();
        let mut colleague = member(id, "壬九州", HEALTH, EAST);
        colleague.stations = vec![before.station_id];
        colleague.specialities = (1..4).map(category_id).collect();
        match flaw {
            Flaw::Left => colleague.left = true,
            Flaw::NotReceiving => colleague.may_receive = false,
            Flaw::Absent => {
                let (from, until) = around_now();
                colleague.absences = vec![Absence { from, until }];
            }
            Flaw::Named => {}
            Flaw::Returned => district.excluded.push(colleague.id),
            Flaw::Full => district.has_open(id, 1000),
            Flaw::Elsewhere => colleague.stations = vec![station_id(99)],
        }
        district.directory.members.push(colleague);
        district.directory.roster.push(Shift {
            station_id: before.station_id, ..shift(EAST, id)
        });
        let after = district.route();
        prop_assert_eq!(after.station_id, before.station_id);
        match (before.assignment, after.assignment) {
            (Assignment::Queue(_), Assignment::Queue(_)) => {}
            (before, after) => prop_assert_eq!(before, after),
        }
        if matches!(after.assignment, Assignment::Assigned(_)) && !matches!(flaw, Flaw::Named) {
            prop_assert_eq!(after.reasons, before.reasons);
        }
    }

    #[test]
    fn reasons_survive_storage(district in any_district()) {
        prop_assume!(district.has_open_station());
        let reasons = district.route().reasons;
        let stored = serde_json::to_string(&reasons).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Reason>>(&stored).unwrap(), reasons);
    }

    #[test]
    fn a_directory_survives_the_cache(directory in any_directory()) {
        let members = serde_json::to_string(&directory.members).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Member>>(&members).unwrap(), directory.members);
        let categories = serde_json::to_string(&directory.categories).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Category>>(&categories).unwrap(), directory.categories);
    }
}
