//! XML as WeChat writes it, read into the same values as its JSON: an element is a text, or an object of its
//! elements; several of one name are a list.
//!
//! No document type, no entity but those of XML itself, no reference to anything outside.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// How deep elements may lie; real ones lie four deep.
const DEEPEST: usize = 8;

/// An element that is being read.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    members: Map<String, Value>,
}

impl Element {
    fn put(&mut self, name: String, value: Value) {
        match self.members.get_mut(&name) {
            None => drop(self.members.insert(name, value)),
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    fn value(self) -> Value {
        if self.members.is_empty() { Value::String(self.text) } else { Value::Object(self.members) }
    }
}

/// The content of the root element; nothing if it is no XML of this kind.
pub(super) fn read(xml: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(xml).ok()?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if root.is_some() || open.len() >= DEEPEST {
                    return None;
                }
                open.push(Element { name: start.name().as_ref().to_owned(), ..Element::default() });
            }
            Event::Empty(empty) => {
                let name = empty.name().as_ref().to_owned();
                open.last_mut()?.put(name, Value::String(String::new()));
            }
            Event::End(_) => {
                let element = open.pop()?;
                match open.last_mut() {
                    Some(parent) => {
                        let name = element.name.clone();
                        parent.put(name, element.value());
                    }
                    None => root = Some(element.value()),
                }
            }
            Event::Text(part) => {
                match open.last_mut() {
                    // What stands between elements is layout.
                    Some(element) => element.text.push_str(part.trim()),
                    None if part.trim().is_empty() => {}
                    None => return None,
                }
            }
            Event::CData(part) => open.last_mut()?.text.push_str(&part),
            Event::GeneralRef(reference) => {
                let known = match reference.resolve_char_ref().ok()? {
                    Some(character) => character,
                    None => entity(&reference)?,
                };
                open.last_mut()?.text.push(known);
            }
            Event::Decl(_) | Event::Comment(_) => {}
            Event::PI(_) | Event::DocType(_) => return None,
            Event::Eof => return if open.is_empty() { root } else { None },
        }
    }
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_become_texts_objects_and_lists() {
        let xml =
            "<?xml version=\"1.0\"?>\n<xml>\n  <A><![CDATA[<一&二>]]></A><B>1 &lt; 2 &#20013;</B>\n <C/>
            <D><List><X>1</X></List><List><X>2</X></List></D></xml>\n";
        let read = read(xml.as_bytes()).unwrap();
        assert_eq!(
            read,
            json!({ "A": "<一&二>", "B": "1<2中", "C": "", "D": { "List": [{ "X": "1" }, { "X": "2" }] } })
        );
    }

    #[test]
    fn what_reaches_out_or_blows_up_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(20), "</a>".repeat(20));
        for xml in [
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>",
            "<a>&unknown;</a>",
            "<a><b></a></b>",
            "<a>",
            "<a/><b/>",
            "text",
            "",
            &deep,
        ] {
            assert_eq!(read(xml.as_bytes()), None, "{xml}");
        }
    }

    proptest! {
        #[test]
        fn no_input_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn nor_does_any_that_looks_like_xml(text in "[<>/a-c&;#!\\[\\]\\-\" ?x0-9]{0,120}") {
            let _ = read(text.as_bytes());
        }
    }
}
