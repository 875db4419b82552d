//! Finding names and keywords in what people write: both sides are folded once, then compared.
//!
//! Folding turns full-width ASCII into ASCII and capitals into small letters, and leaves out blanks and the
//! dots inside names, so that `买买提·示例`, `买买提 示例` and `买买提・示例` are one name. Traditional and
//! simplified characters stay different. A hit across a blank ('张 三' in '紧张 三楼') is accepted: that a
//! member is passed over wrongly costs less than that he judges his own case.

use serde::{Deserialize, Serialize};

use crate::text::half_width;

/// A name or keyword, kept as people see it and folded for search. JSON: the string as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Word {
    shown: Box<str>,
    folded: Box<str>,
    /// Length of `folded` in characters.
    length: usize,
}

impl Word {
    /// The word as people write it.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// Length in characters, blanks and dots not counted.
    pub fn length(&self) -> usize {
        self.length
    }
}

impl From<String> for Word {
    fn from(shown: String) -> Self {
        let folded: Box<str> = fold(&shown).into();
        Self { length: folded.chars().count(), folded, shown: shown.into() }
    }
}

impl From<&str> for Word {
    fn from(shown: &str) -> Self {
        shown.to_owned().into()
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        word.shown.into()
    }
}

/// A resident's text, folded once for many searches.
#[derive(Debug)]
pub(super) struct FoldedText(String);

impl FoldedText {
    /// Folds the text; the cost is one pass.
    pub(super) fn new(text: &str) -> Self {
        Self(fold(text))
    }

    /// Whether the word occurs. A word of nothing but blanks never does.
    pub(super) fn contains(&self, word: &Word) -> bool {
        word.length > 0 && self.0.contains(&*word.folded)
    }
}

fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().filter_map(fold_char));
    folded
}

fn fold_char(c: char) -> Option<char> {
    let c = half_width(c);
    let is_dot = matches!(c, '.' | '·' | '•' | '‧' | '⋅' | '・' | '･' | '\u{2E31}');
    let is_blank = c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
    (!is_dot && !is_blank).then(|| c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(text: &str, word: &str) -> bool {
        FoldedText::new(text).contains(&word.into())
    }

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        for text in
            ["与甲一明有关", "与甲 一 明有关", "与甲\u{3000}一明有关", "与甲\u{200B}一\n明有关", "甲·一・明"]
        {
            assert!(finds(text, "甲一明"), "{text:?}");
        }
        assert!(finds("买买提・示例 说的", "买买提·示例"));
        assert!(finds("找ＬＩ　ｓｈｉ 问", "Li Shi"));
        assert!(!finds("与甲一名有关", "甲一明"));
    }

    #[test]
    fn nothing_is_not_found_in_anything() {
        assert!(!finds("任何文字", ""));
        assert!(!finds("任何 文字", "\u{3000}·"));
    }

    #[test]
    fn a_word_is_kept_as_people_write_it() {
        let word: Word = serde_json::from_str(r#""Ｗｉ Ｆｉ""#).unwrap();
        assert_eq!((word.as_str(), word.length()), ("Ｗｉ Ｆｉ", 4));
        assert_eq!(serde_json::to_string(&word).unwrap(), r#""Ｗｉ Ｆｉ""#);
    }

    proptest! {
        #[test]
        fn a_word_is_found_in_every_text_that_holds_it(
            before in ".{0,20}", word in "[a-zA-Z一-龥·　 ]{0,5}[a-zA-Z一-龥]", after in ".{0,20}",
        ) {
            let text = format!("{before}{word}{after}");
            prop_assert!(finds(&text, &word), "{text:?} {word:?}");
        }

        #[test]
        fn folding_twice_is_folding_once(text in ".{0,60}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
