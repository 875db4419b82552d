//! Places on the map: points, distances, service areas.
//!
//! Degrees are taken as they come from the phone (WeChat gives GCJ-02, an offset WGS-84); all points of
//! one committee use the same system, so distances and areas agree. This module must not know stations or
//! cases. Areas must not cross the 180° meridian: no committee lies there.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Mean radius of the Earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point this close to an edge lies on it: a billionth of a degree is a tenth of a millimetre.
const ON_EDGE_DEG: f64 = 1e-9;

/// Why a place is refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum GeoError {
    /// Not written as two numbers.
    #[error("a point is written `latitude,longitude`")]
    Syntax,
    /// Not a number from -90 to 90.
    #[error("latitude {0} is not between -90 and 90")]
    Latitude(f64),
    /// Not a number from -180 to 180.
    #[error("longitude {0} is not between -180 and 180")]
    Longitude(f64),
    /// Too few or too many corners.
    #[error("an area has {min} to {max} corners, not {0}", min = Area::MIN_CORNERS, max = Area::MAX_CORNERS)]
    Corners(usize),
    /// The corners enclose less than a square metre, for example because all lie on one line.
    #[error("the corners enclose no area")]
    Flat,
}

/// A point, in degrees; JSON `{"lat":36.06,"lng":103.83}`, text `36.06,103.83`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPoint")]
pub struct Point {
    lat: f64,
    lng: f64,
}

/// A point as it arrives, before its ranges are checked.
#[derive(Deserialize)]
struct RawPoint {
    lat: f64,
    lng: f64,
}

impl TryFrom<RawPoint> for Point {
    type Error = GeoError;
    fn try_from(raw: RawPoint) -> Result<Self, GeoError> {
        Self::new(raw.lat, raw.lng)
    }
}

impl Point {
    /// A point from its latitude and longitude in degrees.
    ///
    /// # Errors
    /// [`GeoError::Latitude`] and [`GeoError::Longitude`] for what is out of range or not a number.
    pub fn new(lat: f64, lng: f64) -> Result<Self, GeoError> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(GeoError::Latitude(lat));
        }
        if !(-180.0..=180.0).contains(&lng) {
            return Err(GeoError::Longitude(lng));
        }
        Ok(Self { lat, lng })
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    pub fn lng(self) -> f64 {
        self.lng
    }
}

impl FromStr for Point {
    type Err = GeoError;

    /// Reads `lat,lng`, as in `?near=36.06,103.83`; blanks around the numbers are allowed.
    fn from_str(text: &str) -> Result<Self, GeoError> {
        let (lat, lng) = text.split_once(',').ok_or(GeoError::Syntax)?;
        let number = |part: &str| part.trim().parse::<f64>().map_err(|_| GeoError::Syntax);
        Self::new(number(lat)?, number(lng)?)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.lat, self.lng)
    }
}

/// Distance over ground between two points in metres, by the haversine formula (error under 0.6 %).
pub fn distance_m(a: Point, b: Point) -> f64 {
    let half_lat = (b.lat - a.lat).to_radians() / 2.0;
    let half_lng = (b.lng - a.lng).to_radians() / 2.0;
    let h =
        half_lat.sin().powi(2) + a.lat.to_radians().cos() * b.lat.to_radians().cos() * half_lng.sin().powi(2);
    // Rounding may push `h` a hair over 1 at antipodes.
    2.0 * EARTH_RADIUS_M * h.min(1.0).sqrt().asin()
}

/// The area that a station serves: one polygon; JSON is a plain list of `[lng, lat]` corners, as GeoJSON
/// orders them. A repeated first corner at the end is accepted and dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<[f64; 2]>", into = "Vec<[f64; 2]>")]
pub struct Area {
    corners: Vec<Point>,
    size_m2: f64,
    south_west: Point,
    north_east: Point,
}

impl Area {
    /// A polygon has at least this many corners.
    pub const MIN_CORNERS: usize = 3;
    /// Enough for the outline of a district, few enough to test in microseconds.
    pub const MAX_CORNERS: usize = 500;

