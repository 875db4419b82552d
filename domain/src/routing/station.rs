//! Which station takes the case: the one scanned or chosen, else one of the named member's, else by place.
//! Every case gets a station as long as one is open.

use super::directory::{Directory, Member, Station};
use super::reason::{Landmark, NoPlaceCause, Reason};
use super::{Matter, RoutingError};
use crate::geo::{Point, distance_m};
use crate::ids::StationId;

/// Chooses the station and adds the reasons; `guide` is the member whose stations come before others when
/// neither code nor resident names one.
///
/// # Errors
/// [`RoutingError::NoStation`] when no station is open.
pub(super) fn choose_station<'d>(
    matter: &Matter<'_>,
    directory: &'d Directory,
    guide: Option<&Member>,
    reasons: &mut Vec<Reason>,
) -> Result<&'d Station, RoutingError> {
    let scanned = matter.code.and_then(|code| code.station_id());
    let chosen = matter.chosen_station_id.filter(|&id| Some(id) != scanned);
    let mut closed = None;
    if let Some(station) = scanned.and_then(|id| find_open(directory, id, &mut closed, reasons)) {
        reasons.push(Reason::StationScanned { station: station.name.clone() });
        return Ok(station);
    }
    if let Some(station) = chosen.and_then(|id| find_open(directory, id, &mut closed, reasons)) {
        reasons.push(Reason::StationChosen { station: station.name.clone() });
        return Ok(station);
    }

    let open: Vec<&Station> = directory.stations.iter().filter(|station| station.open).collect();
    if let Some(member) = guide {
        let own: Vec<&Station> = open.iter().copied().filter(|station| member.serves(station.id)).collect();
        if let Some((station, by_place)) = by_place(&own, matter.place, closed) {
            let (member, name) = (member.name.as_str().to_owned(), station.name.clone());
            reasons.push(Reason::StationOfMember { member, station: name });
            if own.len() > 1 {
                reasons.push(by_place);
            }
            return Ok(station);
        }
    }
    let (station, by_place) = by_place(&open, matter.place, closed).ok_or(RoutingError::NoStation)?;
    reasons.push(by_place);
    Ok(station)
}

/// The station if it is open; else says that it isn't, and remembers the first such in `closed`.
fn find_open<'d>(
    directory: &'d Directory,
    id: StationId,
    closed: &mut Option<&'d Station>,
    reasons: &mut Vec<Reason>,
) -> Option<&'d Station> {
    let found = directory.station(id);
    let open = found.filter(|station| station.open);
    if open.is_none() {
        reasons.push(Reason::StationUnavailable { station: found.map(|station| station.name.clone()) });
        *closed = closed.or(found);
    }
    open
}

/// The station for a place, with the reason; none only if there are no stations. Without a place, the
/// station that was scanned or chosen and is closed stands for it.
fn by_place<'d>(
    stations: &[&'d Station],
    place: Option<Point>,
    closed: Option<&Station>,
) -> Option<(&'d Station, Reason)> {
    if let Some(station) = place.and_then(|place| smallest_area(stations, place)) {
        return Some((station, Reason::AreaContains { station: station.name.clone() }));
    }
    let origin = place
        .map(|place| (place, Landmark::Place))
        .or_else(|| closed.and_then(|station| station.point).map(|point| (point, Landmark::ClosedStation)));
    if let Some((point, to)) = origin
        && let Some((station, metres)) = nearest(stations, point)
    {
        let distance_m = whole_metres(metres);
        return Some((station, Reason::Nearest { station: station.name.clone(), distance_m, to }));
    }
    let because = if origin.is_some() { NoPlaceCause::NoStationOnMap } else { NoPlaceCause::NoPlace };
    let station = stations.iter().copied().min_by_key(|station| station.id)?;
    Some((station, Reason::DefaultStation { station: station.name.clone(), because }))
}

fn smallest_area<'d>(stations: &[&'d Station], place: Point) -> Option<&'d Station> {
    stations
        .iter()
        .filter_map(|&station| station.area.as_ref().map(|area| (station, area)))
        .filter(|(_, area)| area.contains(place))
        .min_by(|(a, a_area), (b, b_area)| {
            a_area.size_m2().total_cmp(&b_area.size_m2()).then(a.id.cmp(&b.id))
        })
        .map(|(station, _)| station)
}

fn nearest<'d>(stations: &[&'d Station], origin: Point) -> Option<(&'d Station, f64)> {
    stations
        .iter()
        .filter_map(|&station| station.point.map(|point| (station, distance_m(origin, point))))
        .min_by(|(a, a_metres), (b, b_metres)| a_metres.total_cmp(b_metres).then(a.id.cmp(&b.id)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to half the equator")]
fn whole_metres(metres: f64) -> u32 {
    metres.round() as u32
}
