//! Texts that people write, each with its limit: parsed once at the edge, trusted afterwards.
//!
//! A text is trimmed, must not be blank, holds no control characters except line breaks and tabs,
//! and is limited in characters (what people count) and in bytes (what the database stores).

use serde::{Deserialize, Serialize};

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("blank")]
    Blank,
    /// More characters than allowed.
    #[error("longer than {max} characters")]
    TooLong {
        /// The limit in characters.
        max: usize,
    },
    /// A control character, for example NUL.
    #[error("holds a control character")]
    ControlCharacter,
    /// No phone number.
    #[error("no phone number")]
    NotAPhone,
}

/// The plain twin of a full-width form of ASCII (ＡＢ１２, U+FF01 to U+FF5E); any other character itself.
pub(crate) fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        other => other,
    }
}

/// The trimmed text, if it keeps to the limit.
fn parse(raw: &str, max: usize) -> Result<String, TextError> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(TextError::Blank);
    }
    // Four bytes are the longest character of UTF-8: the byte check is free and bounds the count.
    if text.len() > max * 4 || text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TextError::ControlCharacter);
    }
    Ok(text.to_owned())
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident <= $max:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MAX: usize = $max;

            /// Checks and trims.
            ///
            /// # Errors
            /// Blank, too long, or holding control characters.
            pub fn parse(raw: &str) -> Result<Self, TextError> {
                parse(raw, Self::MAX).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextError;
            fn from_str(raw: &str) -> Result<Self, TextError> {
                Self::parse(raw)
            }
        }
    )+};
}

texts! {
    /// What a resident reports.
    CaseText <= 2000,
    /// What a member answers, or a department replies.
    AnswerText <= 4000,
    /// Why something was done: return, reassign, reject, contest.
    Reason <= 500,
    /// A question to the resident, a request to a department, a promise, an explanation, a note.
    Remark <= 1000,
    /// A comment with a rating.
    Comment <= 500,
    /// The name of a person or a place.
    Name <= 60,
    /// What somebody calls a list that he keeps.
    ViewName <= 40,
    /// An address, or where a code hangs.
    Place <= 200,
}

impl Name {
    /// The name with all but its first character hidden, for lists that staff read: `王**`.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.chars().enumerate().map(|(place, c)| if place == 0 { c } else { '*' }).collect()
    }
}

/// A mainland China mobile or landline number, digits only: 7 to 15 of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Keeps the digits of what was typed; blanks, hyphens, brackets and a leading `+` are fine.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.chars().count() > 30 {
            return None;
        }
        let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
        let clean =
            raw.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '+'));
        (clean && (7..=15).contains(&digits.len())).then_some(Self(digits))
    }

    /// The digits. Personal data: never into a log.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with its middle hidden, for staff: `138****0001`.
    #[must_use]
    pub fn masked(&self) -> String {
        let shown = if self.0.len() >= 11 { 3 } else { 0 };
        let tail = 4.min(self.0.len());
        let (head, last) =
            (self.0.get(..shown).unwrap_or(""), self.0.get(self.0.len() - tail..).unwrap_or(""));
        format!("{head}****{last}")
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phone(****)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_counted_in_characters() {
        assert_eq!(Reason::parse("  路灯不亮 \n").map(Reason::into_string), Ok("路灯不亮".to_owned()));
        assert!(Reason::parse(&"灯".repeat(500)).is_ok());
        assert_eq!(Reason::parse(&"灯".repeat(501)), Err(TextError::TooLong { max: 500 }));
        assert_eq!(Reason::parse(&"😀".repeat(501)), Err(TextError::TooLong { max: 500 }));
    }

    #[test]
    fn a_blank_text_and_a_control_character_are_refused() {
        assert_eq!(Reason::parse("\u{3000} \n"), Err(TextError::Blank));
        assert_eq!(Reason::parse("a\0b"), Err(TextError::ControlCharacter));
        assert!(Reason::parse("一行\n两行").is_ok());
    }

    #[test]
    fn a_name_is_shown_by_its_first_character() {
        assert_eq!(Name::parse("示例人").unwrap().masked(), "示**");
        assert_eq!(Name::parse("甲").unwrap().masked(), "甲");
    }

    #[test]
    fn a_phone_number_is_kept_as_digits_and_shown_masked() {
        let phone = Phone::parse(" +86 199-0000-0001 ").unwrap();
        assert_eq!(phone.as_str(), "8619900000001");
        assert_eq!(Phone::parse("19900000001").unwrap().masked(), "199****0001");
        assert_eq!(Phone::parse("8765432").unwrap().masked(), "****5432");
        assert_eq!(format!("{phone:?}"), "Phone(****)");
        for bad in ["", "123", "call me", "1990000000119900000011", "199000x0001"] {
            assert!(Phone::parse(bad).is_none(), "{bad}");
        }
    }
}
