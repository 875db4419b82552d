//! Tests of what is laid out: nothing leaves its place, whatever the names; and what is refused.

use usvg::Transform;

use super::error::PosterError;
use super::fitting::{Setting, fit};
use super::fonts::{Fonts, Weight};
use super::layout::lay_out;
use super::page::{Item, What};
use super::template::{Place, Template};
use super::templates::Templates;
use super::{Margin, Paper, Poster, PosterKind, Posters, Print, Resolution, reading_distance_m};

#[path = "../../examples/support/samples.rs"]
mod samples;

use samples::{NAMES, poster, prints};

/// Lengths in millimetres that nobody sees.
const UNSEEN: f32 = 0.02;
const A4: Print = Print { paper: Paper::A4, margin: Margin::None };
const OWN: Print = Print { paper: Paper::Own, margin: Margin::None };

fn fonts() -> Fonts {
    Fonts::load().unwrap()
}

/// What the lines of a text ink.
fn inked(item: &Item) -> Option<Place> {
    let What::Text { text, pens, .. } = &item.what else { return None };
    let mut edges = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
    for (line, (x, y)) in text.lines.iter().zip(pens) {
        let ink = line.ink;
        edges.0 = edges.0.min(x + ink.left * text.size);
        edges.1 = edges.1.min(y - ink.top * text.size);
        edges.2 = edges.2.max(x + ink.right * text.size);
        edges.3 = edges.3.max(y - ink.bottom * text.size);
    }
    Some(Place { x: edges.0, y: edges.1, width: edges.2 - edges.0, height: edges.3 - edges.1 })
}

fn contains(outer: Place, inner: Place) -> bool {
    inner.x >= outer.x - UNSEEN
        && inner.y >= outer.y - UNSEEN
        && inner.x + inner.width <= outer.x + outer.width + UNSEEN
        && inner.y + inner.height <= outer.y + outer.height + UNSEEN
}

/// The place on the template.
fn on_template(place: Place, transform: Transform) -> Place {
    let rect = usvg::Rect::from_xywh(place.x, place.y, place.width, place.height).unwrap();
    let moved = rect.transform(transform).unwrap();
    Place { x: moved.x(), y: moved.y(), width: moved.width(), height: moved.height() }
}

#[test]
fn no_text_leaves_its_box_and_no_box_the_poster_whatever_the_names() {
    let (fonts, templates) = (fonts(), Templates::load().unwrap());
    for (kind, print) in prints() {
        for names in NAMES {
            let page = lay_out(&fonts, &templates, &poster(kind, names), print).unwrap();
            let (width, height) = page.template.size_mm;
            let whole = Place { x: 0.0, y: 0.0, width, height };
            let texts = page.items.iter().filter(|item| inked(item).is_some()).count();
            assert!(texts >= 8, "{kind:?} tells something");
            for item in &page.items {
                assert!(
                    contains(whole, on_template(item.place, item.transform)),
                    "{kind:?}: {:?}",
                    item.place
                );
                if let Some(ink) = inked(item) {
                    assert!(
                        contains(item.place, ink),
                        "{kind:?}, {}: {ink:?} leaves {:?}",
                        names.word,
                        item.place
                    );
                }
            }
        }
    }
}

#[test]
fn no_text_meets_another_one_or_a_code() {
    let (fonts, templates) = (fonts(), Templates::load().unwrap());
    for (kind, print) in prints() {
        for names in NAMES {
            let page = lay_out(&fonts, &templates, &poster(kind, names), print).unwrap();
            let solid = |item: &Item| match &item.what {
                What::Text { .. } => inked(item).map(|ink| on_template(ink, item.transform)),
                What::Code { .. } | What::Picture { .. } => Some(on_template(item.place, item.transform)),
                What::Silhouette | What::Area { .. } => None,
            };
            let places: Vec<Place> = page.items.iter().filter_map(solid).collect();
            for (at, one) in places.iter().enumerate() {
                for other in &places[..at] {
                    let apart = one.x + one.width <= other.x + UNSEEN
                        || other.x + other.width <= one.x + UNSEEN
                        || one.y + one.height <= other.y + UNSEEN
                        || other.y + other.height <= one.y + UNSEEN;
                    assert!(apart, "{kind:?}, {}: {one:?} meets {other:?}", names.word);
                }
            }
        }
    }
}

