//! Values that WeChat writes in several ways: a number as a text, one of a list without the list.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// One value, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    pub(super) fn into_vec(self) -> Vec<T> {
        match self {
            Self::Many(all) => all,
            Self::One(one) => vec![one],
        }
    }
}

/// A text, or a number written as one.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(optional_text(deserializer)?.unwrap_or_default())
}

pub(super) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// A number, also one in a text; none when it is no number.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(optional_text(deserializer)?.and_then(|text| text.trim().parse().ok()))
}

/// Numbers, one or many, also several in one text: `"8"`, `8`, `"8,13"`, `["8", 13]`.
pub(super) fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let all: OneOrMany<Value> = OneOrMany::deserialize(deserializer)?;
    let texts = all.into_vec().into_iter().map(|value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    });
    Ok(texts.flat_map(|text| numbers_in(&text)).collect())
}

fn numbers_in(text: &str) -> Vec<i64> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

/// Texts, one or many; nothing is none.
pub(super) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let all: OneOrMany<Value> = OneOrMany::deserialize(deserializer)?;
    let text = |value| match value {
        Value::String(text) => Some(text),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    Ok(all.into_vec().into_iter().filter_map(text).collect())
}