    /// An area from its corners in either direction of travel.
    ///
    /// # Errors
    /// [`GeoError::Corners`] for too few or too many, [`GeoError::Flat`] when they enclose nothing.
    pub fn new(mut corners: Vec<Point>) -> Result<Self, GeoError> {
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        if !(Self::MIN_CORNERS..=Self::MAX_CORNERS).contains(&corners.len()) {
            return Err(GeoError::Corners(corners.len()));
        }
        let (mut south_west, mut north_east) =
            (Point { lat: 90.0, lng: 180.0 }, Point { lat: -90.0, lng: -180.0 });
        for corner in &corners {
            south_west = Point { lat: south_west.lat.min(corner.lat), lng: south_west.lng.min(corner.lng) };
            north_east = Point { lat: north_east.lat.max(corner.lat), lng: north_east.lng.max(corner.lng) };
        }
        let size_m2 = size_m2(&corners, south_west, north_east);
        if size_m2 < 1.0 {
            return Err(GeoError::Flat);
        }
        Ok(Self { corners, size_m2, south_west, north_east })
    }

    /// The corners, without repetition of the first.
    pub fn corners(&self) -> &[Point] {
        &self.corners
    }

    /// Size in square metres, good enough to tell the smaller of two areas.
    pub fn size_m2(&self) -> f64 {
        self.size_m2
    }

    /// Whether the point lies inside (even-odd rule) or on the boundary: a house on the line between two
    /// areas belongs to both, never to none.
    pub fn contains(&self, point: Point) -> bool {
        if !self.box_contains(point) {
            return false;
        }
        let mut inside = false;
        for (a, b) in edges(&self.corners) {
            if on_edge(point, a, b) {
                return true;
            }
            // The edge crosses the parallel of the point, east of it.
            if (a.lat > point.lat) != (b.lat > point.lat) {
                let crossing = a.lng + (b.lng - a.lng) * (point.lat - a.lat) / (b.lat - a.lat);
                inside ^= point.lng < crossing;
            }
        }
        inside
    }

    /// The cheap test that answers for nearly all stations of a committee.
    fn box_contains(&self, point: Point) -> bool {
        let near =
            |low: f64, value: f64, high: f64| (low - ON_EDGE_DEG..=high + ON_EDGE_DEG).contains(&value);
        near(self.south_west.lat, point.lat, self.north_east.lat)
            && near(self.south_west.lng, point.lng, self.north_east.lng)
    }
}

impl TryFrom<Vec<[f64; 2]>> for Area {
    type Error = GeoError;
    fn try_from(corners: Vec<[f64; 2]>) -> Result<Self, GeoError> {
        corners
            .into_iter()
            .map(|[lng, lat]| Point::new(lat, lng))
            .collect::<Result<Vec<_>, _>>()
            .and_then(Self::new)
    }
}

impl From<Area> for Vec<[f64; 2]> {
    fn from(area: Area) -> Self {
        area.corners.iter().map(|corner| [corner.lng, corner.lat]).collect()
    }
}

/// Every edge of the ring, the closing one included.
fn edges(corners: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}

/// Whether the point lies on the edge from `a` to `b`, within [`ON_EDGE_DEG`].
fn on_edge(point: Point, a: Point, b: Point) -> bool {
    let (edge_x, edge_y) = (b.lng - a.lng, b.lat - a.lat);
    let (x, y) = (point.lng - a.lng, point.lat - a.lat);
    let length_sq = edge_x * edge_x + edge_y * edge_y;
    let along = if length_sq > 0.0 { ((x * edge_x + y * edge_y) / length_sq).clamp(0.0, 1.0) } else { 0.0 };
    (x - along * edge_x).hypot(y - along * edge_y) <= ON_EDGE_DEG
}

/// Size by the shoelace formula on a plane laid at the middle of the area.
fn size_m2(corners: &[Point], south_west: Point, north_east: Point) -> f64 {
    let metres_per_degree = EARTH_RADIUS_M.to_radians();
    let shrink = f64::midpoint(south_west.lat, north_east.lat).to_radians().cos();
    let flat = |corner: Point| {
        let east = (corner.lng - south_west.lng) * shrink * metres_per_degree;
        let north = (corner.lat - south_west.lat) * metres_per_degree;
        (east, north)
    };
    let doubled: f64 = edges(corners)
        .map(|(a, b)| {
            let ((ax, ay), (bx, by)) = (flat(a), flat(b));
            ax * by - bx * ay
        })
        .sum();
    doubled.abs() / 2.0
}