fn setting(width: f32, lines: usize) -> Setting {
    let height = if lines == 2 { 25.0 } else { 12.5 };
    Setting { weight: Weight::Regular, size: 10.0, floor: 6.0, width, height, lines, spacing: 0.0 }
}

fn text_of(fonts: &Fonts, setting: &Setting, text: &str) -> (f32, Vec<String>) {
    let fitted = fit(fonts, setting, text).unwrap();
    let glyphs = |line: &super::shaping::Line| {
        line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.text.as_str()).collect()
    };
    (fitted.size, fitted.lines.iter().map(glyphs).collect())
}

#[test]
fn a_text_shrinks_then_breaks_and_ends_in_an_ellipsis_last() {
    let fonts = fonts();

    let (size, lines) = text_of(&fonts, &setting(100.0, 2), "青禾街道委员工作站");
    assert_eq!((size, lines), (10.0, vec!["青禾街道委员工作站".to_owned()]));

    let (size, lines) = text_of(&fonts, &setting(72.0, 2), "青禾街道委员工作站");
    assert!((7.9..8.0).contains(&size), "{size}");
    assert_eq!(lines.len(), 1);

    let (size, lines) = text_of(&fonts, &setting(50.0, 2), "青禾街道委员工作站");
    assert!(size > 9.9, "{size}");
    assert_eq!(lines, ["青禾街道", "委员工作站"].map(str::to_owned).to_vec());

    let (size, lines) = text_of(&fonts, &setting(24.0, 2), "青禾街道委员工作站");
    assert!((size - 6.0).abs() < 0.1, "{size}");
    assert_eq!(lines.len(), 2);
    assert!(lines[1].ends_with('…'), "{lines:?}");

    let (_, lines) = text_of(&fonts, &setting(24.0, 1), "青禾街道委员工作站");
    assert_eq!(lines, ["青禾…"]);
}

#[test]
fn breaks_and_invisible_signs_in_a_name_are_blanks() {
    let (_, lines) = text_of(&fonts(), &setting(200.0, 1), "青禾\r\n街道\u{7}  站");

    assert_eq!(lines, ["青禾 街道 站"]);
}

#[test]
fn a_name_that_runs_leftwards_stands_in_its_order() {
    let fonts = fonts();
    let line = super::shaping::shape_line(&fonts, Weight::Regular, "委员 ئابدۇ", 0.0).unwrap();

    let texts: Vec<String> =
        line.runs.iter().map(|run| run.glyphs.iter().map(|glyph| glyph.text.as_str()).collect()).collect();

    // From left to right on paper: the Chinese word, then the last letter of the name first.
    assert_eq!(texts.first().map(String::as_str), Some("委员 "));
    let name: String = texts[1..].concat();
    assert_eq!(name.chars().rev().collect::<String>(), "ئابدۇ");
}

#[test]
fn without_a_chinese_font_it_says_what_to_install() {
    let refused = Fonts::from_database(&fontdb::Database::new()).unwrap_err();

    assert!(matches!(refused, PosterError::NoChineseFont));
    assert!(refused.to_string().contains("fonts-noto-cjk"));
}

#[test]
fn a_character_that_no_font_has_is_named() {
    let mut odd = poster(PosterKind::Station, NAMES[0]);
    let Poster::Station { station, .. } = &mut odd else { unreachable!() };
    station.name = "青禾\u{10FFFD}站".to_owned();

    let refused = Posters::load().unwrap().pdf(&odd, A4).unwrap_err();

    assert!(matches!(refused, PosterError::NoGlyph { character: '\u{10FFFD}' }), "{refused}");
    assert!(refused.to_string().contains("U+10FFFD"));
}

#[test]
fn a_code_that_would_be_too_small_is_refused_with_its_size() {
    let mut long = poster(PosterKind::MemberCard, NAMES[0]);
    let Poster::MemberCard { code, .. } = &mut long else { unreachable!() };
    code.link = format!("https://code.example.cn/c/{}", "A".repeat(700));

    let refused = Posters::load().unwrap().pdf(&long, OWN).unwrap_err();

    let PosterError::CodeTooSmall { module_mm, .. } = refused else { panic!("{refused}") };
    assert!(module_mm < 0.4, "{module_mm}");
    assert!((reading_distance_m(77.0) - 0.77).abs() < 1e-6);
}

