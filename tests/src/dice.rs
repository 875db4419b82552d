//! What chance decides: drawn from a seed, the same on every run.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Draws for a whole life.
pub(super) struct Dice(ChaCha20Rng);

impl Dice {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// Below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// True in so many cases of a hundred.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.0.random_range(0..100) < chance
    }

    /// From `first` to `last`.
    pub(super) fn days(&mut self, first: u64, last: u64) -> chrono::Days {
        chrono::Days::new(self.0.random_range(first..=last))
    }

    /// One of several.
    pub(super) fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
