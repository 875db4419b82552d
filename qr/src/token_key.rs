//! One secret key: how it signs the id of a code. Must not know where the secret comes from.

use std::fmt;

use aws_lc_rs::hmac;

use crate::token_text::{ALPHABET, ID_SYMBOLS, SIGNATURE_BITS, SIGNATURE_SYMBOLS, spell};

/// Separates these signatures from whatever else the same secret might ever sign.
const DOMAIN_LABEL: &[u8] = b"printed-code-token\0";
/// A key shorter than the hash's output would weaken the signature (RFC 2104, section 3).
const MIN_SECRET_BYTES: usize = 32;

/// One secret key and the version under which tokens name it.
#[derive(Clone)]
pub struct TokenKey {
    version: char,
    key: hmac::Key,
}

impl TokenKey {
    /// Takes a secret into use under `version`, one character of the token alphabet
    /// (`0`–`9`, `A`–`Z` without `I`, `L`, `O`, `U`).
    ///
    /// # Errors
    /// [`TokenKeyError::BadVersion`] and [`TokenKeyError::ShortSecret`] (fewer than 32 bytes).
    pub fn new(version: char, secret: &[u8]) -> Result<Self, TokenKeyError> {
        if !ALPHABET.contains(version) {
            return Err(TokenKeyError::BadVersion { version });
        }
        if secret.len() < MIN_SECRET_BYTES {
            return Err(TokenKeyError::ShortSecret { version, bytes: secret.len() });
        }
        Ok(Self { version, key: hmac::Key::new(hmac::HMAC_SHA256, secret) })
    }

    /// The version that tokens of this key begin with.
    pub(crate) fn version(&self) -> char {
        self.version
    }

    /// The one token text that this key gives to `id`.
    pub(crate) fn token_text(&self, id: [u8; 5]) -> String {
        let [a, b, c, d, e] = id;
        let id_bits = u64::from_be_bytes([0, 0, 0, a, b, c, d, e]);
        std::iter::once(self.version)
            .chain(spell(id_bits, ID_SYMBOLS))
            .chain(spell(self.signature(id), SIGNATURE_SYMBOLS))
            .collect()
    }

    /// The first 35 bits of the MAC over this version and `id`.
    pub(crate) fn signature(&self, id: [u8; 5]) -> u64 {
        let mut signed = Vec::with_capacity(DOMAIN_LABEL.len() + 1 + id.len());
        signed.extend_from_slice(DOMAIN_LABEL);
        signed.extend_from_slice(self.version.encode_utf8(&mut [0; 4]).as_bytes());
        signed.extend_from_slice(&id);
        let mac = hmac::sign(&self.key, &signed);
        let head = mac.as_ref().iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        head >> (u64::BITS - SIGNATURE_BITS)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Why a secret or a set of keys was refused. Never carries the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenKeyError {
    /// The version is not one character of the token alphabet.
    #[error("key version {version:?} is not a digit or an upper-case letter other than I, L, O, U")]
    BadVersion {
        /// The version asked for.
        version: char,
    },
    /// The secret could be guessed.
    #[error("the secret of key version {version:?} has {bytes} bytes, fewer than {MIN_SECRET_BYTES}")]
    ShortSecret {
        /// The version asked for.
        version: char,
        /// How long the secret is.
        bytes: usize,
    },
    /// Two keys claim one version, so a token would not tell which of them signed it.
    #[error("key version {version:?} is given twice")]
    DuplicateVersion {
        /// The version given twice.
        version: char,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_outside_of_the_alphabet_are_refused() {
        for version in ['I', 'L', 'O', 'U', 'a', '-', '码'] {
            let refused = TokenKey::new(version, &[1; MIN_SECRET_BYTES]).err();

            assert_eq!(refused, Some(TokenKeyError::BadVersion { version }));
        }
    }

    #[test]
    fn short_secrets_are_refused() {
        let refused = TokenKey::new('1', &[1; MIN_SECRET_BYTES - 1]).err();

        assert_eq!(refused, Some(TokenKeyError::ShortSecret { version: '1', bytes: 31 }));
    }
}
