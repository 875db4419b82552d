//! A period's cases once more, by the same rules and by others.

use chrono::TimeDelta;

use super::super::*;
use super::district::*;

fn past(minutes: i64, stays: Option<i64>) -> PastCase {
    let at = now() + TimeDelta::minutes(minutes);
    PastCase {
        code: Some(CodeTarget::Station(station_id(WEST))),
        chosen_station_id: None,
        chosen_member_id: None,
        category_id: None,
        place: None,
        at,
        until: stays.map(|minutes| at + TimeDelta::minutes(minutes)),
        text: "路灯不亮".to_owned(),
    }
}

/// Who got each case: the member, or nobody.
fn takers(cases: &[PastCase], on_desks: &[DeskCase], rules: Rules) -> Vec<Option<MemberId>> {
    let routed = simulate(cases, on_desks, &District::new().directory, &rules);
    let taker = |routing: Option<Routing>| match routing?.assignment {
        Assignment::Assigned(member_id) => Some(member_id),
        Assignment::Queue(_) => None,
    };
    routed.into_iter().map(taker).collect()
}

/// The one member at the west station takes two cases at most.
const TWO_AT_MOST: Rules =
    Rules { full_at_percent: 20, assign_off_duty: true, named_member_crosses_stations: true };

#[test]
fn a_desk_fills_up_and_is_cleared_as_it_was_in_truth() {
    let cases = [past(0, Some(25)), past(10, None), past(20, None), past(30, None), past(40, None)];
    let ding = Some(member_id(DING));
    assert_eq!(takers(&cases, &[], TWO_AT_MOST), [ding, ding, None, ding, None]);
    assert_eq!(takers(&cases, &[], Rules::default()), [ding; 5]);
}

#[test]
fn what_lay_on_a_desk_before_counts_until_it_was_off() {
    let ding = Some(member_id(DING));
    let desk =
        |minutes| DeskCase { member_id: member_id(DING), until: Some(now() + TimeDelta::minutes(minutes)) };
    let cases = [past(0, None), past(10, None), past(20, None)];
    assert_eq!(takers(&cases, &[desk(5), desk(15)], TWO_AT_MOST), [None, ding, ding]);
}

#[test]
fn the_same_rules_route_each_case_as_routing_itself_does() {
    let district = District::new();
    let [routing] = simulate(&[past(0, None)], &[], &district.directory, &district.rules).try_into().unwrap();
    let alone = District {
        code: Some(CodeTarget::Station(station_id(WEST))),
        text: "路灯不亮".to_owned(),
        ..district
    };
    assert_eq!(routing, Some(alone.route()));
    let closed = Directory::default();
    assert_eq!(simulate(&[past(0, None)], &[], &closed, &Rules::default()), [None]);
}
