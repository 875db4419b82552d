//! The token of a code: 16 characters that carry their own signature, so that a made-up one is refused
//! without a look-up.
//!
//! ```text
//! 1 R3ZYW022 58Z74G0    Crockford base32: no I, L, O, U; upper case, for QR's alphanumeric mode
//! │ │        └ 35 bits  HMAC-SHA256 over label, version and id, truncated
//! │ └ 40 bits           random id, handed in by the caller
//! └ version of the key that signed it
//! ```
//!
//! A guess passes with a chance of 2⁻³⁵, and wins no more than a look-up that finds nothing: the signature
//! spares the database, it is not a right to anything. Tokens hang on walls for years, so **the layout, the
//! label and the alphabet never change**; another layout needs another key version.
//!
//! This file must not know what a token points to, nor where keys and ids come from.

use std::fmt;

use aws_lc_rs::constant_time;

use crate::read_before::ReadBefore;
use crate::token_key::{TokenKey, TokenKeyError};
use crate::token_text::{LINK_PATH, Symbols, TOKEN_SYMBOLS, read_symbols};

/// Longer input than any link of ours is refused unread: it comes from strangers.
const MAX_INPUT_BYTES: usize = 512;

/// The link that a poster carries: `<base_url>/c/<token>`.
///
/// Scheme and host stay as given. A caller who wants the smallest symbol prints
/// [`to_ascii_uppercase`](str::to_ascii_uppercase) of the whole link (see [`Matrix::encode`](crate::Matrix::encode));
/// [`TokenKeys::read`] takes both, but the path `/C/` must then be served as well.
pub fn printable_link(base_url: &str, token: &Token) -> String {
    format!("{}{LINK_PATH}{token}", base_url.trim_end_matches('/'))
}

/// How a text is spelled as a token, whoever signed it, if anybody did.
///
/// # Errors
/// [`TokenError::Empty`], [`TokenError::TooLong`], [`TokenError::Malformed`].
pub fn spelling(text: &str) -> Result<String, TokenError> {
    Ok(symbols_of(text)?.canonical)
}

fn symbols_of(text: &str) -> Result<Symbols, TokenError> {
    if text.len() > MAX_INPUT_BYTES {
        return Err(TokenError::TooLong);
    }
    read_symbols(text)
}

/// A token whose signature holds, in its canonical spelling. Made by [`TokenKeys`] only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(String);

impl AsRef<str> for Token {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a text is not a token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing but blanks and hyphens, or a link that ends before its token.
    #[error("no token given")]
    Empty,
    /// More bytes than any link of ours; refused unread.
    #[error("more than {MAX_INPUT_BYTES} bytes")]
    TooLong,
    /// Not 16 characters of the alphabet.
    #[error("not {TOKEN_SYMBOLS} characters of the token alphabet")]
    Malformed,
    /// Signed with a key version that the ring does not hold.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// Made up, mistyped, or signed by somebody else.
    #[error("the signature does not fit")]
    BadSignature,
}

/// The ring of keys: one signs new tokens, retired ones still verify what already hangs on a wall.
#[derive(Debug, Clone)]
pub struct TokenKeys {
    current: TokenKey,
    retired: Vec<TokenKey>,
    read_before: ReadBefore,
}

impl TokenKeys {
    /// A ring that mints with `current` and reads tokens of `current` and `retired`.
    ///
    /// # Errors
    /// [`TokenKeyError::DuplicateVersion`].
    pub fn new(
        current: TokenKey,
        retired: impl IntoIterator<Item = TokenKey>,
    ) -> Result<Self, TokenKeyError> {
        let mut ring = Self { current, retired: Vec::new(), read_before: ReadBefore::default() };
        for key in retired {
            if ring.find(key.version()).is_some() {
                return Err(TokenKeyError::DuplicateVersion { version: key.version() });
            }
            ring.retired.push(key);
        }
        Ok(ring)
    }

    /// The token of `id`, signed with the current key. A random id tells nobody how many codes there are;
    /// the caller sees to it that no two codes share one.
    pub fn mint(&self, id: [u8; 5]) -> Token {
        Token(self.current.token_text(id))
    }

