//! The spelling of tokens: alphabet and layout, and what is forgiven when one is read. Must not know of keys.

use crate::token::TokenError;

/// Crockford's base32 alphabet, in the order of the values 0 to 31.
pub(crate) const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
pub(crate) const TOKEN_SYMBOLS: usize = 16;
pub(crate) const ID_SYMBOLS: u32 = 8;
pub(crate) const SIGNATURE_SYMBOLS: u32 = 7;
pub(crate) const SIGNATURE_BITS: u32 = SIGNATURE_SYMBOLS * BITS_PER_SYMBOL;
const SIGNATURE_MASK: u128 = (1 << SIGNATURE_BITS) - 1;
const BITS_PER_SYMBOL: u32 = 5;

/// What stands between the service's address and the token in a printed link.
pub(crate) const LINK_PATH: &str = "/c/";
const LINK_PATH_UPPER_CASE: &str = "/C/";

/// A text of the right form, not verified yet.
pub(crate) struct Symbols {
    /// The text as we would have printed it.
    pub(crate) canonical: String,
    /// The version of the key that it claims to be signed with.
    pub(crate) version: char,
    /// The id that it claims to be of.
    pub(crate) id: [u8; 5],
    /// The signature that it shows, in the lowest [`SIGNATURE_BITS`].
    pub(crate) signature: u64,
}

/// Reads the 16 symbols out of what a person typed or a scanner delivered.
///
/// # Errors
/// [`TokenError::Empty`] and [`TokenError::Malformed`].
pub(crate) fn read_symbols(text: &str) -> Result<Symbols, TokenError> {
    let mut canonical = String::with_capacity(TOKEN_SYMBOLS);
    let mut bits = 0_u128;
    for character in token_part(text).chars().filter(|character| !is_separator(*character)) {
        let (symbol, value) = symbol_of(half_width(character)).ok_or(TokenError::Malformed)?;
        if canonical.len() == TOKEN_SYMBOLS {
            return Err(TokenError::Malformed);
        }
        canonical.push(symbol);
        bits = bits << BITS_PER_SYMBOL | value;
    }
    let version = canonical.chars().next().ok_or(TokenError::Empty)?;
    if canonical.len() != TOKEN_SYMBOLS {
        return Err(TokenError::Malformed);
    }
    let [.., a, b, c, d, e] = (bits >> SIGNATURE_BITS).to_be_bytes();
    let [.., f, g, h, i, j] = (bits & SIGNATURE_MASK).to_be_bytes();
    let signature = u64::from_be_bytes([0, 0, 0, f, g, h, i, j]);
    Ok(Symbols { canonical, version, id: [a, b, c, d, e], signature })
}

/// The token's place in a pasted link, or all of a text that is no link of ours.
fn token_part(text: &str) -> &str {
    if !text.contains('/') {
        return text;
    }
    let before = |text, ends: &[char]| -> &str { str::split(text, ends).next().unwrap_or(text) };
    let path = before(text, &['?', '#']);
    let tail = path.rsplit_once(LINK_PATH).or_else(|| path.rsplit_once(LINK_PATH_UPPER_CASE));
    tail.map_or(text, |(_, tail)| before(tail, &['/']))
}

/// The half-width twin of a character.
fn half_width(character: char) -> char {
    match character {
        // The block of full-width forms mirrors printable ASCII at a fixed distance.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

/// Blanks, hyphens and dashes that group characters, and the invisible ones that chats and editors slip in.
fn is_separator(character: char) -> bool {
    !character.is_ascii_alphanumeric()
        && (character.is_whitespace()
            || matches!(
                half_width(character),
                '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200B}' | '\u{FEFF}'
            ))
}

/// The symbol that a character stands for, of either case and with Crockford's look-alikes resolved, and
/// its place in [`ALPHABET`]; by its runs without I, L, O and U, since every scan asks sixteen times.
fn symbol_of(character: char) -> Option<(char, u128)> {
    let symbol = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let (first, value) = match symbol {
        '0'..='9' => ('0', 0),
        'A'..='H' => ('A', 10),
        'J'..='K' => ('J', 18),
        'M'..='N' => ('M', 20),
        'P'..='T' => ('P', 22),
        'V'..='Z' => ('V', 27),
        _ => return None,
    };
    Some((symbol, u128::from(symbol) - u128::from(first) + value))
}

/// The lowest `symbols` × 5 bits of `value`, most significant first.
pub(crate) fn spell(value: u64, symbols: u32) -> impl Iterator<Item = char> {
    (0..symbols).rev().filter_map(move |place| {
        let [.., low] = (value >> (place * BITS_PER_SYMBOL)).to_be_bytes();
        ALPHABET.as_bytes().get(usize::from(low & 0b1_1111)).copied().map(char::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_has_the_value_of_its_place() {
        for (value, symbol) in (0_u128..).zip(ALPHABET.chars()) {
            assert_eq!(symbol_of(symbol), Some((symbol, value)));
            assert_eq!(symbol_of(symbol.to_ascii_lowercase()), Some((symbol, value)));
        }
        for (alike, symbol) in [('O', '0'), ('o', '0'), ('I', '1'), ('i', '1'), ('L', '1'), ('l', '1')] {
            assert_eq!(symbol_of(alike).map(|(symbol, _)| symbol), Some(symbol), "{alike}");
        }
        let strangers = ('\0'..'\u{80}').filter(|character| !character.is_ascii_alphanumeric());
        for character in strangers.chain(['U', 'u', '码']) {
            assert_eq!(symbol_of(character), None, "{character:?}");
        }
    }
}
