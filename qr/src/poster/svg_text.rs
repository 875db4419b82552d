//! Attributes of SVG texts as editors write them: directly, in `style`, or on a parent.

use roxmltree::Node;

use crate::poster::template::Anchor;

/// The nearest value of a property, on the element or on what it stands in.
pub(crate) fn property<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.ancestors().find_map(|node| in_style(node, name).or_else(|| node.attribute(name)))
}

fn in_style<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let declarations = node.attribute("style")?.split(';');
    declarations
        .filter_map(|one| one.split_once(':'))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim())
}

/// A number of the element itself.
pub(crate) fn number(node: Node<'_, '_>, name: &str) -> Option<f32> {
    plain(node.attribute(name)?)
}

/// A length, inherited if need be; Inkscape puts positions of a text on its first line.
pub(crate) fn length(node: Node<'_, '_>, name: &str) -> Option<f32> {
    if matches!(name, "x" | "y") {
        return number(node, name).or_else(|| node.descendants().find_map(|child| number(child, name)));
    }
    plain(property(node, name)?)
}

/// A unit of the template is a millimetre, which SVG calls `px`.
fn plain(value: &str) -> Option<f32> {
    value.trim().trim_end_matches("px").parse().ok().filter(|number: &f32| number.is_finite())
}

/// The words of a text and of all that stands in it. The blanks of XML are one blank; the wide one of Chinese is kept.
pub(crate) fn words(node: Node<'_, '_>) -> String {
    let text = |child: Node<'_, '_>| child.is_text().then(|| child.text().unwrap_or_default().to_owned());
    let words: String = node.descendants().filter_map(text).collect();
    words.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn anchor_of(node: Node<'_, '_>) -> Anchor {
    match property(node, "text-anchor") {
        Some("middle") => Anchor::Middle,
        Some("end") => Anchor::End,
        _ => Anchor::Start,
    }
}
