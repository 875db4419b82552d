//! The second factor of staff: time-based one-time passwords (RFC 6238) of six digits, SHA-1, 30 s.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use moka::sync::Cache;
use subtle::ConstantTimeEq;

/// Seconds that a code stands.
const STEP: i64 = 30;
/// For how many steps before and after its own a code is taken: clocks differ.
const DRIFT: i64 = 1;
/// How long a used code is remembered: longer than it is taken.
const MEMORY: Duration = Duration::from_secs(120);

/// Checks codes, each good once in this process.
pub struct SecondFactor {
    used: Cache<(AccountId, i64), ()>,
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecondFactor")
    }
}

impl Default for SecondFactor {
    fn default() -> Self {
        Self { used: Cache::builder().max_capacity(10_000).time_to_live(MEMORY).build() }
    }
}

impl SecondFactor {
    /// Whether `code` is the account's code now and has not been used before.
    #[must_use]
    pub fn accept(&self, account_id: AccountId, secret: &[u8], code: &str, now: DateTime<Utc>) -> bool {
        let step = now.timestamp().div_euclid(STEP);
        let matching = (step - DRIFT..=step + DRIFT)
            .find(|step| bool::from(code_at(secret, *step).as_bytes().ct_eq(code.as_bytes())));
        matching.is_some_and(|step| self.used.entry((account_id, step)).or_insert(()).is_fresh())
    }
}

/// The code of one step (RFC 4226, section 5.3).
fn code_at(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let bytes = mac.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 0x0F);
    let word =
        bytes.get(offset..offset + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes);
    format!("{:06}", (word & 0x7FFF_FFFF) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // The last six of the eight digits in appendix B.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code_at(SECRET, seconds / STEP), code);
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_step_around_its_own() {
        let account = AccountId(uuid::Uuid::from_u128(1));
        let code = code_at(SECRET, 100);
        let accepted = |second| SecondFactor::default().accept(account, SECRET, &code, at(second));
        assert_eq!([2969, 2970, 3000, 3059, 3060].map(accepted), [false, true, true, true, false]);

        let factor = SecondFactor::default();
        assert!(factor.accept(account, SECRET, &code, at(3000)));
        assert!(!factor.accept(account, SECRET, &code, at(3001)));
        assert!(factor.accept(AccountId(uuid::Uuid::from_u128(2)), SECRET, &code, at(3001)));
    }
}
