//! The signature and the cipher of pushes, on WeChat's side.

use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::iv::FixedLength;
use data_encoding::{BASE64, HEXLOWER};

/// WeChat pads to a multiple of this.
const PADDING: usize = 32;

/// SHA-1 over the sorted parts.
pub(super) fn sign(token: &str, parts: &[&str]) -> String {
    let mut all = vec![token];
    all.extend(parts);
    all.sort_unstable();
    HEXLOWER.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, all.concat().as_bytes()).as_ref())
}

/// The key in the 43 characters of the console, with the bits of the last one that mean nothing cut off.
pub(super) fn decode_key(text: &str) -> Option<[u8; 32]> {
    let mut specification = BASE64.specification();
    specification.check_trailing_bits = false;
    let lenient = specification.encoding().ok()?;
    lenient.decode(format!("{text}=").as_bytes()).ok()?.try_into().ok()
}

/// A message as it is encrypted for a mini-program. With `random` of 16 bytes before and the appid behind.
pub(super) fn encrypt(key: &[u8; 32], random: [u8; 16], message: &[u8], appid: &str) -> Option<String> {
    let mut full = random.to_vec();
    full.extend(u32::try_from(message.len()).ok()?.to_be_bytes());
    full.extend(message);
    full.extend(appid.as_bytes());
    let padding = PADDING - full.len() % PADDING;
    full.extend(std::iter::repeat_n(u8::try_from(padding).ok()?, padding));
    let iv: [u8; 16] = key.first_chunk().copied()?;
    let cipher = EncryptingKey::cbc(UnboundCipherKey::new(&AES_256, key).ok()?).ok()?;
    cipher.less_safe_encrypt(&mut full, EncryptionContext::Iv128(FixedLength::from(iv))).ok()?;
    Some(BASE64.encode(&full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_reply_comes_out() {
        let key = decode_key(&"A".repeat(43)).unwrap();
        let encrypted =
            encrypt(&key, *b"707722b803182950", br#"{"demo_resp":"good luck"}"#, "wxba5fad812f8e6fb9")
                .unwrap();
        assert_eq!(
            encrypted,
            "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
        );
        let signature = sign("AAAAA", &["1713424427", "415670741", &encrypted]);
        assert_eq!(signature, "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1");
    }

    #[test]
    fn a_key_of_another_length_is_none() {
        assert!(decode_key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").is_some());
        assert!(decode_key("AAAA").is_none());
    }
}
