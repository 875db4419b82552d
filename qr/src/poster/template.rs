//! A template: an SVG file in which texts with `{placeholders}` and rectangles with `data-slot` are the places that
//! a poster fills, and everything else is drawn as it is. `docs/POSTERS.md` tells designers how.

use roxmltree::{Document, Node};
use usvg::{NonZeroRect, Transform, Tree};

use crate::drawing::Rgb;
use crate::poster::art;
use crate::poster::error::PosterError;
use crate::poster::fitting::{ABOVE, BELOW, Setting};
use crate::poster::fonts::Weight;
use crate::poster::svg_text::{anchor_of, length, number, property, words};
use crate::vector;

/// A text's box without `data-height` is so much higher than the text.
const BOX_PER_SIZE: f32 = 1.25;
/// A text without `data-floor` may become so much smaller.
const FLOOR_PER_SIZE: f32 = 0.6;

/// A template, ready to be filled.
#[derive(Debug)]
pub(crate) struct Template {
    /// Width and height in millimetres.
    pub(crate) size_mm: (f32, f32),
    /// How many of it lie side by side and below each other on a sheet.
    pub(crate) cells: (usize, usize),
    /// Whether the first row of them stands on its head, to be folded.
    pub(crate) first_row_turned: bool,
    /// What is drawn as it is, in the units of the file.
    pub(crate) art: Tree,
    /// Millimetres for one unit of [`Self::art`].
    pub(crate) mm_per_unit: f32,
    /// What is filled.
    pub(crate) slots: Vec<Slot>,
}

/// A place that a poster fills.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) kind: SlotKind,
    /// The place, in millimetres before [`Self::transform`].
    pub(crate) place: Place,
    /// From there to the template, in millimetres.
    pub(crate) transform: Transform,
    pub(crate) colour: Rgb,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Where in its box a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// What fills a place.
#[derive(Debug)]
pub(crate) enum SlotKind {
    /// Words, with the names of values in braces.
    Text { words: String, setting: Setting, anchor: Anchor },
    /// The code with its quiet zone.
    Code,
    /// The portrait of a member; round or square.
    Portrait { round: bool },
    /// A coloured area that is there only together with a value.
    Area { with: String },
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`PosterError::BadTemplate`].
    pub(crate) fn parse(source: &str) -> Result<Self, PosterError> {
        let document = Document::parse(source).map_err(bad)?;
        let root = document.root_element();
        let size_mm = view_box(root)?;
        if document.descendants().any(|node| node.tag_name().name() == "image") {
            return Err(bad("pictures are not drawn; use paths, or data-slot=\"portrait\""));
        }
        let nodes: Vec<Node<'_, '_>> = document
            .descendants()
            .filter(|node| {
                node.has_tag_name("text") || node.tag_name().name() == "text" || slot_name(*node).is_some()
            })
            .collect();
        let drafts = nodes.iter().map(|node| Draft::read(*node)).collect::<Result<Vec<_>, _>>()?;

        let marked =
            replaced(source, &nodes, |at| drafts.get(at).map(|draft| draft.marker(at)).unwrap_or_default());
        let places = vector::parse(&marked).map_err(bad)?;
        let mm_per_unit = size_mm.0 / places.size().width();
        let slots = drafts
            .into_iter()
            .enumerate()
            .map(|(at, draft)| draft.find(&places, at, mm_per_unit))
            .collect::<Result<Vec<_>, _>>()?;

        let art = vector::parse(&replaced(source, &nodes, |_| String::new())).map_err(bad)?;
        art::check(art.root())?;
        let count = |name| {
            let count = root.attribute(name).map_or(Ok(1), str::parse);
            count
                .ok()
                .filter(|count| (1..=10).contains(count))
                .ok_or_else(|| bad(format!("{name} is no count")))
        };
        Ok(Self {
            size_mm,
            cells: (count("data-across")?, count("data-down")?),
            first_row_turned: root.attribute("data-turned") == Some("first"),
            art,
            mm_per_unit,
            slots,
        })
    }
}

pub(crate) fn bad(reason: impl std::fmt::Display) -> PosterError {
    PosterError::BadTemplate { reason: reason.to_string() }
}

fn slot_name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute("data-slot")
}

/// One unit of the view box is one millimetre.
fn view_box(root: Node<'_, '_>) -> Result<(f32, f32), PosterError> {
    let numbers: Vec<f32> = root
        .attribute("viewBox")
        .unwrap_or_default()
        .split([' ', ','])
        .filter_map(|number| number.parse().ok())
        .collect();
    match numbers.as_slice() {
        [0.0, 0.0, width, height] if *width > 0.0 && *height > 0.0 => Ok((*width, *height)),
        _ => Err(bad("its viewBox is not 0 0 WIDTH HEIGHT in millimetres")),
    }
}

