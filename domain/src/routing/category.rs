//! What the case is about: the category it was given, else the one whose keywords its text holds.

use std::cmp::Reverse;

use super::directory::{Category, Directory};
use super::reason::Reason;
use super::text::{FoldedText, Word};

/// The category of the text: most keywords found, then the longest word found, then the category entered
/// first.
pub(super) fn hint_category<'d>(
    directory: &'d Directory,
    text: &FoldedText,
    reasons: &mut Vec<Reason>,
) -> Option<&'d Category> {
    let (category, _, word) = directory
        .categories
        .iter()
        .filter_map(|category| {
            let hits = || category.keywords.iter().filter(|word| text.contains(word));
            let best = hits().max_by_key(|word| (word.length(), Reverse(word.as_str())))?;
            Some((category, hits().count(), best))
        })
        .max_by_key(|(category, hits, word): &(&Category, usize, &Word)| {
            (*hits, word.length(), Reverse(category.id))
        })?;
    reasons.push(Reason::CategoryHint { category: category.name.clone(), word: word.as_str().to_owned() });
    Some(category)
}
