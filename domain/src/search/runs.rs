//! Texts in runs: of characters written without blanks between words, and of letters and digits.

use crate::text::half_width;

/// The longest run of letters and digits that is told apart; of longer ones the beginning counts.
const LONGEST_WORD: usize = 64;

/// A part of a text without anything between that is neither letter nor digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Run {
    /// Characters written without blanks.
    Han(Vec<char>),
    /// Letters and digits, small.
    Word(String),
}

/// A text as it is compared: small letters, and full-width forms (ＡＢ１２) as plain ones.
#[must_use]
pub fn folded(text: &str) -> String {
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

fn narrow(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        other => half_width(other),
    }
}

/// Whether a script has no blanks between words: Chinese characters, kana, hangul.
const fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{3005}' | '\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The runs of a text, in order.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut joined = false;
    for character in folded(text).chars() {
        if is_unspaced(character) {
            match runs.last_mut() {
                Some(Run::Han(run)) if joined => run.push(character),
                _ => runs.push(Run::Han(vec![character])),
            }
        } else if character.is_alphanumeric() {
            match runs.last_mut() {
                Some(Run::Word(run)) if joined => {
                    if run.chars().count() < LONGEST_WORD {
                        run.push(character);
                    }
                }
                _ => runs.push(Run::Word(character.to_string())),
            }
        } else {
            joined = false;
            continue;
        }
        joined = true;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_runs_at_whatever_is_no_letter() {
        let han = |text: &str| Run::Han(text.chars().collect());
        let word = |text: &str| Run::Word(text.to_owned());
        assert_eq!(
            runs("１２号楼，3-B 单元的Lift坏了！"),
            [word("12"), han("号楼"), word("3"), word("b"), han("单元的"), word("lift"), han("坏了")]
        );
        assert_eq!(runs("😀，。"), []);
        assert_eq!(runs(&"a".repeat(100)), [word(&"a".repeat(64))]);
    }
}
