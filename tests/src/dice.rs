//! What chance decides: drawn from a seed, the same on every run.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Draws, one after the other.
#[derive(Debug)]
pub struct Dice(ChaCha20Rng);

impl Dice {
    /// From this seed on.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// True in so many cases of a hundred.
    pub fn percent(&mut self, chance: u32) -> bool {
        self.0.random_range(0..100) < chance
    }

    /// From `first` to `last`.
    pub fn days(&mut self, first: u64, last: u64) -> chrono::Days {
        chrono::Days::new(self.0.random_range(first..=last))
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
