//! Points and areas as a map would show them, and properties against an independent formula.

use proptest::prelude::*;

use super::*;

fn point(lat: f64, lng: f64) -> Point {
    Point::new(lat, lng).unwrap()
}

fn area(corners: &[(f64, f64)]) -> Area {
    Area::new(corners.iter().map(|&(lat, lng)| point(lat, lng)).collect()).unwrap()
}

#[test]
fn only_real_degrees_make_a_point() {
    assert!(Point::new(90.0, -180.0).is_ok());
    assert_eq!(Point::new(90.1, 0.0), Err(GeoError::Latitude(90.1)));
    assert_eq!(Point::new(0.0, -180.5), Err(GeoError::Longitude(-180.5)));
    assert!(matches!(Point::new(f64::NAN, 0.0), Err(GeoError::Latitude(_))));
    assert!(matches!(Point::new(0.0, f64::INFINITY), Err(GeoError::Longitude(_))));
}

#[test]
fn a_point_is_read_from_a_query_parameter() {
    assert_eq!("36.06,103.83".parse(), Ok(point(36.06, 103.83)));
    assert_eq!(" 36.06 , 103.83 ".parse(), Ok(point(36.06, 103.83)));
    for wrong in ["", "36.06", "36.06,", "a,b", "36.06,103.83,1"] {
        assert_eq!(wrong.parse::<Point>(), Err(GeoError::Syntax), "{wrong:?}");
    }
    assert!(matches!("nan,1".parse::<Point>(), Err(GeoError::Latitude(_))));
    assert!(matches!("1,inf".parse::<Point>(), Err(GeoError::Longitude(_))));
}

