//! The terms that are kept of a case.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::runs::{Run, runs};
use super::{Week, link, number_parts, weeks};
use crate::ids::StationId;

/// What fits into the index of one case, in bytes: PostgreSQL takes no more than a megabyte. It is hundreds
/// of pages; of a longer history the first part is found.
const MOST_BYTES: usize = 400_000;

/// The terms of a case, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    terms: BTreeSet<String>,
    bytes: usize,
}

impl Terms {
    /// Adds what stands in a text: pairs of neighbouring characters, the last character of each run (every
    /// other one begins a pair), and whole words of letters and digits.
    pub fn add_text(&mut self, text: &str) {
        for run in runs(text) {
            match run {
                Run::Word(word) => self.add(word),
                Run::Han(run) => {
                    run.windows(2).for_each(|pair| self.add(pair.iter().collect()));
                    self.add(run.last().into_iter().collect());
                }
            }
        }
    }

    /// Adds the parts by which a case's number is found.
    pub fn add_number(&mut self, number: &str) {
        number_parts(number).for_each(|part| self.add(part));
    }

    /// Adds what the case points to. Its name is not kept: it may change, and is looked up by whoever
    /// searches.
    pub fn add_link(&mut self, id: Uuid) {
        self.add(link(id));
    }

    /// Adds where and when the case came in.
    pub fn add_week(&mut self, station: StationId, week: Week) {
        self.add(weeks::term(station.0, week));
    }

    fn add(&mut self, term: String) {
        let size = term.len() + 1;
        if self.bytes + size <= MOST_BYTES && self.terms.insert(term) {
            self.bytes += size;
        }
    }

    /// The terms with a blank between; none has one in it.
    #[must_use]
    pub fn joined(&self) -> String {
        self.terms.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether these terms are found by a query that was cut the same way.
    #[must_use]
    pub fn are_found_by(&self, wanted: &super::Match) -> bool {
        use super::Match;
        match wanted {
            Match::Term(term) => self.terms.contains(term),
            Match::Begins(beginning) => {
                let from = self.terms.range(beginning.clone()..).next();
                from.is_some_and(|term| term.starts_with(beginning))
            }
            Match::All(all) => all.iter().all(|wanted| self.are_found_by(wanted)),
            Match::Any(any) => any.iter().any(|wanted| self.are_found_by(wanted)),
        }
    }
}