#[test]
fn a_poster_is_printed_on_its_papers_only() {
    let posters = Posters::load().unwrap();

    let card = posters.pdf(&poster(PosterKind::MemberCard, NAMES[0]), A4);
    let station = posters.pdf(&poster(PosterKind::Station, NAMES[0]), OWN);

    assert!(matches!(card, Err(PosterError::WrongPaper { paper: Paper::A4 })));
    assert!(matches!(station, Err(PosterError::WrongPaper { paper: Paper::Own })));
}

#[test]
fn resolutions_that_are_not_drawn_are_refused() {
    let (posters, station) = (Posters::load().unwrap(), poster(PosterKind::Station, NAMES[0]));
    let a3 = Print { paper: Paper::A3, margin: Margin::None };

    for (print, dpi) in [(A4, 0), (A4, 35), (A4, 601), (a3, 600)] {
        assert!(matches!(posters.png(&station, print, dpi), Err(PosterError::BadResolution { .. })), "{dpi}");
    }
}

#[test]
fn a_picture_is_as_wide_as_it_is_asked_for() {
    let (posters, station) = (Posters::load().unwrap(), poster(PosterKind::Station, NAMES[0]));
    let size_of = |file: &[u8]| {
        let picture = image::load_from_memory(file).unwrap();
        (picture.width(), picture.height())
    };

    let file = posters.png(&station, A4, Resolution::WidthPx(750)).unwrap();
    assert_eq!(size_of(&file), (750, 1_061));
    for px in [0, 297, 4_961] {
        let refused = posters.png(&station, A4, Resolution::WidthPx(px));
        assert!(matches!(refused, Err(PosterError::BadResolution { .. })), "{px}");
    }
}

#[test]
fn a_value_that_is_missing_takes_its_label_along() {
    let values = super::values::Values::of(&poster(PosterKind::Slip, NAMES[0])).fill("批次 {batch}");
    let filled = super::values::Values::of(&poster(PosterKind::Station, NAMES[0])).fill("批次 {batch}");

    assert_eq!((values, filled), (None, Some("批次 2026-12-A".to_owned())));
}

#[test]
fn templates_that_cannot_be_drawn_are_refused_when_they_are_read() {
    let svg =
        |body: &str| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 54">{body}</svg>"#);
    for (source, word) in [
        (r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#.to_owned(), "viewBox"),
        (svg(r#"<text x="1" y="5" font-size="4">{name}</text>"#), "data-width"),
        (svg(r#"<text x="1" y="5" data-width="30">{name}</text>"#), "font-size"),
        (svg(r#"<rect data-slot="portrai" x="1" y="1" width="9" height="9"/>"#), "portrai"),
        (svg(r#"<rect data-slot="code" x="1" y="1" width="9"/>"#), "height"),
        (svg(r#"<g opacity="0.5"><rect width="9" height="9"/></g>"#), "opacity"),
        (svg(r#"<rect width="9" height="9" fill-opacity="0.5"/>"#), "transparency"),
        (
            svg(
                r##"<linearGradient id="g"><stop stop-color="#fff"/><stop offset="1"/></linearGradient><rect width="9" height="9" fill="url(#g)"/>"##,
            ),
            "gradients",
        ),
        (svg(r#"<image width="9" height="9" href="data:image/png;base64,AA=="/>"#), "pictures"),
        ("<svg".to_owned(), "used"),
    ] {
        let refused = Template::parse(&source).unwrap_err();
        assert!(matches!(refused, PosterError::BadTemplate { .. }));
        assert!(refused.to_string().contains(word), "{refused} should name {word}");
    }
}

#[test]
fn a_template_of_an_editor_is_read_as_one_by_hand() {
    let by_hand = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 54"><text x="10" y="20" font-size="4"
        font-weight="bold" fill="#9b1b1e" text-anchor="middle" data-width="30">{station}</text></svg>"##;
    let by_editor = r##"<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="54mm" viewBox="0 0 90 54">
        <g transform="translate(4 5)"><text data-width="30" style="font-size:4px;font-weight:700;fill:#9b1b1e;text-anchor:middle">
        <tspan x="6" y="15">{station}</tspan></text></g></svg>"##;

    let [hand, editor] = [by_hand, by_editor].map(|source| Template::parse(source).unwrap().slots.remove(0));

    assert_eq!(format!("{:?}", hand.kind), format!("{:?}", editor.kind));
    assert_eq!(hand.colour, editor.colour);
    let places = [hand, editor].map(|slot| on_template(slot.place, slot.transform));
    assert!(contains(places[0], places[1]) && contains(places[1], places[0]), "{places:?}");
}