#[test]
fn a_point_in_json_is_checked() {
    let text = r#"{"lat":36.5,"lng":103.25}"#;
    let read: Point = serde_json::from_str(text).unwrap();
    assert_eq!(read, point(36.5, 103.25));
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert!(serde_json::from_str::<Point>(r#"{"lat":136.5,"lng":103.25}"#).is_err());
}

#[test]
fn distances_agree_with_the_map() {
    let degree = EARTH_RADIUS_M.to_radians();
    assert!((distance_m(point(0.0, 0.0), point(0.0, 1.0)) - degree).abs() < 1e-6);
    assert!((distance_m(point(60.0, 0.0), point(60.0, 0.001)) - degree * 0.0005).abs() < 0.01);
    let half_way_round = std::f64::consts::PI * EARTH_RADIUS_M;
    assert!((distance_m(point(0.0, 0.0), point(0.0, 180.0)) - half_way_round).abs() < 1e-3);
    assert!((distance_m(point(90.0, 12.0), point(-90.0, 77.0)) - half_way_round).abs() < 1e-3);
}

#[test]
fn an_area_in_json_is_a_list_of_corners_longitude_first() {
    let open = "[[103.0,36.0],[103.5,36.0],[103.5,36.5]]";
    let closed = "[[103.0,36.0],[103.5,36.0],[103.5,36.5],[103.0,36.0]]";
    let read: Area = serde_json::from_str(closed).unwrap();
    assert_eq!(read, area(&[(36.0, 103.0), (36.0, 103.5), (36.5, 103.5)]));
    assert_eq!(serde_json::to_string(&read).unwrap(), open);
    assert!(serde_json::from_str::<Area>("[[103.0,36.0],[103.5,96.0],[103.5,36.5]]").is_err());
}

#[test]
fn an_area_needs_corners_that_enclose_something() {
    let line = vec![point(36.0, 103.0), point(36.1, 103.1), point(36.2, 103.2)];
    assert_eq!(Area::new(line.clone()), Err(GeoError::Flat));
    assert_eq!(Area::new(line[..2].to_vec()), Err(GeoError::Corners(2)));
    assert_eq!(Area::new(vec![line[0], line[1], line[0]]), Err(GeoError::Corners(2)));
    assert_eq!(Area::new(vec![]), Err(GeoError::Corners(0)));
    let circle = |n: u32| {
        (0..n)
            .map(|i| f64::from(i) / f64::from(n) * std::f64::consts::TAU)
            .map(|angle| point(36.0 + angle.sin() * 0.1, 103.0 + angle.cos() * 0.1))
            .collect::<Vec<_>>()
    };
    assert!(Area::new(circle(500)).is_ok());
    assert_eq!(Area::new(circle(501)), Err(GeoError::Corners(501)));
}

#[test]
fn a_courtyard_in_a_bent_area_is_outside_and_its_wall_inside() {
    let u_shape = area(&[
        (36.00, 103.00),
        (36.00, 103.03),
        (36.03, 103.03),
        (36.03, 103.02),
        (36.01, 103.02),
        (36.01, 103.01),
        (36.03, 103.01),
        (36.03, 103.00),
    ]);
    assert!(u_shape.contains(point(36.005, 103.015)));
    assert!(u_shape.contains(point(36.02, 103.005)));
    assert!(!u_shape.contains(point(36.02, 103.015)), "the courtyard");
    assert!(u_shape.contains(point(36.01, 103.015)), "its wall");
    assert!(!u_shape.contains(point(36.04, 103.00)), "on the prolonged wall");
}

#[test]
fn a_point_level_with_a_corner_is_counted_once() {
    let diamond = area(&[(36.0, 102.9), (36.1, 103.0), (36.0, 103.1), (35.9, 103.0)]);
    assert!(diamond.contains(point(36.0, 103.0)));
    // A crown with its middle notch and both outer tips level with the points.
    let crown =
        area(&[(36.0, 103.0), (36.2, 103.0), (36.1, 103.1), (36.2, 103.2), (36.1, 103.4), (36.0, 103.2)]);
    assert!(crown.contains(point(36.1, 103.05)));
    assert!(crown.contains(point(36.1, 103.15)));
    assert!(!crown.contains(point(36.2, 103.1)));
    assert!(!crown.contains(point(36.0, 103.3)));
}

#[test]
fn size_is_in_square_metres() {
    let side = EARTH_RADIUS_M.to_radians() * 0.01;
    let size = area(&[(-0.005, 0.0), (-0.005, 0.01), (0.005, 0.01), (0.005, 0.0)]).size_m2();
    assert!((size - side * side).abs() / size < 1e-6, "{size}");
}

prop_compose! {
    fn any_point()(lat in -90.0..=90.0, lng in -180.0..=180.0) -> Point {
        point(lat, lng)
    }
}

prop_compose! {
    /// A ring around (36, 103) without self-crossings: corners by angle, each at its own distance.
    fn ring()(radii in prop::collection::vec(0.01..0.2, 3..40)) -> Vec<Point> {
        let step = std::f64::consts::TAU / f64::from(u32::try_from(radii.len()).unwrap());
        radii
            .iter()
            .zip(0_u32..)
            .map(|(radius, i)| (radius, f64::from(i) * step))
            .map(|(radius, angle)| point(36.0 + radius * angle.sin(), 103.0 + radius * angle.cos()))
            .collect()
    }
}

/// Whether the ring winds around the point: the angles under which its edges are seen add up to a turn.
fn winds_around(corners: &[Point], p: Point) -> bool {
    let turn: f64 = edges(corners)
        .map(|(a, b)| {
            let (ax, ay, bx, by) = (a.lng - p.lng, a.lat - p.lat, b.lng - p.lng, b.lat - p.lat);
            (ax * by - ay * bx).atan2(ax * bx + ay * by)
        })
        .sum();
    turn.abs() > std::f64::consts::PI
}

proptest! {
    #[test]
    fn distance_is_a_metric(a in any_point(), b in any_point(), c in any_point()) {
        prop_assert_eq!(distance_m(a, a), 0.0);
        prop_assert!((distance_m(a, b) - distance_m(b, a)).abs() < 1e-6);
        prop_assert!(distance_m(a, b) <= std::f64::consts::PI * EARTH_RADIUS_M + 1e-6);
        prop_assert!(distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-3);
    }

    #[test]
    fn a_point_survives_being_written(p in any_point()) {
        prop_assert_eq!(p.to_string().parse(), Ok(p));
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in ".{0,40}") {
        let _ = text.parse::<Point>();
    }

    #[test]
    fn the_boundary_belongs_to_the_area(corners in ring(), along in 0.0..=1.0) {
        let area = Area::new(corners).unwrap();
        for (a, b) in edges(area.corners()) {
            prop_assert!(area.contains(a));
            let between = point(a.lat + (b.lat - a.lat) * along, a.lng + (b.lng - a.lng) * along);
            prop_assert!(area.contains(between));
        }
    }

    #[test]
    fn inside_is_where_the_ring_winds_around(corners in ring(), lat in 35.7..36.3, lng in 102.7..103.3) {
        let area = Area::new(corners).unwrap();
        let p = point(lat, lng);
        prop_assume!(edges(area.corners()).all(|(a, b)| !on_edge(p, a, b)));
        prop_assert_eq!(area.contains(p), winds_around(area.corners(), p));
    }

    #[test]
    fn neither_the_first_corner_nor_the_direction_matters(
        corners in ring(), start in 0_usize..40, lat in 35.7..36.3, lng in 102.7..103.3,
    ) {
        let mut turned = corners.clone();
        turned.rotate_left(start % corners.len());
        turned.reverse();
        let (area, turned) = (Area::new(corners).unwrap(), Area::new(turned).unwrap());
        prop_assert_eq!(area.contains(point(lat, lng)), turned.contains(point(lat, lng)));
        prop_assert!((area.size_m2() - turned.size_m2()).abs() / area.size_m2() < 1e-9);
    }
}
