//! The signature and the cipher of pushes: SHA-1 over sorted parts, AES-256-CBC with a padding of 32.

use aws_lc_rs::cipher::{AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::iv::FixedLength;
use data_encoding::{BASE64, Encoding, HEXLOWER, Specification};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use subtle::ConstantTimeEq;

use super::envelope::PushFault;
use crate::config::{PushMode, WeChatPush};

/// Bytes of an AES key.
const KEY: usize = 32;
/// Bytes of an AES block.
const BLOCK: usize = 16;
/// WeChat pads to a multiple of this, not of AES's own block.
const PADDING: usize = 32;
/// Random bytes before the length.
const RANDOM: usize = 16;
/// Bytes of the length.
const LENGTH: usize = 4;

/// What pushes of one mini-program are recognised by.
pub struct PushKeys {
    pub(super) mode: PushMode,
    pub(super) appid: String,
    token: SecretString,
    aes: Option<SecretBox<[u8; KEY]>>,
}

impl std::fmt::Debug for PushKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushKeys")
            .field("mode", &self.mode)
            .field("appid", &self.appid)
            .finish_non_exhaustive()
    }
}

impl PushKeys {
    /// The keys of a mini-program; `None` where pushes are not configured.
    #[must_use]
    pub fn new(push: &WeChatPush, appid: &str) -> Option<Self> {
        push.is_configured().then(|| Self {
            mode: push.mode,
            appid: appid.to_owned(),
            token: push.token.clone(),
            aes: decode_aes_key(push.aes_key.expose_secret()).map(|key| SecretBox::new(Box::new(key))),
        })
    }

    /// Whether somebody who knows the token has signed these parts. Takes the same time for every wrong
    /// signature of the right length.
    pub(super) fn has_signed(&self, parts: &[&str], signature: &str) -> bool {
        self.sign(parts).as_bytes().ct_eq(signature.as_bytes()).into()
    }

    /// The signature of these parts, in hexadecimal digits.
    pub(super) fn sign(&self, parts: &[&str]) -> String {
        let mut all: Vec<&str> = vec![self.token.expose_secret()];
        all.extend(parts);
        all.sort_unstable();
        HEXLOWER.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, all.concat().as_bytes()).as_ref())
    }

    /// The message in what was encrypted for us. All that is wrong with it looks the same: which part was
    /// wrong must not help anybody to guess.
    pub(super) fn decrypt(&self, encrypted: &str) -> Result<Vec<u8>, PushFault> {
        self.try_decrypt(encrypted).ok_or(PushFault::NotForUs)
    }

    fn try_decrypt(&self, encrypted: &str) -> Option<Vec<u8>> {
        let mut bytes = BASE64.decode(encrypted.as_bytes()).ok()?;
        if bytes.is_empty() || bytes.len() % BLOCK != 0 {
            return None;
        }
        let key = self.aes.as_ref()?.expose_secret();
        let iv: [u8; BLOCK] = key.first_chunk().copied()?;
        let unbound = UnboundCipherKey::new(&AES_256, key).ok()?;
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        let padded = DecryptingKey::cbc(unbound).ok()?.decrypt(&mut bytes, context).ok()?;
        let full = unpad(padded)?;
        let (_, rest) = full.split_at_checked(RANDOM)?;
        let (length, rest) = rest.split_first_chunk::<LENGTH>()?;
        let (message, appid) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        (appid == self.appid.as_bytes()).then(|| message.to_vec())
    }
}

/// Takes a PKCS#7 padding of 1 to 32 off.
fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let last = *padded.last()?;
    let count = usize::from(last);
    let (full, padding) = padded.split_at_checked(padded.len().checked_sub(count)?)?;
    ((1..=PADDING).contains(&count) && padding.iter().all(|byte| *byte == last)).then_some(full)
}

/// The key in the 43 characters that WeChat's console shows. The last one carries two bits that mean nothing
/// and are rarely zero: a strict reader refuses three of four real keys.
#[must_use]
pub fn decode_aes_key(text: &str) -> Option<[u8; KEY]> {
    if text.len() != 43 {
        return None;
    }
    let bytes = lenient()?.decode(format!("{text}=").as_bytes()).ok()?;
    bytes.try_into().ok()
}

fn lenient() -> Option<Encoding> {
    let mut specification: Specification = BASE64.specification();
    specification.check_trailing_bits = false;
    specification.encoding().ok()
}

#[cfg(test)]
pub(super) mod sealing {
    //! The way back, for the vectors: what WeChat does before it sends.

    use aws_lc_rs::cipher::{EncryptingKey, EncryptionContext};

    use super::*;

    impl PushKeys {
        /// With as much padding as asked for, which a faithful sender takes from the length.
        pub(in super::super) fn encrypt(&self, random: &[u8; RANDOM], message: &[u8], appid: &str) -> String {
            let mut full = random.to_vec();
            full.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
            full.extend(message);
            full.extend(appid.as_bytes());
            let padding = PADDING - full.len() % PADDING;
            full.extend(std::iter::repeat_n(u8::try_from(padding).unwrap(), padding));
            self.encrypt_raw(&full)
        }

        /// Whole blocks as they are.
        pub(in super::super) fn encrypt_raw(&self, blocks: &[u8]) -> String {
            let mut blocks = blocks.to_vec();
            let key = self.aes.as_ref().unwrap().expose_secret();
            let iv = FixedLength::from(*key.first_chunk::<BLOCK>().unwrap());
            let cipher = EncryptingKey::cbc(UnboundCipherKey::new(&AES_256, key).unwrap()).unwrap();
            cipher.less_safe_encrypt(&mut blocks, EncryptionContext::Iv128(iv)).unwrap();
            BASE64.encode(&blocks)
        }
    }
}
