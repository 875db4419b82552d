//! A message written as XML, as WeChat writes it: texts in CDATA, a list as repeated elements, the lists of
//! message events one element deeper than in JSON.

use serde_json::{Map, Value};

/// The message below `<xml>`.
pub(super) fn write(message: &Map<String, Value>) -> String {
    let mut out = String::from("<xml>");
    let event = message.get("Event").and_then(Value::as_str).unwrap_or_default();
    for (name, value) in message {
        match container(event).filter(|_| name == "List") {
            Some(outer) => {
                out.push_str(&format!("<{outer}>"));
                element(&mut out, name, value);
                out.push_str(&format!("</{outer}>"));
            }
            None => element(&mut out, name, value),
        }
    }
    out.push_str("</xml>");
    out
}

/// The element around the list of a message event.
fn container(event: &str) -> Option<&'static str> {
    match event {
        "subscribe_msg_popup_event" => Some("SubscribeMsgPopupEvent"),
        "subscribe_msg_change_event" => Some("SubscribeMsgChangeEvent"),
        "subscribe_msg_sent_event" => Some("SubscribeMsgSentEvent"),
        _ => None,
    }
}

fn element(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| element(out, name, one)),
        Value::Object(members) => {
            out.push_str(&format!("<{name}>"));
            members.iter().for_each(|(name, value)| element(out, name, value));
            out.push_str(&format!("</{name}>"));
        }
        Value::String(text) => {
            let safe = text.replace("]]>", "]]]]><![CDATA[>");
            out.push_str(&format!("<{name}><![CDATA[{safe}]]></{name}>"));
        }
        Value::Null => out.push_str(&format!("<{name}/>")),
        Value::Number(_) | Value::Bool(_) => out.push_str(&format!("<{name}>{value}</{name}>")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_repeated_and_lie_in_an_element_of_their_event() {
        let message = json!({ "Event": "subscribe_msg_popup_event", "List": [{ "A": "1" }, { "A": 2 }] });
        let Value::Object(message) = message else { panic!("no object") };
        assert_eq!(
            write(&message),
            "<xml><Event><![CDATA[subscribe_msg_popup_event]]></Event><SubscribeMsgPopupEvent>\
             <List><A><![CDATA[1]]></A></List><List><A>2</A></List></SubscribeMsgPopupEvent></xml>"
        );
    }

    #[test]
    fn a_text_can_not_break_out() {
        let Value::Object(message) = json!({ "A": "]]><b>" }) else { panic!("no object") };
        assert_eq!(write(&message), "<xml><A><![CDATA[]]]]><![CDATA[><b>]]></A></xml>");
    }
}
