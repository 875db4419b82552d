//! The number of a case: short, read out on the phone, told apart from a misheard one.
//!
//! Nine random digits and a check digit. Random, so that nobody learns from two numbers how many
//! cases lie between them; digits only, since they are what is dictated best in Chinese.

use std::fmt;
use std::str::FromStr;

/// Damm's quasigroup of order 10: catches every single wrong digit and every swap of neighbours
/// (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004).
const QUASIGROUP: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// A text is no case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not ten digits.
    #[error("a case number has ten digits")]
    Form,
    /// The check digit does not fit: most likely misheard or mistyped.
    #[error("the check digit does not fit")]
    CheckDigit,
}

/// A case number such as `3810472956`, shown as `381-0472-956`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseNumber([u8; 10]);

impl CaseNumber {
    /// How many different numbers there are.
    pub const SPACE: u64 = 900_000_000;

    /// The number for a random draw; the draw is taken modulo [`Self::SPACE`].
    #[must_use]
    pub fn from_draw(draw: u64) -> Self {
        let mut rest = 100_000_000 + draw % Self::SPACE;
        let mut digits = [0_u8; 10];
        for digit in digits.iter_mut().take(9).rev() {
            *digit = u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        digits[9] = damm(&digits[..9]);
        Self(digits)
    }

    /// The number in groups, as it is printed and read out: `381-0472-956`.
    #[must_use]
    pub fn grouped(self) -> String {
        let mut grouped = self.to_string();
        grouped.insert(7, '-');
        grouped.insert(3, '-');
        grouped
    }
}

/// The check digit over `digits` (each 0 to 9).
#[expect(clippy::indexing_slicing, reason = "both indices are taken modulo 10")]
fn damm(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |interim, digit| QUASIGROUP[usize::from(interim % 10)][usize::from(digit % 10)])
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl FromStr for CaseNumber {
    type Err = NumberError;

    /// Reads a number as typed: blanks and hyphens are skipped, full-width digits are fine.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let mut digits = [0_u8; 10];
        let mut count = 0;
        for c in text.chars() {
            let digit = match c {
                '0'..='9' => u32::from(c) - u32::from('0'),
                '０'..='９' => u32::from(c) - u32::from('０'),
                ' ' | '-' | '\u{3000}' if count > 0 => continue,
                _ => return Err(NumberError::Form),
            };
            *digits.get_mut(count).ok_or(NumberError::Form)? =
                u8::try_from(digit).map_err(|_| NumberError::Form)?;
            count += 1;
        }
        if count != digits.len() {
            return Err(NumberError::Form);
        }
        if damm(&digits) == 0 { Ok(Self(digits)) } else { Err(NumberError::CheckDigit) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_reads_back_however_it_is_grouped(draw: u64) {
            let number = CaseNumber::from_draw(draw);
            prop_assert_eq!(number.to_string().parse(), Ok(number));
            prop_assert_eq!(number.grouped().parse(), Ok(number));
            prop_assert_ne!(number.to_string().as_bytes()[0], b'0');
        }

        #[test]
        fn one_wrong_digit_or_two_swapped_neighbours_are_noticed(draw: u64, at in 0_usize..10, digit in 0_u8..10) {
            let number = CaseNumber::from_draw(draw).to_string();
            let mut wrong = number.clone().into_bytes();
            wrong[at] = b'0' + digit;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert!(wrong == number || wrong.parse::<CaseNumber>() == Err(NumberError::CheckDigit));
            let mut swapped = number.clone().into_bytes();
            swapped.swap(at, (at + 1) % 10);
            let swapped = String::from_utf8(swapped).unwrap();
            if at < 9 && swapped != number {
                prop_assert_eq!(swapped.parse::<CaseNumber>(), Err(NumberError::CheckDigit));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text: String) {
            let _ = text.parse::<CaseNumber>();
        }
    }

    #[test]
    fn full_width_digits_are_read() {
        let number = CaseNumber::from_draw(281_047_295);
        let wide: String =
            number.to_string().chars().map(|c| char::from_u32(u32::from(c) - 48 + 0xFF10).unwrap()).collect();
        assert_eq!(wide.parse(), Ok(number));
        assert_eq!("12345".parse::<CaseNumber>(), Err(NumberError::Form));
    }
}