    /// Reads a token from what a person typed or a scanner delivered, and verifies its signature.
    ///
    /// Forgives what hands, keyboards and clipboards do: lower case, `O` for `0`, `I` and `L` for `1`,
    /// full-width characters, blanks and hyphens anywhere, and a whole link instead of its token.
    ///
    /// # Errors
    /// Every [`TokenError`]. The work is bounded, whatever the input.
    pub fn read(&self, text: &str) -> Result<Token, TokenError> {
        let symbols = symbols_of(text)?;
        if !self.read_before.has(&symbols) {
            let key = self.find(symbols.version).ok_or(TokenError::UnknownKey)?;
            let (genuine, given) = (key.signature(symbols.id).to_be_bytes(), symbols.signature.to_be_bytes());
            constant_time::verify_slices_are_equal(&genuine, &given).map_err(|_| TokenError::BadSignature)?;
            self.read_before.keep(&symbols);
        }
        Ok(Token(symbols.canonical))
    }

    fn find(&self, version: char) -> Option<&TokenKey> {
        std::iter::once(&self.current).chain(&self.retired).find(|key| key.version() == version)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;
    use crate::token_text::ALPHABET;

    const ID: [u8; 5] = [0xC0, 0xFF, 0xEE, 0x00, 0x42];

    fn key(version: char, secret: u8) -> TokenKey {
        TokenKey::new(version, &[secret; 32]).unwrap()
    }

    fn keys() -> TokenKeys {
        TokenKeys::new(key('1', 0x11), []).unwrap()
    }

    /// Chances of 2⁻³⁵ are taken once, not anew on every run.
    fn repeatable() -> ProptestConfig {
        ProptestConfig {
            rng_seed: RngSeed::Fixed(41),
            failure_persistence: None,
            ..ProptestConfig::default()
        }
    }

    proptest! {
        #![proptest_config(repeatable())]

        #[test]
        fn a_minted_token_is_read_back_as_itself(id: [u8; 5]) {
            let token = keys().mint(id);

            prop_assert_eq!(token.as_ref().len(), TOKEN_SYMBOLS);
            prop_assert!(token.as_ref().chars().all(|symbol| ALPHABET.contains(symbol)));
            prop_assert_eq!(keys().read(token.as_ref()), Ok(token));
        }

        #[test]
        fn different_ids_have_different_tokens(id: [u8; 5], other: [u8; 5]) {
            prop_assert_eq!(keys().mint(id) == keys().mint(other), id == other);
        }

        #[test]
        fn a_made_up_token_is_refused(text in "1[0-9A-HJKMNP-TV-Z]{15}") {
            prop_assert_eq!(keys().read(&text), Err(TokenError::BadSignature));
        }

        #[test]
        fn any_text_gets_an_answer(text in any::<String>()) {
            prop_assert!(keys().read(&text).is_err());
        }

        #[test]
        fn any_text_around_a_link_path_gets_an_answer(head in ".{0,20}", tail in ".{0,20}") {
            let link = format!("{head}/c/{tail}");

            prop_assert!(keys().read(&link).is_err());
        }

        #[test]
        fn blanks_and_case_change_nothing(id: [u8; 5], upper in any::<u16>(), blanks in any::<u16>()) {
            let token = keys().mint(id);
            let set = |bits: u16, place: usize| bits >> place & 1 == 1;

            let typed: String = token.as_ref().char_indices().flat_map(|(place, symbol)| {
                let symbol = if set(upper, place) { symbol } else { symbol.to_ascii_lowercase() };
                [Some(symbol), set(blanks, place).then_some(' ')].into_iter().flatten()
            }).collect();

            prop_assert_eq!(keys().read(&typed), Ok(token));
        }
    }

    #[test]
    fn the_spelling_of_printed_tokens_never_changes() {
        assert_eq!(keys().mint(ID).as_ref(), "1R3ZYW02258Z74G0");
    }

    #[test]
    fn every_change_of_one_character_is_refused() {
        let (fresh, knowing) = (keys(), keys());
        let token = fresh.mint(ID).to_string();
        assert_eq!([knowing.read(&token), knowing.read(&token)].map(|read| read.is_ok()), [true; 2]);

        for place in 0..TOKEN_SYMBOLS {
            for symbol in ALPHABET.chars().filter(|symbol| !token[place..].starts_with(*symbol)) {
                let mut changed = token.clone();
                changed.replace_range(place..=place, symbol.encode_utf8(&mut [0; 4]));

                let expected = if place == 0 { TokenError::UnknownKey } else { TokenError::BadSignature };
                assert_eq!(fresh.read(&changed), Err(expected), "{changed}");
                assert_eq!(knowing.read(&changed), Err(expected), "{changed}, after the genuine one");
            }
        }
    }

    #[test]
    fn a_retired_key_still_reads_what_it_signed_and_a_removed_one_does_not() {
        let old = keys().mint(ID);

        let rotated = TokenKeys::new(key('2', 0x22), [key('1', 0x11)]).unwrap();
        let removed = TokenKeys::new(key('2', 0x22), []).unwrap();

        assert!(rotated.mint(ID).as_ref().starts_with('2'));
        assert_eq!(rotated.read(old.as_ref()), Ok(old.clone()));
        assert_eq!(removed.read(old.as_ref()), Err(TokenError::UnknownKey));
    }

    #[test]
    fn the_signature_depends_on_secret_and_version() {
        let token = keys().mint(ID);
        let other_secret = TokenKeys::new(key('1', 0x12), []).unwrap();
        let other_version = TokenKeys::new(key('2', 0x11), []).unwrap();

        assert_eq!(other_secret.read(token.as_ref()), Err(TokenError::BadSignature));
        assert_eq!(other_version.read(&token.as_ref().replacen('1', "2", 1)), Err(TokenError::BadSignature));
    }

    #[test]
    fn what_hands_and_clipboards_do_to_a_token_is_forgiven() {
        let token = keys().mint(ID);
        let t = token.as_ref();
        let full_width: String =
            t.chars().map(|symbol| char::from_u32(u32::from(symbol) + 0xFEE0).unwrap()).collect();

        let readings = [
            t.to_lowercase(),
            t.replace('0', "O"),
            t.replace('0', "o"),
            t.replace('1', "I"),
            t.replace('1', "l"),
            full_width.clone(),
            full_width.to_lowercase(),
            full_width.replace('１', "ｌ"),
            format!(" \t{t}\r\n"),
            format!("\u{3000}{t}\u{200B}"),
            format!("{}-{}－{} {}", &t[..4], &t[4..8], &t[8..12], &t[12..]),
            format!("https://example.org/c/{t}"),
            format!("HTTPS://EXAMPLE.ORG/C/{t}"),
            format!("example.org/c/{t}/"),
            format!("https://example.org/c/{t}?from=/c/poster#top"),
            format!("https://example.org/c/{t}/qr.png"),
            format!("https://example.org/a/c/c/{}", t.to_lowercase()),
            printable_link("https://example.org/", &token),
        ];

        for reading in readings {
            assert_eq!(keys().read(&reading), Ok(token.clone()), "{reading}");
        }
    }

    #[test]
    fn texts_that_are_no_tokens_are_refused_with_the_reason() {
        let token = keys().mint(ID);
        let t = token.as_ref();

        let refusals = [
            (String::new(), TokenError::Empty),
            (" -　".to_owned(), TokenError::Empty),
            ("https://example.org/c/".to_owned(), TokenError::Empty),
            ("https://example.org/c/?t=1".to_owned(), TokenError::Empty),
            (t[1..].to_owned(), TokenError::Malformed),
            (format!("{t}0"), TokenError::Malformed),
            (format!("U{}", &t[1..]), TokenError::Malformed),
            (format!("码{}", &t[1..]), TokenError::Malformed),
            (format!("https://example.org/{t}"), TokenError::Malformed),
            (format!("{t}\0"), TokenError::Malformed),
            (format!("Z{}", &t[1..]), TokenError::UnknownKey),
            (" ".repeat(MAX_INPUT_BYTES), TokenError::Empty),
            (format!("{t}{}", " ".repeat(MAX_INPUT_BYTES)), TokenError::TooLong),
        ];

        for (text, reason) in refusals {
            assert_eq!(keys().read(&text), Err(reason), "{text}");
        }
    }

    #[test]
    fn two_keys_of_one_version_are_refused() {
        let twice = Some(TokenKeyError::DuplicateVersion { version: '1' });

        assert_eq!(TokenKeys::new(key('1', 1), [key('1', 2)]).err(), twice);
        assert_eq!(TokenKeys::new(key('2', 1), [key('1', 2), key('1', 3)]).err(), twice);
    }

    #[test]
    fn keys_never_print_their_secret() {
        let secret = *b"a secret of thirty-two bytes!!!!";
        let printed = format!("{:?}", TokenKeys::new(TokenKey::new('1', &secret).unwrap(), []).unwrap());

        assert_eq!(
            printed,
            "TokenKeys { current: TokenKey { version: '1', .. }, retired: [], read_before: ReadBefore { .. } }"
        );
    }
}
