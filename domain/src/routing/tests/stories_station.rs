//! Stories about the station that takes a case.

use super::super::*;
use super::district::*;

#[test]
fn the_code_of_a_station_means_that_station() {
    let mut d = District::new();
    d.chosen_station = Some(WEST);
    d.place = Some(point(36.0, 103.1));
    d.lands_at(EAST, &["扫描的是“东街工作站”的二维码。"]);
}

#[test]
fn without_a_code_the_resident_chooses() {
    let mut d = District::new();
    d.code = None;
    d.chosen_station = Some(WEST);
    d.lands_at(WEST, &["群众选择了“西街工作站”。"]);
}

#[test]
fn without_either_the_place_decides_by_area() {
    let mut d = District::new();
    d.code = None;
    d.place = Some(point(36.005, 103.105));
    d.lands_at(WEST, &["所填地点在“西街工作站”的服务范围内。"]);
}

#[test]
fn of_areas_that_overlap_the_smallest_wins() {
    let mut d = District::new();
    d.code = None;
    d.place = Some(point(36.005, 103.105));
    d.station(SOUTH).area = Some(square(36.0, 103.1, 0.006));
    d.lands_at(SOUTH, &["所填地点在“南街工作站”的服务范围内。"]);

    // Of equal areas, the station that was entered first.
    d.station(EAST).area = Some(square(36.0, 103.1, 0.006));
    d.lands_at(EAST, &["所填地点在“东街工作站”的服务范围内。"]);
}

#[test]
fn outside_all_areas_the_nearest_station_takes_it() {
    let mut d = District::new();
    d.code = None;
    d.place = Some(point(35.91, 103.05));
    d.lands_at(SOUTH, &["离所填地点最近的是“南街工作站”，约1.1公里。"]);
}

#[test]
fn a_closed_station_is_passed_over_by_place() {
    let mut d = District::new();
    d.code = None;
    d.place = Some(point(36.0, 103.095));
    d.station(WEST).open = false;
    d.lands_at(EAST, &["离所填地点最近的是“东街工作站”，约8.5公里。"]);
}

#[test]
fn without_a_place_the_first_open_station_takes_it() {
    let mut d = District::new();
    d.code = None;
    d.station(EAST).open = false;
    d.lands_at(WEST, &["没有填写地点，由“西街工作站”统一受理。"]);
}

#[test]
fn a_place_is_of_no_use_while_no_station_is_on_the_map() {
    let mut d = District::new();
    d.code = None;
    d.place = Some(point(36.0, 103.1));
    for station in &mut d.directory.stations {
        (station.point, station.area) = (None, None);
    }
    d.lands_at(EAST, &["各工作站尚未登记位置，由“东街工作站”统一受理。"]);
}

#[test]
fn the_code_of_a_closed_station_leads_to_the_one_nearest_to_it() {
    let mut d = District::new();
    d.code = Some(CodeTarget::Station(station_id(WEST)));
    d.station(WEST).open = false;
    d.lands_at(EAST, &["“西街工作站”目前不受理。", "离原工作站最近的是“东街工作站”，约9.0公里。"]);

    // The place of the case counts more than where the poster hangs.
    d.place = Some(point(35.91, 103.05));
    d.lands_at(SOUTH, &["“西街工作站”目前不受理。", "离所填地点最近的是“南街工作站”，约1.1公里。"]);

    // A station that isn't on the map either leaves the default.
    d.place = None;
    d.station(WEST).point = None;
    d.lands_at(EAST, &["“西街工作站”目前不受理。", "没有填写地点，由“东街工作站”统一受理。"]);
}

#[test]
fn the_code_of_a_closed_station_gives_way_to_the_residents_choice() {
    let mut d = District::new();
    d.station(EAST).open = false;
    d.chosen_station = Some(SOUTH);
    d.lands_at(SOUTH, &["“东街工作站”目前不受理。", "群众选择了“南街工作站”。"]);
}

#[test]
fn a_station_that_is_gone_is_explained_too() {
    let mut d = District::new();
    d.code = Some(CodeTarget::Station(station_id(99)));
    d.lands_at(EAST, &["所选工作站已撤销。", "没有填写地点，由“东街工作站”统一受理。"]);
}

#[test]
fn the_code_of_a_member_leads_to_their_station() {
    let mut d = District::new();
    d.scans_member(DING);
    d.place = Some(point(36.0, 103.0));
    d.lands_at(WEST, &["丁四海委员在“西街工作站”履职。"]);
}

#[test]
fn of_a_members_stations_the_place_chooses() {
    let mut d = District::new();
    d.scans_member(DING);
    d.member(DING).stations.push(station_id(SOUTH));
    d.place = Some(point(35.91, 103.05));
    d.lands_at(SOUTH, &["丁四海委员在“南街工作站”履职。", "离所填地点最近的是“南街工作站”，约1.1公里。"]);
}

#[test]
fn the_code_of_a_member_counts_for_the_station_where_it_hangs() {
    let mut d = District::new();
    d.code = Some(CodeTarget::Member(member_id(DING), Some(station_id(WEST))));
    d.lands_at(WEST, &["扫描的是“西街工作站”的二维码。"]);
}

#[test]
fn a_member_whose_stations_are_closed_is_placed_like_anybody() {
    let mut d = District::new();
    d.scans_member(DING);
    d.station(WEST).open = false;
    d.place = Some(point(35.91, 103.05));
    d.lands_at(SOUTH, &["离所填地点最近的是“南街工作站”，约1.1公里。"]);
}

#[test]
fn no_open_station_is_an_error() {
    let mut d = District::new();
    for station in &mut d.directory.stations {
        station.open = false;
    }
    assert_eq!(d.try_route(), Err(RoutingError::NoStation));
    d.directory.stations.clear();
    assert_eq!(d.try_route(), Err(RoutingError::NoStation));
}
