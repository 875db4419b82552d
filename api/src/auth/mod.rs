//! Who is calling: tokens, passwords, and extractors that have already authorised.
//!
//! A handler that takes a [`Caller`] can't forget the check. Roles are not in the token: they are
//! read (cached) with every request, so that taking one away works at once.

mod accounts;
mod caller;
mod lockout;
mod passwords;
mod tokens;
mod totp;

pub use accounts::{Account, Accounts};
pub use caller::{Caller, MaybeCaller};
pub use lockout::delay_after;
pub use passwords::{PasswordError, Passwords};
pub use tokens::{Claims, TokenError, Tokens};
pub use totp::SecondFactor;
