//! Seeded secrets and identifiers in the shapes that WeChat gives them. Knows no state.

use chrono::{DateTime, Utc};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// The simulator's one source of randomness: the same seed makes the same codes and tokens.
#[derive(Debug)]
pub(crate) struct Random(ChaCha20Rng);

impl Random {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// `NN_` and base64url, 136 characters like the shorter of the observed tokens.
    pub(crate) fn access_token(&mut self) -> String {
        let mut text = BASE64URL_NOPAD.encode(&self.bytes::<100>());
        text.truncate(133);
        format!("93_{text}")
    }

    /// 32 letters and digits that start with a zero.
    pub(crate) fn login_code(&mut self) -> String {
        let text = BASE64URL_NOPAD.encode(&self.bytes::<24>()).replace(['-', '_'], "x");
        format!("0{}", text.chars().skip(1).collect::<String>())
    }

    /// 64 hexadecimal digits, as in the sample of `getPhoneNumber`.
    pub(crate) fn phone_code(&mut self) -> String {
        HEXLOWER.encode(&self.bytes::<32>())
    }

    /// Base64 of 16 bytes, hence 24 characters.
    pub(crate) fn session_key(&mut self) -> String {
        BASE64.encode(&self.bytes::<16>())
    }

    /// The ticket of a link.
    pub(crate) fn ticket(&mut self) -> String {
        BASE64URL_NOPAD.encode(&self.bytes::<12>())
    }

    /// The bracketed word that older `errmsg` texts carry as a hint.
    pub(crate) fn hint(&mut self) -> String {
        BASE64URL_NOPAD.encode(&self.bytes::<9>())
    }

    /// A number of up to ten digits, as `nonce` and `echostr` are.
    pub(crate) fn nonce(&mut self) -> String {
        u32::from_be_bytes(self.bytes()).to_string()
    }

    /// What stands before an encrypted message: 16 hexadecimal digits.
    pub(crate) fn block(&mut self) -> [u8; 16] {
        let mut block = [0; 16];
        let text = HEXLOWER.encode(&self.bytes::<8>());
        block.copy_from_slice(text.as_bytes());
        block
    }

    /// Three groups of eight hexadecimal digits; the first is the Unix time.
    pub(crate) fn rid(&mut self, now: DateTime<Utc>) -> String {
        let (middle, last) = (HEXLOWER.encode(&self.bytes::<4>()), HEXLOWER.encode(&self.bytes::<4>()));
        format!("{:08x}-{middle}-{last}", now.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn every_secret_has_the_length_and_alphabet_of_the_real_one() {
        let mut random = Random::seeded(1);
        assert_eq!(random.access_token().len(), 136);
        assert_eq!(random.session_key().len(), 24);
        let code = random.login_code();
        assert!(code.len() == 32 && code.starts_with('0') && code.chars().all(|c| c.is_ascii_alphanumeric()));
        let phone_code = random.phone_code();
        assert!(phone_code.len() == 64 && phone_code.chars().all(|c| c.is_ascii_hexdigit()));
    }

    #[test]
    fn the_first_group_of_a_rid_is_the_unix_time() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(0x66bd_b248);
        let rid = Random::seeded(1).rid(now);
        assert!(rid.starts_with("66bdb248-"), "{rid}");
        assert_eq!(rid.len(), 26);
    }

    #[test]
    fn the_same_seed_gives_the_same_codes() {
        assert_eq!(Random::seeded(7).login_code(), Random::seeded(7).login_code());
        assert_ne!(Random::seeded(7).login_code(), Random::seeded(8).login_code());
    }
}