/// The source with other words in place of these elements.
fn replaced(source: &str, nodes: &[Node<'_, '_>], words: impl Fn(usize) -> String) -> String {
    let mut out = String::with_capacity(source.len());
    let mut done = 0;
    for (at, node) in nodes.iter().enumerate() {
        let range = node.range();
        out.push_str(source.get(done..range.start).unwrap_or_default());
        out.push_str(&words(at));
        done = range.end;
    }
    out.push_str(source.get(done..).unwrap_or_default());
    out
}

/// A place as it stands in the file, before it is known where that is on the page.
struct Draft {
    kind: SlotKind,
    place: Place,
    /// Attributes by which usvg finds colour and position.
    looks: String,
}

impl Draft {
    fn read(node: Node<'_, '_>) -> Result<Self, PosterError> {
        let mut looks = String::new();
        for name in ["fill", "style", "transform", "class"] {
            if let Some(value) = node.attribute(name) {
                looks.push_str(&format!(
                    r#" {name}="{}""#,
                    value.replace('&', "&amp;").replace('"', "&quot;")
                ));
            }
        }
        let (kind, place) = match slot_name(node) {
            None => text(node)?,
            Some("code") => (SlotKind::Code, rectangle(node)?),
            Some("portrait") => {
                let place = rectangle(node)?;
                let round = number(node, "rx").is_some_and(|radius| radius * 2.0 >= place.width * 0.99);
                (SlotKind::Portrait { round }, place)
            }
            Some("area") => {
                let with = node.attribute("data-with").ok_or_else(|| bad("an area without data-with"))?;
                (SlotKind::Area { with: with.to_owned() }, rectangle(node)?)
            }
            Some(other) => return Err(bad(format!("data-slot={other:?} is unknown"))),
        };
        Ok(Self { kind, place, looks })
    }

    /// A rectangle by which usvg finds out where the place is.
    fn marker(&self, at: usize) -> String {
        let Place { x, y, width, height } = self.place;
        let looks = &self.looks;
        format!(r#"<rect id="slot-{at}" x="{x}" y="{y}" width="{width}" height="{height}"{looks}/>"#)
    }

    fn find(self, places: &Tree, at: usize, mm_per_unit: f32) -> Result<Slot, PosterError> {
        let node = places.node_by_id(&format!("slot-{at}"));
        let Some(usvg::Node::Path(path)) = node else {
            return Err(bad(format!("{:?} is not visible", self.kind)));
        };
        let colour = match path.fill().map(usvg::Fill::paint) {
            Some(usvg::Paint::Color(colour)) => Rgb(colour.red, colour.green, colour.blue),
            _ => return Err(bad(format!("{:?} has no plain colour", self.kind))),
        };
        let transform = path.abs_transform().post_scale(mm_per_unit, mm_per_unit);
        Ok(Slot { kind: self.kind, place: self.place, transform, colour })
    }
}

fn rectangle(node: Node<'_, '_>) -> Result<Place, PosterError> {
    let side = |name| number(node, name).ok_or_else(|| bad(format!("a slot without {name}")));
    let place = Place { x: side("x")?, y: side("y")?, width: side("width")?, height: side("height")? };
    NonZeroRect::from_xywh(place.x, place.y, place.width, place.height)
        .map(|_| place)
        .ok_or_else(|| bad("a slot without any area"))
}

/// A text: its first base line stands at `y` while it fits into one line of its size.
fn text(node: Node<'_, '_>) -> Result<(SlotKind, Place), PosterError> {
    let words = words(node);
    let missing = |name: &str| bad(format!("the text {words:?} has no {name}"));
    let size = length(node, "font-size").ok_or_else(|| missing("font-size"))?;
    let width = number(node, "data-width").ok_or_else(|| missing("data-width"))?;
    let height = number(node, "data-height").unwrap_or(size * BOX_PER_SIZE);
    let (x, y) = (length(node, "x").unwrap_or_default(), length(node, "y").unwrap_or_default());
    let bold = property(node, "font-weight").is_some_and(|weight| weight == "bold" || weight >= "600");
    let setting = Setting {
        weight: if bold { Weight::Bold } else { Weight::Regular },
        size,
        floor: number(node, "data-floor").unwrap_or(size * FLOOR_PER_SIZE),
        width,
        height,
        lines: if node.attribute("data-lines") == Some("2") { 2 } else { 1 },
        spacing: length(node, "letter-spacing").unwrap_or_default() / size,
    };
    let anchor = anchor_of(node);
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    // The middle of a line lies in the middle of its box.
    let top = y - size * (ABOVE - BELOW) / 2.0 - height / 2.0;
    Ok((SlotKind::Text { words, setting, anchor }, Place { x: left, y: top, width, height }))
}
