//! Search: how a text is cut into the terms of an index, and how what somebody types is cut the same way.
//!
//! Chinese has no blanks between words. Texts are cut into pairs of neighbouring characters, so that
//! whatever stands in a text in one piece is found, also names and places that no dictionary knows.
//! Start reading at [`Terms`], what is kept of a case, and [`Query`], what is looked for.

mod query;
mod runs;
mod terms;
mod weeks;

pub use query::{MOST_WORDS, Match, Query, QueryError, Word};
pub use runs::folded;
pub use terms::Terms;
pub use weeks::{Week, came_in};

/// Which way of cutting an index was made by. A case that was indexed by another one is indexed again.
pub const SEGMENTER: i32 = 2;

/// Before a part of a case's number: no text has it in a term.
const NUMBER_MARK: char = '#';
/// Before the id of what a case points to.
const LINK_MARK: char = '@';
/// How many digits of a number stand together in a term: the shortest part that is found.
const NUMBER_PART: usize = 3;

/// The parts of a number by which it is found.
fn number_parts(digits: &str) -> impl Iterator<Item = String> {
    let digits: Vec<char> = digits.chars().collect();
    let parts: Vec<String> = digits
        .windows(NUMBER_PART)
        .map(|part| std::iter::once(NUMBER_MARK).chain(part.iter().copied()).collect())
        .collect();
    parts.into_iter()
}

/// The term of what a case points to.
fn link(id: uuid::Uuid) -> String {
    format!("{LINK_MARK}{}", id.simple())
}
