//! Seals personal data at rest: AES-256-GCM with versioned keys.
//!
//! Layout: key id (1 byte), nonce (12), ciphertext, tag (16). The context (table and column) is
//! authenticated, so that a sealed value can't be moved to another place.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use secrecy::ExposeSecret;

use crate::config::Secrets;
use crate::ids::Ids;

/// A sealed value can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Its key is not configured any more.
    #[error("sealed with the unknown key {0}")]
    UnknownKey(u8),
    /// It was changed, cut, or belongs to another place.
    #[error("the sealed value is not genuine")]
    NotGenuine,
    /// No key is configured.
    #[error("no data key is configured")]
    NoKey,
}

/// Seals and opens; also makes keyed hashes for look-ups by personal data.
pub struct Sealer {
    keys: Vec<(u8, LessSafeKey)>,
    lookup: hmac::Key,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|(id, _)| id)).finish()
    }
}

impl Sealer {
    /// A sealer with the configured keys; the first one seals.
    ///
    /// # Errors
    /// No key is configured.
    pub fn new(secrets: &Secrets) -> Result<Self, SealError> {
        let mut keys = Vec::new();
        for key in &secrets.data_keys {
            let material = digest(&SHA256, key.secret.expose_secret().as_bytes());
            let unbound = UnboundKey::new(&AES_256_GCM, material.as_ref()).map_err(|_| SealError::NoKey)?;
            keys.push((key.id, LessSafeKey::new(unbound)));
        }
        // The oldest key makes the hashes: they must stay the same when keys are rotated.
        let oldest = secrets.data_keys.last().ok_or(SealError::NoKey)?;
        let lookup = hmac::Key::new(hmac::HMAC_SHA256, oldest.secret.expose_secret().as_bytes());
        Ok(Self { keys, lookup })
    }

    /// Seals `plain` for the place named by `context`.
    ///
    /// # Errors
    /// No key is configured.
    pub fn seal(&self, ids: &Ids, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let (id, key) = self.keys.first().ok_or(SealError::NoKey)?;
        let nonce: [u8; NONCE_LEN] = ids.bytes();
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.push(*id);
        sealed.extend_from_slice(&nonce);
        let mut body = plain.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context.as_bytes()),
            &mut body,
        )
        .map_err(|_| SealError::NoKey)?;
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// The key is gone, or the value is not genuine.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (id, rest) = sealed.split_first().ok_or(SealError::NotGenuine)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(SealError::NotGenuine)?;
        let key = self.keys.iter().find(|(known, _)| known == id).ok_or(SealError::UnknownKey(*id))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::NotGenuine)?;
        let mut body = body.to_vec();
        let plain = key
            .1
            .open_in_place(nonce, Aad::from(context.as_bytes()), &mut body)
            .map_err(|_| SealError::NotGenuine)?;
        Ok(plain.to_vec())
    }

    /// A keyed hash to look personal data up by, without storing it.
    #[must_use]
    pub fn lookup_hash(&self, context: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
        let mut message = context.as_bytes().to_vec();
        message.push(0);
        message.extend_from_slice(value.as_ref());
        hmac::sign(&self.lookup, &message).as_ref().to_vec()
    }
}

/// SHA-256, for secrets of full entropy: tickets, refresh tokens, invitation codes, request bodies.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use super::*;
    use crate::clock::ManualClock;
    use crate::config::DataKey;

    fn secrets(ids: &[u8]) -> Secrets {
        let key = |id: &u8| DataKey { id: *id, secret: format!("{id:0>40}").into() };
        Secrets { code_keys: Vec::new(), data_keys: ids.iter().map(key).collect() }
    }

    fn ids() -> Ids {
        Ids::seeded(Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH)), 1)
    }

    #[test]
    fn what_was_sealed_opens_also_after_a_new_key_has_come() {
        let sealed = Sealer::new(&secrets(&[1])).unwrap().seal(&ids(), "cases.contact", b"phone").unwrap();
        let rotated = Sealer::new(&secrets(&[2, 1])).unwrap();
        assert_eq!(rotated.open("cases.contact", &sealed).unwrap(), b"phone");
        assert_eq!(rotated.seal(&ids(), "cases.contact", b"x").unwrap()[0], 2);
        assert_eq!(
            Sealer::new(&secrets(&[2])).unwrap().open("cases.contact", &sealed),
            Err(SealError::UnknownKey(1))
        );
    }

    #[test]
    fn a_changed_a_cut_and_a_moved_value_are_refused() {
        let sealer = Sealer::new(&secrets(&[1])).unwrap();
        let sealed = sealer.seal(&ids(), "cases.contact", b"phone").unwrap();
        assert_eq!(sealer.open("messages.body", &sealed), Err(SealError::NotGenuine));
        for at in 1..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(sealer.open("cases.contact", &changed), Err(SealError::NotGenuine));
            assert_eq!(sealer.open("cases.contact", &sealed[..at]), Err(SealError::NotGenuine));
        }
    }
}
