//! A field of a change: left as it is, emptied, or set.

use serde::{Deserialize, Deserializer};

/// What becomes of a field that may be empty. In JSON: absent, `null`, or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// It stays.
    #[default]
    Keep,
    /// It is emptied.
    Clear,
    /// It is set.
    Set(T),
}

impl<T> Patch<T> {
    /// Does it.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// The same with another value.
    #[must_use]
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(turn(value)),
        }
    }

    /// The same with another value; `None` where the value is no good.
    pub fn try_map<U>(self, turn: impl FnOnce(T) -> Option<U>) -> Option<Patch<U>> {
        match self {
            Self::Keep => Some(Patch::Keep),
            Self::Clear => Some(Patch::Clear),
            Self::Set(value) => turn(value).map(Patch::Set),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        notice: Patch<String>,
    }

    #[test]
    fn an_absent_field_stays_and_a_null_empties_it() {
        let after = |json: &str| {
            let mut notice = Some("旧".to_owned());
            serde_json::from_str::<Change>(json).unwrap().notice.apply(&mut notice);
            notice
        };
        assert_eq!(after("{}").as_deref(), Some("旧"));
        assert_eq!(after(r#"{"notice":null}"#), None);
        assert_eq!(after(r#"{"notice":"新"}"#).as_deref(), Some("新"));
    }
}
