//! Remembers which tokens were genuine, so that one that is scanned again is not signed again to compare.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::token_text::Symbols;

/// Places, one for each token whose fingerprint falls there: the latest one stays.
const PLACES: usize = 4096;

/// Fingerprints of genuine tokens; clones share them.
///
/// A fingerprint is a hash of the whole token, signature included, keyed at random for this process. That another
/// text has the one of a genuine token has a chance of 2⁻⁶⁴, where a guessed signature has 2⁻³⁵.
#[derive(Clone)]
pub(crate) struct ReadBefore {
    hasher: RandomState,
    /// 0 for nobody.
    places: Arc<[AtomicU64]>,
}

impl Default for ReadBefore {
    fn default() -> Self {
        Self { hasher: RandomState::new(), places: (0..PLACES).map(|_| AtomicU64::new(0)).collect() }
    }
}

impl ReadBefore {
    /// Whether this very token was found genuine before.
    pub(crate) fn has(&self, token: &Symbols) -> bool {
        let (fingerprint, place) = self.place(token);
        place.is_some_and(|place| place.load(Ordering::Relaxed) == fingerprint)
    }

    /// Keeps a token that is genuine.
    pub(crate) fn keep(&self, token: &Symbols) {
        let (fingerprint, place) = self.place(token);
        if let Some(place) = place {
            place.store(fingerprint, Ordering::Relaxed);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low bits choose the place")]
    fn place(&self, token: &Symbols) -> (u64, Option<&AtomicU64>) {
        let fingerprint = self.hasher.hash_one((token.version, token.id, token.signature)).max(1);
        (fingerprint, self.places.get(fingerprint as usize % PLACES))
    }
}

impl fmt::Debug for ReadBefore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadBefore").finish_non_exhaustive()
    }
}
