//! What somebody types into a search field, cut into what is looked for.

use std::str::FromStr;

use uuid::Uuid;

use super::runs::{Run, folded, runs};
use super::{NUMBER_PART, link, number_parts};
use crate::case::CaseNumber;

/// How many words can be looked for at once.
pub const MOST_WORDS: usize = 8;
/// From how many characters on a word may also be somebody's name.
const SHORTEST_NAME: usize = 2;
/// How many digits a part of a number has at most.
const MOST_DIGITS: usize = 10;

/// What the terms of a case must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// This term.
    Term(String),
    /// A term that begins so.
    Begins(String),
    /// All of these; never empty.
    All(Vec<Match>),
    /// One of these; never empty.
    Any(Vec<Match>),
}

/// A search text that can't be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// More than [`MOST_WORDS`] words.
    #[error("more than {MOST_WORDS} words")]
    TooManyWords,
}

/// One word of a search: what stands between blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    typed: String,
    text: Match,
}

/// What is looked for: cases that have all of the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The whole search text as a case's number.
    pub number: Option<CaseNumber>,
    /// Its words; none when there is nothing in it but marks, and then nothing is found.
    pub words: Vec<Word>,
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let text = folded(text);
        let number = text.replace(['-', ' '], "").parse().ok();
        let words: Vec<Word> = text.split_whitespace().filter_map(Word::parse).collect();
        if words.len() > MOST_WORDS && number.is_none() {
            return Err(QueryError::TooManyWords);
        }
        Ok(Self { number, words })
    }
}

impl Word {
    fn parse(typed: &str) -> Option<Self> {
        let mut all: Vec<Match> = Vec::new();
        for run in runs(typed) {
            match run {
                Run::Word(word) => all.push(Match::Term(word)),
                Run::Han(run) => match run.as_slice() {
                    [single] => all.push(Match::Begins(single.to_string())),
                    run => all.extend(run.windows(2).map(|pair| Match::Term(pair.iter().collect()))),
                },
            }
        }
        Some(Self { typed: typed.to_owned(), text: one_of_or(all, Match::All)? })
    }

    /// The word as it was typed, in small letters: for comparing it with names.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether it may be a name.
    #[must_use]
    pub fn may_be_name(&self) -> bool {
        self.typed.chars().count() >= SHORTEST_NAME
    }

    /// The digits of which it consists, if it may be a part of a number.
    #[must_use]
    pub fn digits(&self) -> Option<&str> {
        let all_digits = self.typed.bytes().all(|byte| byte.is_ascii_digit());
        (all_digits && (NUMBER_PART..=MOST_DIGITS).contains(&self.typed.len())).then_some(self.typed.as_str())
    }

    /// What a case must hold in its texts, or point to: `links` are the ids of what bears the word in its
    /// name.
    #[must_use]
    pub fn in_texts_or_names(&self, links: &[Uuid]) -> Match {
        let links = links.iter().map(|id| Match::Term(link(*id)));
        any(std::iter::once(self.text.clone()).chain(links).collect(), &self.text)
    }

    /// The same, or in its number. The parts of a number may stand apart: whoever looks for more than
    /// [`Self::digits`] of three compares the number, too.
    #[must_use]
    pub fn anywhere(&self, links: &[Uuid]) -> Match {
        let elsewhere = self.in_texts_or_names(links);
        let parts = self.digits().map(|digits| number_parts(digits).map(Match::Term).collect());
        match parts.and_then(|parts| one_of_or(parts, Match::All)) {
            Some(number) => Match::Any(vec![elsewhere, number]),
            None => elsewhere,
        }
    }

    /// Whether the parts of a number that it has can stand apart in one.
    #[must_use]
    pub fn has_many_digits(&self) -> bool {
        self.digits().is_some_and(|digits| digits.len() > NUMBER_PART)
    }
}

/// The only one, or all of them together; nothing for none.
pub(super) fn one_of_or(mut matches: Vec<Match>, together: fn(Vec<Match>) -> Match) -> Option<Match> {
    match matches.len() {
        0 => None,
        1 => matches.pop(),
        _ => Some(together(matches)),
    }
}

fn any(matches: Vec<Match>, otherwise: &Match) -> Match {
    one_of_or(matches, Match::Any).unwrap_or_else(|| otherwise.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Terms;
    use super::*;

    fn finds(query: &str, text: &str) -> bool {
        let (query, mut terms): (Query, _) = (query.parse().unwrap(), Terms::default());
        terms.add_text(text);
        terms.add_number("3810472956");
        !query.words.is_empty() && query.words.iter().all(|word| terms.are_found_by(&word.anywhere(&[])))
    }

    #[test]
    fn what_stands_in_a_text_is_found_and_nothing_else() {
        let text = "广武门街道１２号楼3单元的电梯坏了，已报Lift公司";
        for found in
            ["电梯", "梯坏", "广武门", "12", "lift", "LIFT 电梯", "坏", "了", "司", "单元的电梯", "12号楼"]
        {
            assert!(finds(found, text), "{found}");
        }
        for lost in ["路灯", "电梯 路灯", "lif", "1", "楼梯", "，。", "公路"] {
            assert!(!finds(lost, text), "{lost}");
        }
    }

    #[test]
    fn a_part_of_the_number_is_enough_from_three_digits_on() {
        for found in ["381", "0472", "956", "3810472956"] {
            assert!(finds(found, ""), "{found}");
        }
        assert!(!finds("38", "") && !finds("382", "") && !finds("38104729560", ""));
        let grouped: Query = "381-0472-956".parse().unwrap();
        assert_eq!(grouped.number, "3810472956".parse().ok());
    }

    #[test]
    fn there_are_not_too_many_words() {
        assert_eq!("一 二 三 四 五 六 七 八 九".parse::<Query>(), Err(QueryError::TooManyWords));
        assert_eq!("一 二 三 四 五 六 七 八 ，".parse::<Query>().unwrap().words.len(), MOST_WORDS);
        assert!("？！".parse::<Query>().unwrap().words.is_empty());
    }

    #[test]
    fn what_bears_the_name_is_found_by_its_id() {
        let id = Uuid::from_u128(7);
        let mut terms = Terms::default();
        terms.add_link(id);
        let query: Query = "示例".parse().unwrap();
        let word = query.words.first().unwrap();
        assert!(terms.are_found_by(&word.anywhere(&[Uuid::from_u128(8), id])));
        assert!(!terms.are_found_by(&word.anywhere(&[Uuid::from_u128(8)])));
    }

    proptest! {
        /// Whatever is cut out of a text finds it, unless the cut goes through a word of letters.
        #[test]
        fn every_piece_of_chinese_text_finds_it(text in "[一-龥]{2,30}", from in 0_usize..28, length in 1_usize..20) {
            let characters: Vec<char> = text.chars().collect();
            let piece: String = characters.iter().skip(from).take(length).collect();
            prop_assume!(!piece.is_empty());
            prop_assert!(finds(&piece, &text));
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in "\\PC{0,60}") {
            if let Ok(query) = text.parse::<Query>() {
                prop_assert!(query.words.iter().all(|word| !word.typed().contains(' ')));
            }
        }
    }
}
